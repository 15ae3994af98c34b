"""Which releases stand: of those delivered and those kept, by process, in the order of their dates.

A release is the same as another of its ocid, id and date (a compiled release may bear those of the last one in it, and is
another). Delivered with other content in a later file it is a correction and replaces; within one file it contradicts. A
compiled release stands for all before it; later ones merge into it.
"""

from __future__ import annotations

from xiezhi.engines.duckdb_engine import DuckDB

SLICE = 2_000
"""Processes that are merged at a time."""

_KEY = (
    "concat_ws(chr(31), ocid, compiled, coalesce(release_id, CASE WHEN compiled THEN '' ELSE md5(body) END),"
    " coalesce(CAST(release_date AS VARCHAR), ''))"
)


def find_missing(engine: DuckDB, delivered: str, kept: str, tenders: str) -> None:
    """Fault releases of processes that the lake holds without the releases they came of (destroyed, or older than keeping
    them): nothing can be merged with what is not there. A compiled release needs no other. `tenders`: SELECT of held rows.
    """
    engine.run(
        f"UPDATE {delivered} SET fault = 'ocds_tender.ocid=earlier_release_missing' WHERE fault IS NULL AND ocid IN"
        f" (SELECT ocid FROM {delivered} WHERE fault IS NULL GROUP BY ocid HAVING NOT bool_or(compiled))"
        f" AND ocid IN (SELECT ocid FROM ({tenders})) AND ocid NOT IN (SELECT ocid FROM {kept})"
    )
    engine.run(  # a record comes whole or not at all
        f"UPDATE {delivered} AS d SET fault = f.fault FROM (SELECT _row, max(fault) AS fault FROM {delivered} GROUP BY _row) AS f"
        " WHERE f._row = d._row AND d.fault IS NULL AND f.fault IS NOT NULL"
    )


def decide_fates(engine: DuckDB, delivered: str, kept: str, into: str) -> None:
    """Table `into(_row, part, fate)` of sound delivered releases: `conflict`, `duplicate`, `replaces` or NULL; and
    `<into>_units(_row, fate)`, the same for what a receipt counts."""
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {into} AS WITH own AS (SELECT *, {_KEY} AS k FROM {delivered} WHERE fault IS NULL),"
        f" held AS (SELECT {_KEY} AS k, any_value(body) AS body FROM {kept} GROUP BY ALL),"
        " rivals AS (SELECT own._row, own.part, own.k, own.body, held.k IS NOT NULL AS known,"
        " coalesce(own.body = held.body, false) AS same FROM own LEFT JOIN held USING (k))"
        " SELECT _row, part, CASE WHEN body <> first_value(body) OVER w THEN 'conflict'"
        " WHEN same OR row_number() OVER w > 1 THEN 'duplicate' WHEN known THEN 'replaces' END AS fate"
        " FROM rivals WINDOW w AS (PARTITION BY k ORDER BY same DESC, _row, part ROWS BETWEEN UNBOUNDED PRECEDING"
        " AND UNBOUNDED FOLLOWING)"
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {into}_units AS SELECT _row,"
        " CASE WHEN bool_or(coalesce(fate, '') = 'conflict') THEN 'conflict'"
        " WHEN bool_and(coalesce(fate, '') = 'duplicate') THEN 'duplicate'"
        f" WHEN bool_or(coalesce(fate, '') = 'replaces') THEN 'replaces' END AS fate FROM {into} GROUP BY _row"
    )


def find_standing(engine: DuckDB, delivered: str, kept: str, fates: str, into: str) -> None:
    """Table `into`: the releases of every process that changes, with `own`, `source` (the delivered row, or less than 0 for a
    kept one), `place` in the process's order, `stands`, and `slice`."""
    fresh = (
        f"SELECT d.* FROM {delivered} AS d JOIN {fates} AS f ON f._row = d._row AND f.part = d.part"
        f" JOIN {fates}_units AS u ON u._row = d._row"
        " WHERE coalesce(f.fate, '') NOT IN ('conflict', 'duplicate') AND coalesce(u.fate, '') <> 'conflict'"
    )
    columns = "ocid, release_id, release_date, received_at, compiled, body"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {into} AS WITH fresh AS ({fresh}),"
        f" replaced AS (SELECT {_KEY} AS k FROM fresh),"
        f" members AS (SELECT {columns}, true AS own, CAST(NULL AS INTEGER) AS _delivery, _row, part,"
        f" CAST(NULL AS VARCHAR) AS sealed, _row AS source FROM fresh"
        f" UNION ALL SELECT {columns}, false, _delivery, _row, 0, sealed, -1 - rowid FROM {kept}"
        f" WHERE ocid IN (SELECT ocid FROM fresh) AND {_KEY} NOT IN (SELECT k FROM replaced)),"
        " timed AS (SELECT *, coalesce(release_date, received_at) AS moment FROM members),"
        " placed AS (SELECT *, row_number() OVER (PARTITION BY ocid ORDER BY moment, _delivery NULLS LAST, _row, part) AS place"
        " FROM timed),"
        " bases AS (SELECT ocid, max(place) AS base, arg_max(moment, place) AS since FROM placed WHERE compiled GROUP BY ocid)"
        " SELECT p.*, coalesce(place = base OR (NOT compiled AND moment > since), true) AS stands,"
        f" (dense_rank() OVER (ORDER BY p.ocid) - 1) // {SLICE} AS slice FROM placed AS p LEFT JOIN bases AS b USING (ocid)"
    )


def find_aside(engine: DuckDB, delivered: str, into: str) -> None:
    """Table `into`: the releases set aside, in the shape of those that stand; each delivered unit (`source`) by itself."""
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT ocid, release_id, release_date, _row AS source, part AS place, body,"
        f" true AS stands, (dense_rank() OVER (ORDER BY _row) - 1) // {SLICE} AS slice FROM {delivered} WHERE fault IS NOT NULL"
    )
