"""Two roles: the owner runs migrations, the application owns nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.web.database import functions
from xiezhi.web.database.role_checks import APP, OWNER, check_app_role, check_version

__all__ = [
    "APP",
    "OWNER",
    "SEARCHABLE",
    "check_app_role",
    "install_functions",
    "is_searchable",
    "make_database",
    "prepare",
    "printed",
]

BACKUP = "xiezhi_backup"

ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"

RIGHTS = f"""\
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM {APP};
GRANT USAGE ON SCHEMA public TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP};
"""
"""What is said inside the database, once both roles are there."""

SEARCHABLE = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;"
"""Lets an index serve a search below row-level security, see docs/adr/0009. A superuser's to say: without it search is slow."""

PRINTED = f"""\
-- Run with psql as a superuser, once. Then give both roles a password (\\password {OWNER}) or another way to sign in.
CREATE ROLE {OWNER} {ATTRIBUTES};
CREATE ROLE {APP} {ATTRIBUTES};
CREATE DATABASE {{database}} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE {{database}} FROM PUBLIC;
GRANT CONNECT ON DATABASE {{database}} TO {APP};
\\connect {{database}}
{RIGHTS}
{SEARCHABLE}
SET ROLE {OWNER};
{{functions}}
RESET ROLE;
-- Who makes backups: sees every row whatever its policies say, and changes none.
CREATE ROLE {BACKUP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
GRANT pg_read_all_data TO {BACKUP};
GRANT CONNECT ON DATABASE {{database}} TO {BACKUP};
"""

_SEARCHABLE = "SELECT proleakproof FROM pg_proc WHERE oid = 'pg_catalog.ts_match_vq(tsvector, tsquery)'::regprocedure"

_LOCK = 0x78_69_65_7A_68_69
"""Two that prepare at once: roles belong to the whole server, and CREATE ROLE has no IF NOT EXISTS."""


def printed(database: str = "xiezhi") -> str:
    """The SQL that a site's administrator runs instead of `prepare`."""
    name = sql.Identifier(database).as_string(None)
    return PRINTED.format(database=name, functions=functions.source())


def prepare(admin_url: str, database: str) -> None:
    """Make the roles, the database and its rights, or put them right. The functions are the owner's."""
    make_database(admin_url, database)
    with _asking(admin_url, dbname=database) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(RIGHTS)
        _make_searchable(connection)
        connection.execute(f"SET LOCAL ROLE {OWNER}")
        install_functions(connection)


def _make_searchable(connection: psycopg.Connection[Any]) -> None:
    me = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if me is not None and me[0]:
        connection.execute(SEARCHABLE)


def is_searchable(connection: Any) -> bool:
    """Whether the database was told so. `connection`: psycopg's, or a cursor of Django's."""
    found = connection.execute(_SEARCHABLE)
    row = (found or connection).fetchone()
    return bool(row and row[0])


def make_database(admin_url: str, database: str) -> None:
    """The first half of `prepare`: roles and an empty database, if they are not there."""
    with _asking(admin_url, autocommit=True) as connection:
        _check_version(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        _roles(connection)
        _database(connection, database)


@contextmanager
def _asking(admin_url: str, *, autocommit: bool = False, **changes: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the administrator; what PostgreSQL refuses is said in words."""
    try:
        with psycopg.connect(make_conninfo(admin_url, **changes), autocommit=autocommit) as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise _not_allowed(error) from error
    except psycopg.OperationalError as error:
        raise unreachable(error) from error


def install_functions(connection: psycopg.Connection[Any]) -> None:
    """Put the functions into the database, as the owner: at set-up, and again before each migration."""
    connection.execute(functions.source())


_WRONG_ATTRIBUTES = """
SELECT NOT rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
FROM pg_roles WHERE rolname = %s
"""


def _roles(connection: psycopg.Connection[Any]) -> None:
    """An administrator who is no superuser may make roles, but not so much as mention the attributes of one that is right."""
    for role in (OWNER, APP):
        wrong = connection.execute(_WRONG_ATTRIBUTES, [role]).fetchone()
        if wrong is None or wrong[0]:
            connection.execute(f"{'CREATE' if wrong is None else 'ALTER'} ROLE {role} {ATTRIBUTES}")
    me = connection.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if me is not None and not me[1]:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(OWNER), sql.Identifier(me[0])))


def _database(connection: psycopg.Connection[Any], database: str) -> None:
    name, owner, app = sql.Identifier(database), sql.Identifier(OWNER), sql.Identifier(APP)
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
        made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(made.format(name, owner))
    connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owner))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, app))
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BACKUP]).fetchone():
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(BACKUP)))


def _check_version(connection: psycopg.Connection[Any]) -> None:
    for finding in check_version(connection):
        raise UserError("XZ-DB-20", zh=finding.what.zh, en=finding.what.en, todo_zh=finding.todo.zh, todo_en=finding.todo.en)


def unreachable(error: Exception) -> RetryableError:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return RetryableError(
        "XZ-DB-21",
        zh=f"无法连接数据库:{first}",
        en=f"the database cannot be reached: {first}",
        todo_zh="检查数据库地址、网络和账户",
        todo_en="check its address, the network and the account",
    )


def _not_allowed(error: Exception) -> UserError:
    return UserError(
        "XZ-DB-22",
        zh=f"此账户不能准备数据库:{str(error).strip().splitlines()[0]}",
        en=f"this account may not prepare the database: {str(error).strip().splitlines()[0]}",
        todo_zh="请数据库管理员执行 xiezhi doctor --print-roles 打印的语句",
        todo_en="let an administrator run what xiezhi doctor --print-roles prints",
    )
