"""The definitions that a migration left in the database, kept outside of it.

Policies, functions, triggers and rights are what binds the application. Whoever holds the owner's role or a superuser's can
alter them without a word, and every page still answers; against the list beside the data it shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.hashing import sha256
from xiezhi.web.database.fingerprint import SHAPE, SPELLING, definitions

NAME = "database-shape.json"

READABLE = 0o644
"""By the service, whoever migrated: it holds definitions and nothing of anybody's."""


BESIDE = """
SELECT concat_ws(' ', 'right to the schema', (a).grantee::regrole, (a).privilege_type)
  FROM (SELECT aclexplode(nspacl) AS a FROM pg_namespace WHERE nspname = 'public') AS rights
UNION ALL SELECT concat_ws(' ', 'right to the database', (a).grantee::regrole, (a).privilege_type)
  FROM (SELECT aclexplode(datacl) AS a FROM pg_database WHERE datname = current_database()) AS rights
UNION ALL SELECT concat_ws(' ', 'role above all', rolname, rolsuper, rolbypassrls, rolreplication, rolcreaterole, rolcreatedb)
  FROM pg_roles WHERE rolsuper OR rolbypassrls OR rolreplication OR rolcreaterole OR rolcreatedb
UNION ALL SELECT concat_ws(' ', 'member', m.member::regrole, 'of', m.roleid::regrole)
  FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles o ON o.oid = m.member
  WHERE r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolname ~ '^(xiezhi_|pg_)' OR o.rolname ~ '^xiezhi_'
UNION ALL SELECT concat_ws(' ', 'trigger of a constraint', t.tgrelid::regclass, k.conname, t.tgtype, t.tgenabled)
  FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint WHERE t.tgisinternal
UNION ALL SELECT concat_ws(' ', 'table at work', c.oid::regclass, relchecks, relpersistence,
  NOT relhastriggers AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid),
  NOT relhasindex AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'
UNION ALL SELECT concat_ws(' ', 'index at work', indexrelid::regclass, indisunique, indisvalid, indisready, indislive)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'
UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspowner::regrole) FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
UNION ALL SELECT concat_ws(' ', 'added to the system', n.nspname, c.relname, c.relacl)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid >= 16384 AND n.nspname ~ '^(pg_|information_schema$)' AND n.nspname !~ '^pg_(toast|temp)'
UNION ALL SELECT concat_ws(' ', 'added to the system', n.nspname, p.oid::regprocedure, p.proacl)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384 AND n.nspname ~ '^(pg_|information_schema$)'
UNION ALL SELECT 'operators '
  || encode(sha256(convert_to(
    string_agg(concat_ws(' ', oid, oprname, oprleft, oprright, oprcode, oprresult, oprrest, oprjoin), ',' ORDER BY oid), 'UTF8')),
    'hex')
  FROM pg_operator
UNION ALL SELECT 'functions of the system '
  || encode(sha256(convert_to(string_agg(
    concat_ws(' ', oid, proname, prosrc, probin, prolang, prosecdef, proleakproof, proisstrict, provolatile, proparallel,
      prosupport, proconfig, proowner, proacl), ',' ORDER BY oid), 'UTF8')), 'hex')
  FROM pg_proc WHERE oid < 16384
UNION ALL SELECT concat_ws(' ', 'right to the system', c.oid::regclass, c.relacl)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid < 16384 AND n.nspname ~ '^(pg_catalog|information_schema)$' AND c.relacl IS NOT NULL
UNION ALL SELECT concat_ws(' ', 'right to the system', attrelid::regclass, attname, attacl)
  FROM pg_attribute WHERE attrelid < 16384 AND attacl IS NOT NULL
UNION ALL SELECT concat_ws(' ', 'right to a setting', parname, paracl) FROM pg_parameter_acl
UNION ALL SELECT concat_ws(' ', 'preset', coalesce(r.rolname, 'every role'), said)
  FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase,
    unnest(s.setconfig) AS said
  WHERE (s.setdatabase = 0 OR d.datname = current_database()) AND (s.setrole = 0 OR r.rolname ~ '^xiezhi_')
UNION ALL SELECT concat_ws(' ', 'language', lanname, lanpltrusted, lanplcallfoid::regproc, lanowner::regrole, lanacl)
  FROM pg_language
UNION ALL SELECT concat_ws(' ', 'type', t.oid::regtype, typtype, typbasetype::regtype, typnotnull, typdefault, typowner::regrole)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname = 'public' AND typtype IN ('d', 'e', 'r', 'b') AND typelem = 0
UNION ALL SELECT concat_ws(' ', 'foreign server', srvname, srvowner::regrole, srvacl) FROM pg_foreign_server
UNION ALL SELECT concat_ws(' ', 'foreign table', ftrelid::regclass) FROM pg_foreign_table
UNION ALL SELECT concat_ws(' ', 'words of a search', mapcfg::regconfig, maptokentype, mapseqno, mapdict::regdictionary)
  FROM pg_ts_config_map
  WHERE mapcfg = 'simple'::regconfig
UNION ALL SELECT concat_ws(' ', 'default right', d.defaclrole::regrole, d.defaclobjtype, d.defaclacl) FROM pg_default_acl d
UNION ALL SELECT concat_ws(' ', 'publication', pubname) FROM pg_publication
UNION ALL SELECT concat_ws(' ', 'cast', castsource::regtype, casttarget::regtype, castcontext) FROM pg_cast WHERE oid >= 16384
UNION ALL SELECT concat_ws(' ', 'aggregate', p.oid::regprocedure) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE prokind IN ('a', 'w') AND n.nspname = 'public'
UNION ALL SELECT concat_ws(' ', 'function of the system', p.oid::regprocedure, proacl)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'pg_catalog' AND (p.oid >= 16384 OR 'xiezhi_app'::regrole IN (SELECT (aclexplode(p.proacl)).grantee))
"""
"""What a dump does not carry over as it is, so that backups are not compared by it."""


@dataclass(frozen=True)
class Differences:
    """Definitions that are there and were not, and the other way about. One that was altered is in both."""

    added: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def keep(home: Path, connection: Any) -> None:
    """Write down what is defined now. `connection` is psycopg's, in autocommit or in no transaction."""
    said = {"spelling": _spelling(connection), "definitions": _now(connection)}
    write_durably(home / NAME, json.dumps(said, ensure_ascii=False, indent=0).encode(), mode=READABLE)


def forget(home: Path) -> None:
    """Before anything is changed: a migration that is killed halfway leaves nothing known, not an alteration that nobody made."""
    (home / NAME).unlink(missing_ok=True)


def refuse_altered(home: Path, connection: Any) -> None:
    """Before a migration: what was altered since the last one is not written down as if a migration had left it.

    Raises IntegrityError naming the first of them.
    """
    found = differences(home, connection)
    if found:
        first = (*found.gone, *found.added)[0][:90]
        raise IntegrityError(
            "XZ-DB-30",
            zh=f"数据库定义在上次迁移之后被改动 {len(found.gone) + len(found.added)} 处,例如:{first}",
            en=f"{len(found.gone) + len(found.added)} definitions of the database were altered since the last migration: {first}",
            todo_zh="查明是谁改的(xiezhi doctor);确属有意,用 xiezhi migrate --accept-altered",
            todo_en="find out who did it (xiezhi doctor); if it was meant, xiezhi migrate --accept-altered",
        )


def differences(home: Path, connection: Any) -> Differences | None:
    """What has been altered since; None where nothing was kept that can be compared."""
    try:
        said = json.loads((home / NAME).read_bytes())
        kept, spelling = set(map(str, said["definitions"])), said["spelling"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    if spelling != _spelling(connection):
        return None
    now = set(_now(connection))
    return Differences(tuple(sorted(now - kept)), tuple(sorted(kept - now)))


def _now(connection: Any) -> list[str]:
    with connection.transaction(force_rollback=True):  # the spelling of an outer transaction comes back with it
        connection.execute(SPELLING)
        beside = sorted(str(row[0]) for row in connection.execute(BESIDE))
        return [*definitions(connection), *beside]


def _spelling(connection: Any) -> str:
    """By what it was asked, and of which PostgreSQL: another version spells the same definition otherwise."""
    return f"{connection.info.server_version // 10000} {sha256((SHAPE + BESIDE).encode())}"
