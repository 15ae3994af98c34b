"""The SQL functions that policies are made of. Their source is here once; the printed SQL of a site is the same text."""

from __future__ import annotations

CONTEXT_FUNCTIONS = """\
CREATE OR REPLACE FUNCTION public.xiezhi_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('xiezhi.system', true), '') = 'yes';

CREATE OR REPLACE FUNCTION public.xiezhi_reads_trail() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('xiezhi.trail', true), '') = 'read' OR public.xiezhi_system();

CREATE OR REPLACE FUNCTION public.xiezhi_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('xiezhi.user', true), '')::bigint;

CREATE OR REPLACE FUNCTION public.xiezhi_paths() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('xiezhi.paths', true), '')::text[];

CREATE OR REPLACE FUNCTION public.xiezhi_path_bounds() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY(WITH given AS (SELECT DISTINCT path FROM unnest(public.xiezhi_paths()) AS all_of(path) WHERE path LIKE '%_.')
  SELECT ends.bound COLLATE "C" FROM given CROSS JOIN LATERAL (VALUES (given.path), (left(given.path, -1) || '/')) AS ends(bound)
  WHERE NOT EXISTS (SELECT FROM given AS wide WHERE given.path ^@ wide.path AND given.path <> wide.path) ORDER BY 1);

CREATE OR REPLACE FUNCTION public.xiezhi_lines() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE current_setting('xiezhi.lines', true) WHEN '*' THEN NULL WHEN '' THEN NULL
  ELSE current_setting('xiezhi.lines', true)::text[] END;

CREATE OR REPLACE FUNCTION public.xiezhi_every_line() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('xiezhi.lines', true), '') = '*';

CREATE OR REPLACE FUNCTION public.xiezhi_cadre() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('xiezhi.cadre', true), '')::integer, 0);

CREATE OR REPLACE FUNCTION public.xiezhi_clearance() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('xiezhi.clearance', true), '')::integer, 0);

CREATE OR REPLACE FUNCTION public.xiezhi_recused() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('xiezhi.recused', true), '')::text[], '{}'::text[]);
"""

SEES_FUNCTION = """\
CREATE OR REPLACE FUNCTION public.xiezhi_sees(path text, line text, cadre integer, label integer, subject text)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN {predicate};
"""

TRAIL_FUNCTION = """\
CREATE OR REPLACE FUNCTION public.xiezhi_trail_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'rows of % may only be added (% refused)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $body$;
"""


OWN_UNIT = "(SELECT nullif(current_setting('xiezhi.unit', true), '')::bigint)"
"""The unit of the post that one acts in; a setting, not a function, so that a site's roles need not be prepared anew."""


def predicate(
    path: str,
    line: str | None,
    cadre: str | None,
    label: str | None,
    subject: str | None,
    parties: str | None = None,
    holders: str | None = None,
) -> str:
    """Whether the present scope takes in a row, over the columns or arguments named. None: the table has no such column.

    Every value of the context stands in a scalar sub-select without a row of the table in it: PostgreSQL works it out
    once for a statement, not once for a row. Written so, a list costs what it did and a count over a tenth of a million
    rows a sixth more; a call of `xiezhi_sees` for each row costs fifty times as much.

    A row of no line of work is of every line; a row about nobody is nobody's conflict of interest; a row about nobody of
    rank needs no authority. A row without a label is hidden: what nobody labelled may be secret. `holders`: ids of the units
    that have it in hand, an array; their people see it wherever it lies.
    """
    parts = []
    if cadre is not None:
        parts.append(f"({cadre} <= (SELECT public.xiezhi_cadre()) OR {cadre} IS NULL)")
    if label is not None:
        parts.append(f"{label} <= (SELECT public.xiezhi_clearance())")
    parts += _lines_and_recusals(line, subject, parties)
    below = _below(path)
    parts.append(below if holders is None else f"({below} OR {holders} @> ARRAY[{OWN_UNIT}])")
    return f"((SELECT public.xiezhi_system()) OR ({' AND '.join(parts)}))"


def _lines_and_recusals(line: str | None, subject: str | None, parties: str | None) -> list[str]:
    """Most people have every line and no recusal: then none of the columns is compared. `parties` is an array of text."""
    parts, free = [], []
    if line is not None:
        free.append("public.xiezhi_every_line()")
        parts.append(
            f"((SELECT public.xiezhi_every_line()) OR {line} IS NULL OR {line} = ''"
            f" OR {line} = ANY ((SELECT public.xiezhi_lines())::text[]))"
        )
    if subject is not None or parties is not None:
        free.append("public.xiezhi_recused() = '{}'")
    if subject is not None:
        parts.append(f"({subject} IS NULL OR {subject} <> ALL ((SELECT public.xiezhi_recused())::text[]))")
    if parties is not None:
        parts.append(f"({parties} IS NULL OR NOT {parties} && (SELECT public.xiezhi_recused()))")
    return [f"((SELECT {' AND '.join(free)}) OR ({' AND '.join(parts)}))"] if parts else []


def _below(path: str) -> str:
    """Whether a path begins with one of the scope's: paths end in a full stop, so the next after `1.` is `1/`.

    The first by two comparisons; any further ones by a binary search among the sorted ends of all of them, where an odd
    number of ends before the path means inside. `starts_with` for each prefix takes three times as long for one and eight
    times for forty.
    """
    own = f'{path} COLLATE "C"'
    first = f"({own} >= (SELECT (public.xiezhi_paths())[1]) AND {own} < (SELECT left((public.xiezhi_paths())[1], -1) || '/'))"
    inside = f"(width_bucket({own}, (SELECT public.xiezhi_path_bounds())) & 1) = 1"
    return f"({first} OR ((SELECT cardinality(public.xiezhi_paths()) > 1) AND {inside}))"


def source() -> str:
    """Every function, in the order of their making."""
    sees = SEES_FUNCTION.format(predicate=predicate("path", "line", "cadre", "label", "subject"))
    return "\n".join((CONTEXT_FUNCTIONS, sees, TRAIL_FUNCTION))
