"""A database told apart from another whatever the order of rows: computed in SQL, before a backup and after a restore."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg import sql

from xiezhi.kernel.hashing import sha256
from xiezhi.kernel.progress import Progress
from xiezhi.web.database.manifest import Fingerprint, TableHash

SPELLING = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601';" + (
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = ''; SET LOCAL row_security = off"
)
"""A row's text depends on these. `row_security = off` fails where a policy would hide rows; it never hides them silently."""

RESPELT = re.compile(r"::(?:character varying|text)(?:\[\])?|[()]")

OURS = "n.nspname !~ '^(pg_|information_schema$)'"

TABLES = f"""SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND {OURS} ORDER BY 1, 2"""

SEQUENCES = "SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_catalog.pg_sequences ORDER BY 1"

ROWS = """SELECT count(*), coalesce(sum(('x' || encode(substr(h, 1, 8), 'hex'))::bit(64)::bigint::numeric), 0),
coalesce(sum(('x' || encode(substr(h, 9, 8), 'hex'))::bit(64)::bigint::numeric), 0)
FROM (SELECT sha256(convert_to(each_row::text, 'UTF8')) AS h FROM ONLY {table} AS each_row) AS hashed"""

SHAPE = f"""
WITH ours AS (SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS})
SELECT concat_ws(' ', 'relation', oid::regclass, relkind, relrowsecurity, relforcerowsecurity, reloptions, relowner::regrole)
  FROM ours WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
UNION ALL SELECT concat_ws(' ', 'right', oid::regclass, (a).grantee::regrole, (a).privilege_type, (a).is_grantable)
  FROM (SELECT oid, aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) AS a
        FROM ours WHERE relkind IN ('r', 'p', 'v', 'm', 'S')) AS rights
UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
  attgenerated, nullif(attcollation, 0)::regcollation, pg_get_expr(adbin, adrelid))
  FROM pg_attribute JOIN ours ON ours.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm')
UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(k.oid))
  FROM pg_constraint k JOIN ours ON ours.oid = conrelid WHERE contype <> 'n'
UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid))
  FROM pg_index JOIN ours ON ours.oid = indrelid AND relkind <> 't'
UNION ALL SELECT concat_ws(' ', 'policy', polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[],
  pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy
UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), tgenabled)
  FROM pg_trigger t JOIN ours ON ours.oid = tgrelid WHERE NOT tgisinternal
UNION ALL SELECT concat_ws(' ', 'function', pg_get_functiondef(p.oid), proowner::regrole)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE {OURS} AND prokind IN ('f', 'p')
UNION ALL SELECT concat_ws(' ', 'rule', pg_get_ruledef(w.oid), w.ev_enabled)
  FROM pg_rewrite w JOIN ours ON ours.oid = ev_class WHERE w.rulename <> '_RETURN'
UNION ALL SELECT concat_ws(' ', 'right of a column', attrelid::regclass, attname, (c).grantee::regrole, (c).privilege_type)
  FROM (SELECT attrelid, attname, aclexplode(attacl) AS c FROM pg_attribute JOIN ours ON ours.oid = attrelid
        WHERE attacl IS NOT NULL AND NOT attisdropped) AS columns
UNION ALL SELECT concat_ws(' ', 'view', oid::regclass, pg_get_viewdef(oid)) FROM ours WHERE relkind IN ('v', 'm')
"""


def fingerprint(connection: psycopg.Connection[Any], progress: Progress) -> Fingerprint:
    """Of the state that the present transaction sees. Reads every row once."""
    connection.execute(SPELLING)
    tables: dict[str, TableHash] = {}
    names = connection.execute(TABLES).fetchall()
    for done, (schema, name) in enumerate(names):
        progress.step("hash", done, len(names), name)
        tables[f"{schema}.{name}"] = _hash(connection, sql.Identifier(schema, name))
    return Fingerprint(tables, sequences(connection), _shape(connection), connection.info.server_version // 10000)


def sequences(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How far each has come. Sequences only ever grow, whatever a transaction sees."""
    return {str(name): int(value) for name, value in connection.execute(SEQUENCES)}


def _hash(connection: psycopg.Connection[Any], table: sql.Identifier) -> TableHash:
    row = connection.execute(sql.SQL(ROWS).format(table=table)).fetchone()
    assert row is not None
    return TableHash(int(row[0]), f"{int(row[1]) % 2**128:032x}{int(row[2]) % 2**128:032x}")


def _shape(connection: psycopg.Connection[Any]) -> str:
    """PostgreSQL spells some expressions otherwise once they were read back from a dump: `x IN ('a', 'b')` over varchar gets its
    casts elsewhere. So casts to text and brackets are left out; a database is compared with itself by all of it (`shape`)."""
    return sha256("\n".join(sorted(RESPELT.sub("", line) for line in definitions(connection))).encode())


def definitions(connection: psycopg.Connection[Any]) -> list[str]:
    """Every definition on a line, sorted, as PostgreSQL spells it."""
    return sorted(str(row[0]) for row in connection.execute(SHAPE))
