"""What binds the application, altered by somebody with every right in the database, shows against what the migration left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.web.database.site import Site
from xiezhi.kernel.errors import IntegrityError
from xiezhi.web.database import roles
from xiezhi.web.database.shape import NAME, differences, forget, keep, refuse_altered

MADE = """
CREATE TABLE alert (id bigint PRIMARY KEY, place text NOT NULL);
ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON alert USING (public.xiezhi_system());
CREATE POLICY added ON alert FOR INSERT WITH CHECK (id > 0 OR (id < 0 AND place <> ''));
CREATE TABLE history (alert bigint REFERENCES alert, text varchar CHECK (text <> ''));
CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
CREATE TRIGGER only_added BEFORE DELETE ON alert FOR EACH STATEMENT EXECUTE FUNCTION only_added();
"""

ALTERATIONS = {
    "a function says yes": "CREATE OR REPLACE FUNCTION public.xiezhi_system() RETURNS boolean LANGUAGE sql STABLE RETURN true",
    "a policy lets everything through": "CREATE POLICY more ON alert USING (true)",
    "a table is lost with the next crash": "ALTER TABLE history SET UNLOGGED",
    "a policy was altered": "ALTER POLICY seen ON alert USING (true)",
    "a policy is gone": "DROP POLICY seen ON alert",
    "row-level security is off": "ALTER TABLE alert DISABLE ROW LEVEL SECURITY; DROP POLICY seen ON alert",
    "the owner is not bound": "ALTER TABLE alert NO FORCE ROW LEVEL SECURITY",
    "a trigger sleeps": "ALTER TABLE alert DISABLE TRIGGER only_added",
    "a trigger is gone": "DROP TRIGGER only_added ON alert",
    "a trigger does nothing": "CREATE OR REPLACE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "a right was given": "GRANT TRUNCATE ON alert TO xiezhi_app",
    "everybody may read": "GRANT SELECT ON alert TO PUBLIC",
    "a rule keeps rows": "CREATE RULE kept AS ON DELETE TO alert DO INSTEAD NOTHING",
    "a right to one column": "GRANT UPDATE (place) ON alert TO xiezhi_app",
    "a function of the system": "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO xiezhi_app",
    "rights by default": "ALTER DEFAULT PRIVILEGES FOR ROLE xiezhi_owner GRANT ALL ON TABLES TO PUBLIC",
    "a publication": "CREATE PUBLICATION everything FOR ALL TABLES",
    "a right to the schema": "GRANT CREATE ON SCHEMA public TO xiezhi_app",
    "brackets moved": "ALTER POLICY added ON alert WITH CHECK ((id > 0 OR id < 0) AND place <> '')",
    "a foreign key sleeps": "ALTER TABLE history DISABLE TRIGGER ALL",
    "triggers are not looked for": "UPDATE pg_class SET relhastriggers = false WHERE relname = 'alert'",
    "conditions are not looked for": "UPDATE pg_class SET relchecks = 0 WHERE relname = 'history'",
    "an index is not kept": "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = 'alert'::regclass",
    "an operator does another thing": "UPDATE pg_operator SET oprcode = 'array_eq' WHERE oprname = '&&' AND oprleft = 'anyarray'::regtype",
    "a role above all": "CREATE ROLE xz_top SUPERUSER NOLOGIN",
    "a role that makes roles": "CREATE ROLE xz_top LOGIN CREATEROLE",
    "the owner may become another": "GRANT pg_execute_server_program TO xiezhi_owner",
    "a view among the system's": "CREATE VIEW information_schema.peep AS SELECT * FROM public.alert",
    "a function of the system looks below the scope": "ALTER FUNCTION pg_catalog.to_date(text, text) LEAKPROOF",
    "everybody may read files": "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text) TO PUBLIC",
    "values of every table are counted": "GRANT SELECT ON pg_statistic TO xiezhi_app",
    "a column of the system": "GRANT SELECT (rolpassword) ON pg_authid TO xiezhi_app",
    "a setting may be set": "GRANT SET ON PARAMETER session_replication_role TO xiezhi_app",
    "a preset of the application": "ALTER ROLE xiezhi_app SET statement_timeout = '1h'",
    "a language is trusted": "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'c'",
    "a domain": "CREATE DOMAIN place AS text",
    "words are looked up elsewhere": "ALTER TEXT SEARCH CONFIGURATION pg_catalog.simple ALTER MAPPING FOR word WITH english_stem",
    "rows were copied": "CREATE TABLE copied AS SELECT * FROM alert",
}


UNDONE = """DROP ROLE IF EXISTS xz_top; REVOKE pg_execute_server_program FROM xiezhi_owner;
REVOKE SET ON PARAMETER session_replication_role FROM xiezhi_app; ALTER ROLE xiezhi_app RESET statement_timeout"""
"""Roles belong to the whole server, which other tests use."""


@pytest.fixture
def server_as_it_was(site: Site) -> Iterator[None]:
    yield
    with psycopg.connect(site.server.url(), autocommit=True) as admin:
        admin.execute(UNDONE)


@pytest.mark.usefixtures("server_as_it_was")
@pytest.mark.parametrize("statement", ALTERATIONS.values(), ids=ALTERATIONS)
def test_what_was_altered_shows(site: Site, tmp_path: Path, statement: str) -> None:
    site.owner(MADE)
    with psycopg.connect(site.url(roles.OWNER), autocommit=True) as owner:
        keep(tmp_path, owner)
    with site.connect(roles.APP) as app:
        found = differences(tmp_path, app)
        assert found is not None
        assert not found
    with psycopg.connect(site.server.url(database=site.database), autocommit=True) as admin:
        admin.execute(statement)
    with site.connect(roles.APP) as app:
        assert differences(tmp_path, app)


@pytest.mark.parametrize("content", [None, b"", b"{", b"7", b"[" * 200_000, b'{"definitions": [], "spelling": "other"}'])
def test_what_was_not_kept_is_not_taken_for_well(site: Site, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / NAME).write_bytes(content)
    with site.connect(roles.APP) as app:
        assert differences(tmp_path, app) is None


def test_what_was_altered_is_not_written_down_by_the_next_migration(site: Site, tmp_path: Path) -> None:
    site.owner(MADE)
    with psycopg.connect(site.url(roles.OWNER), autocommit=True) as owner:
        keep(tmp_path, owner)
        refuse_altered(tmp_path, owner)
        owner.execute("ALTER TABLE alert DISABLE TRIGGER only_added")
        with pytest.raises(IntegrityError) as refused:
            refuse_altered(tmp_path, owner)
    assert refused.value.code == "XZ-DB-30"
    assert "only_added" in refused.value.en


def test_a_migration_that_was_killed_is_no_alteration(site: Site, tmp_path: Path) -> None:
    """The next start refused what the half-done upgrade itself had defined."""
    with psycopg.connect(site.url(roles.OWNER), autocommit=True) as owner:
        keep(tmp_path, owner)
        forget(tmp_path)
        owner.execute("CREATE TABLE half_done (id bigint)")
        assert differences(tmp_path, owner) is None
        refuse_altered(tmp_path, owner)
        forget(tmp_path)
