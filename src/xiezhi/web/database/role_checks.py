"""The start-up assertion: that the application's connection is bound by row-level security, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from xiezhi.kernel.words import Words

OWNER = "xiezhi_owner"
APP = "xiezhi_app"
OLDEST = 150000
"""PostgreSQL 15: views may check the rights of whoever reads them, and schema public is closed to strangers."""


@dataclass(frozen=True)
class RoleFinding:
    """One thing that is not as it must be. `code` is stable; `what` says it, `todo` says what to do."""

    code: str
    what: Words
    todo: Words


Check = Callable[[psycopg.Connection[Any]], list[RoleFinding]]


def check_app_role(connection: Any) -> list[RoleFinding]:
    """Every way in which the application's connection could see more than its scope. Empty is well.

    `connection` is psycopg's or Django's, connected as the application.
    """
    if hasattr(connection, "ensure_connection"):
        connection.ensure_connection()
        connection = connection.connection
    begins = connection.info.transaction_status is TransactionStatus.IDLE
    return [finding for check in (*((check_presets,) if begins else ()), *CHECKS) for finding in check(connection)]


def _finding(code: str, what: tuple[str, str], todo: tuple[str, str]) -> RoleFinding:
    return RoleFinding(code, Words(zh=what[0], en=what[1]), Words(zh=todo[0], en=todo[1]))


def check_version(connection: psycopg.Connection[Any]) -> list[RoleFinding]:
    version = connection.info.server_version
    if version >= OLDEST:
        return []
    what = (f"PostgreSQL 版本过低:{version // 10000}", f"PostgreSQL {version // 10000} is too old")
    return [_finding("database.version", what, ("升级到 15 或更高版本", "upgrade to 15 or newer"))]


_ROLE = """
SELECT current_user, r.rolsuper, r.rolbypassrls, r.rolcreatedb, r.rolcreaterole, has_schema_privilege('public', 'CREATE'),
       array(SELECT m.rolname::text FROM pg_roles m WHERE m.oid <> r.oid AND pg_has_role(r.oid, m.oid, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = current_user
"""


def _role(connection: psycopg.Connection[Any]) -> list[RoleFinding]:
    row = connection.execute(_ROLE).fetchone()
    assert row is not None
    name, over, bypass, databases, roles, creates, member_of = row
    todo = (f"以 {APP} 连接;运行 xiezhi doctor --print-roles", f"connect as {APP}; run xiezhi doctor --print-roles")
    faults = (
        (over, "database.superuser", ("是超级用户,行级权限对其无效", "is a superuser: row-level security does not bind it")),
        (bypass, "database.bypassrls", ("可绕过行级权限", "may bypass row-level security")),
        (databases, "database.createdb", ("可建立数据库", "may make databases")),
        (roles, "database.createrole", ("可建立角色", "may make roles")),
        (creates, "database.schema", ("可在 public 中建表", "may make tables in schema public")),
        (bool(member_of), "database.member", (f"属于角色 {member_of}", f"is a member of {member_of}")),
    )
    return [_finding(code, (f"角色 {name} {zh}", f"role {name} {en}"), todo) for wrong, code, (zh, en) in faults if wrong]


_OWNED = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE pg_get_userbyid(c.relowner) = current_user AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1
"""

_UNFORCED = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND NOT c.relforcerowsecurity AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""

_DISABLED = """
SELECT DISTINCT p.polrelid::regclass::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE NOT c.relrowsecurity ORDER BY 1
"""

_INVOKER = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND (n.nspname NOT IN ('pg_catalog', 'information_schema') OR c.oid >= 16384)
  AND NOT coalesce(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1',
                                                'security_invoker=yes'] ORDER BY 1
"""

_MATERIALISED = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND (n.nspname NOT IN ('pg_catalog', 'information_schema') OR c.oid >= 16384) ORDER BY 1
"""

_DEFINERS = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND (n.nspname NOT IN ('pg_catalog', 'information_schema') OR p.oid >= 16384) ORDER BY 1
"""


_SETTINGS = """
SELECT name || '=' || reset_val FROM pg_settings
WHERE (name, reset_val) NOT IN (('search_path', '"$user", public'), ('session_replication_role', 'origin'),
    ('row_security', 'on'), ('default_transaction_read_only', 'off'))
  AND name IN ('search_path', 'session_replication_role', 'row_security', 'default_transaction_read_only')
  AND source IN ('configuration file', 'command line', 'environment variable')
UNION ALL SELECT coalesce(r.rolname, 'every role') || ': ' || setting FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS setting
WHERE (s.setdatabase = 0 OR d.datname = current_database()) AND (s.setrole = 0 OR r.rolname IN ('xiezhi_app', 'xiezhi_owner'))
  AND setting ~* '^(xiezhi[.]|row_security|search_path|session_replication_role|default_transaction_read_only|role=)' ORDER BY 1
"""
"""What a connection begins with: `xiezhi.system=yes` there opens every row to it. pg_settings lists none of these by itself."""

_CONTEXT = """
SELECT name || '=' || current_setting(name, true)
FROM unnest(ARRAY['system', 'paths', 'lines', 'cadre', 'clearance', 'recused', 'trail', 'user']) AS part,
  concat('xiezhi.', part) AS name
WHERE coalesce(current_setting(name, true), '') <> ''
"""
"""Asked outside of any transaction only: within one these are what the present scope says."""

_OTHER_ROLES = """
SELECT rolname FROM pg_roles WHERE (rolname = 'xiezhi_owner' AND (rolsuper OR rolbypassrls OR rolreplication OR rolcreaterole))
  OR (rolname = 'xiezhi_app' AND rolreplication)
UNION ALL SELECT r.rolname || ' (' || m.rolname || ')'
FROM pg_roles r JOIN pg_roles m ON m.oid <> r.oid AND pg_has_role(r.oid, m.oid, 'MEMBER')
WHERE r.rolname IN ('xiezhi_owner', 'xiezhi_backup') AND NOT r.rolsuper
  AND m.rolname <> 'pg_database_owner' AND NOT (r.rolname = 'xiezhi_backup' AND m.rolname = 'pg_read_all_data')
ORDER BY 1
"""
"""The application's own memberships are found by `_role`; here what the owner and the role for backups may become."""


def _listing(code: str, query: str, what: tuple[str, str], todo: tuple[str, str]) -> Check:
    """A check that finds whatever objects `query` names."""

    def check(connection: psycopg.Connection[Any]) -> list[RoleFinding]:
        names = ", ".join(row[0] for row in connection.execute(query))
        return [_finding(code, (f"{names} {what[0]}", f"{names} {what[1]}"), todo)] if names else []

    return check


_PRESET = ("是给连接预设的参数,行级权限或结构可被绕开", "is preset for connections: row-level security can be passed by")
_RESET = ("ALTER ROLE/DATABASE/SYSTEM … RESET …", "ALTER ROLE/DATABASE/SYSTEM … RESET …")
check_presets = _listing("database.settings", _CONTEXT, _PRESET, _RESET)

CHECKS: tuple[Check, ...] = (
    check_version,
    _role,
    _listing("database.settings", _SETTINGS, _PRESET, _RESET),
    _listing(
        "database.roles",
        _OTHER_ROLES,
        ("的角色属性过大", "has more than its role needs"),
        ("运行 xiezhi doctor --print-roles,按它改回", "run xiezhi doctor --print-roles and put the roles right"),
    ),
    _listing("database.owner", _OWNED, ("属于应用角色", "is owned by the application"), ("改属主", f"give it to {OWNER}")),
    _listing(
        "database.force",
        _UNFORCED,
        ("的行级权限不约束属主", "does not bind its owner to row-level security"),
        ("ALTER TABLE … FORCE ROW LEVEL SECURITY", "ALTER TABLE … FORCE ROW LEVEL SECURITY"),
    ),
    _listing(
        "database.disabled",
        _DISABLED,
        ("有策略但未启用行级权限", "has policies, but row-level security is off"),
        ("ALTER TABLE … ENABLE ROW LEVEL SECURITY", "ALTER TABLE … ENABLE ROW LEVEL SECURITY"),
    ),
    _listing(
        "database.view",
        _INVOKER,
        ("以属主的权限读数据", "reads with its owner's rights"),
        ("ALTER VIEW … SET (security_invoker = true)", "ALTER VIEW … SET (security_invoker = true)"),
    ),
    _listing(
        "database.materialised",
        _MATERIALISED,
        ("是物化视图,不受行级权限约束", "is a materialised view: row-level security does not reach it"),
        ("改用表或视图", "use a table or a view"),
    ),
    _listing(
        "database.definer",
        _DEFINERS,
        ("以属主的权限执行", "runs with its owner's rights"),
        ("改为 SECURITY INVOKER", "make it SECURITY INVOKER"),
    ),
)
