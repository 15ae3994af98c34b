"""The two roles, and the check that finds every way in which the application could see too much."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from tests.web.database.site import Site
from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.web.database import roles
from xiezhi.web.database.binaries import program
from xiezhi.web.database.embedded import Embedded


def codes(site: Site, role: str = roles.APP) -> set[str]:
    with site.connect(role) as connection:
        return {finding.code for finding in roles.check_app_role(connection)}


def test_a_prepared_database_is_well_and_preparing_again_changes_nothing(site: Site) -> None:
    site.owner("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY)")
    roles.prepare(site.server.url(), site.database)
    assert codes(site) == set()
    with site.django(roles.APP) as connection:
        assert roles.check_app_role(connection) == []


def test_the_application_may_use_what_the_owner_makes_and_make_nothing(site: Site) -> None:
    site.owner("CREATE TABLE t (id bigserial, n int)")
    with site.connect() as connection:
        connection.execute("INSERT INTO t (n) VALUES (1), (2)")
        connection.execute("UPDATE t SET n = 3 WHERE n = 2")
        connection.execute("DELETE FROM t WHERE n = 1")
        assert connection.execute("SELECT id, n FROM t").fetchall() == [(2, 3)]
    forbidden = (
        "CREATE TABLE mine (n int)",
        "CREATE TEMP TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "TRUNCATE t",
        "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
        "SET ROLE xiezhi_owner",
        "SET SESSION AUTHORIZATION xiezhi_owner",
        "CREATE OR REPLACE FUNCTION public.xiezhi_system() RETURNS boolean LANGUAGE sql RETURN true",
    )
    for statement in forbidden:
        with site.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_another_role_may_not_even_connect(site: Site) -> None:
    with psycopg.connect(site.server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE stranger LOGIN")
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(site.url("stranger"))
    finally:
        with psycopg.connect(site.server.url(), autocommit=True) as admin:
            admin.execute("DROP ROLE stranger")


PLANTED: dict[str, tuple[str, ...]] = {
    "database.force": ("CREATE TABLE t (n int)", "ALTER TABLE t ENABLE ROW LEVEL SECURITY"),
    "database.disabled": ("CREATE TABLE t (n int)", "CREATE POLICY p ON t USING (false)"),
    "database.view": ("CREATE TABLE t (n int)", "CREATE VIEW v AS SELECT * FROM t"),
    "database.materialised": ("CREATE TABLE t (n int)", "CREATE MATERIALIZED VIEW m AS SELECT * FROM t"),
    "database.definer": ("CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",),
    "database.schema": (f"GRANT CREATE ON SCHEMA public TO {roles.APP}",),
}


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_hole_is_found(site: Site, code: str) -> None:
    site.owner(*PLANTED[code])
    assert codes(site) == {code}


def test_a_view_with_the_rights_of_its_reader_is_well(site: Site) -> None:
    site.owner("CREATE TABLE t (n int)", "CREATE VIEW v WITH (security_invoker = true) AS SELECT * FROM t")
    assert codes(site) == set()


def as_admin(site: Site, *statements: str) -> None:
    with psycopg.connect(site.server.url(database=site.database), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)
            if statement.startswith("ALTER SYSTEM"):
                admin.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")


ATTRIBUTES = {
    "database.superuser": "SUPERUSER",
    "database.bypassrls": "BYPASSRLS",
    "database.createdb": "CREATEDB",
    "database.createrole": "CREATEROLE",
}


@pytest.mark.parametrize("code", ATTRIBUTES)
def test_a_role_that_may_too_much_is_found_and_put_right(site: Site, code: str) -> None:
    as_admin(site, f"ALTER ROLE {roles.APP} {ATTRIBUTES[code]}")
    try:
        assert code in codes(site)
    finally:
        roles.prepare(site.server.url(), site.database)
    assert codes(site) == set()


def test_a_table_of_the_applications_own_and_a_membership_are_found(site: Site) -> None:
    as_admin(site, "CREATE TABLE mine (n int)", f"ALTER TABLE mine OWNER TO {roles.APP}")
    assert codes(site) == {"database.owner"}
    as_admin(site, "DROP TABLE mine", f"GRANT {roles.OWNER} TO {roles.APP}")
    try:
        assert "database.member" in codes(site)
    finally:
        as_admin(site, f"REVOKE {roles.OWNER} FROM {roles.APP}")


def test_findings_are_said_in_both_languages(site: Site) -> None:
    with site.connect("postgres") as connection:
        findings = roles.check_app_role(connection)
    assert findings
    for finding in findings:
        assert all((finding.what.zh, finding.what.en, finding.todo.zh, finding.todo.en))


def test_an_administrator_without_superuser_may_prepare(server: Embedded) -> None:
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE dba LOGIN CREATEDB CREATEROLE")
        admin.execute(f"GRANT {roles.OWNER}, {roles.APP} TO dba WITH ADMIN OPTION")
    try:
        for _ in range(2):
            roles.prepare(server.url("dba"), "hosted")
        with psycopg.connect(server.url(roles.APP, "hosted")) as connection:
            assert roles.check_app_role(connection) == []
    finally:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS hosted WITH (FORCE)")
            admin.execute("DROP OWNED BY dba")
            admin.execute("DROP ROLE dba")


def test_whoever_may_not_prepare_is_told_what_to_do(site: Site) -> None:
    with pytest.raises(UserError) as refused:
        roles.prepare(site.url(roles.APP), "another")
    assert refused.value.code == "XZ-DB-22"
    assert "--print-roles" in refused.value.message("zh")


def test_an_unreachable_server_is_said_in_words() -> None:
    with pytest.raises(RetryableError) as refused:
        roles.prepare("postgresql:///x?host=/nowhere", "x")
    assert refused.value.code == "XZ-DB-21"


def test_the_printed_sql_does_the_same(server: Embedded, site: Site) -> None:
    text = roles.printed("printed")
    for role in (roles.OWNER, roles.APP):  # there already
        text = text.replace(f"CREATE ROLE {role}", f"ALTER ROLE {role}")
    done = subprocess.run(
        [program("psql"), "-v", "ON_ERROR_STOP=1", "-q", server.url()], input=text, text=True, capture_output=True, check=False
    )
    try:
        assert done.returncode == 0, done.stderr
        printed = Site(server, "printed", None)
        assert codes(printed) == set()
        assert shape(printed) == shape(site)
    finally:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS printed WITH (FORCE)")
            admin.execute(f"REVOKE pg_read_all_data FROM {roles.BACKUP}")
            admin.execute(f"DROP ROLE {roles.BACKUP}")


def shape(site: Site) -> list[object]:
    query = """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proacl::text, p.proowner::regrole::text
        FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'schema', nspacl::text, nspowner::regrole::text, '' FROM pg_namespace WHERE nspname = 'public'
        UNION ALL SELECT 'defaults', defaclacl::text, defaclobjtype::text, '' FROM pg_default_acl
        UNION ALL SELECT 'database', replace(datacl::text, ',xiezhi_backup=c/xiezhi_owner', ''), datdba::regrole::text, ''
        FROM pg_database WHERE datname = current_database()
        ORDER BY 1, 2"""
    with site.connect(roles.OWNER) as connection:
        return list(connection.execute(query).fetchall())


@pytest.mark.parametrize(
    ("give", "take", "code"),
    [
        ("ALTER ROLE xiezhi_app SET xiezhi.system = 'yes'", "ALTER ROLE xiezhi_app RESET ALL", "database.settings"),
        ("ALTER ROLE xiezhi_app SET search_path = 'shadow'", "ALTER ROLE xiezhi_app RESET ALL", "database.settings"),
        (
            "ALTER ROLE xiezhi_app IN DATABASE {database} SET row_security = off",
            "ALTER ROLE xiezhi_app IN DATABASE {database} RESET ALL",
            "database.settings",
        ),
        (
            "ALTER DATABASE {database} SET xiezhi.paths = '1.'",
            "ALTER DATABASE {database} RESET ALL",
            "database.settings",
        ),
        ("ALTER ROLE xiezhi_app REPLICATION", "ALTER ROLE xiezhi_app NOREPLICATION", "database.roles"),
        ("ALTER ROLE xiezhi_owner BYPASSRLS", "ALTER ROLE xiezhi_owner NOBYPASSRLS", "database.roles"),
        ("ALTER ROLE xiezhi_owner SUPERUSER", "ALTER ROLE xiezhi_owner NOSUPERUSER", "database.roles"),
        ("GRANT pg_read_all_data TO xiezhi_owner", "REVOKE pg_read_all_data FROM xiezhi_owner", "database.roles"),
        ("ALTER SYSTEM SET xiezhi.system = 'yes'", "ALTER SYSTEM RESET xiezhi.system", "database.settings"),
        ("ALTER SYSTEM SET search_path = 'shadow'", "ALTER SYSTEM RESET search_path", "database.settings"),
        (
            "ALTER SYSTEM SET session_replication_role = replica",
            "ALTER SYSTEM RESET session_replication_role",
            "database.settings",
        ),
    ],
)
def test_what_a_connection_would_begin_with_is_found(site: Site, give: str, take: str, code: str) -> None:
    as_admin(site, give.format(database=site.database))
    try:
        # Asked by another connection than the one that the preset would bind.
        with psycopg.connect(site.server.url(database=site.database)) as admin:
            found = {finding.code for finding in roles.check_app_role(admin)}
        assert code in found
    finally:
        as_admin(site, take.format(database=site.database))
    assert codes(site) == set()


def test_the_role_for_backups_may_connect_wherever_it_is_there(site: Site) -> None:
    with psycopg.connect(site.server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE xiezhi_backup LOGIN BYPASSRLS")
    try:
        roles.prepare(site.server.url(), site.database)
        psycopg.connect(site.url("xiezhi_backup")).close()
    finally:
        with psycopg.connect(site.server.url(), autocommit=True) as admin:
            admin.execute(f"REVOKE ALL ON DATABASE {site.database} FROM xiezhi_backup")
            admin.execute("DROP ROLE xiezhi_backup")
