"""A trail: rows are only ever added, and read by those who may read it. Nobody changes or removes one."""

from __future__ import annotations

import psycopg
import pytest

from tests.web.database.site import Site
from xiezhi.web.database import roles
from xiezhi.web.database.rls import TrailTable

EVERYBODY = [roles.APP, roles.OWNER, "postgres"]
CHANGES = ["UPDATE event SET what = ''", "UPDATE event SET what = '' WHERE false", "DELETE FROM event", "TRUNCATE event",
           "INSERT INTO event VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET what = ''",
           "MERGE INTO event e USING (SELECT 1 AS id) s ON e.id = s.id WHEN MATCHED THEN DELETE"]  # fmt: skip


@pytest.fixture(scope="module")
def trail(shared_site: Site) -> Site:
    shared_site.owner("CREATE TABLE event (id int PRIMARY KEY, what text)")
    shared_site.migrate(TrailTable("event"))
    with shared_site.connect() as connection:
        connection.execute("INSERT INTO event VALUES (1, 'signed in')")
    return shared_site


def test_anyone_adds_and_only_readers_read(trail: Site) -> None:
    for context, count in (({}, 0), ({"trail": "read"}, 1), ({"trail": "no"}, 0), ({"system": "yes"}, 1)):
        for role in (roles.APP, roles.OWNER):
            with trail.acting(role, **context) as connection:
                assert connection.execute("SELECT count(*) FROM event").fetchone() == (count,)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("context", [{}, {"trail": "read"}, {"system": "yes"}])
def test_nobody_changes_or_removes(trail: Site, role: str, change: str, context: dict[str, str]) -> None:
    with trail.acting(role, **context) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(change)


def test_not_even_where_triggers_are_off_for_replication(trail: Site) -> None:
    with trail.acting("postgres", system="yes") as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="may only be added"):
            connection.execute("DELETE FROM event")


def test_it_can_be_undone_and_done_again(site: Site) -> None:
    site.owner("CREATE TABLE event (id int PRIMARY KEY, what text)")
    trail = TrailTable("event")
    site.migrate(trail)
    site.undo(trail)
    with site.connect() as connection:
        connection.execute("INSERT INTO event VALUES (1, 'x')")
        assert connection.execute("DELETE FROM event").rowcount == 1
    site.migrate(trail)
    with site.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM event")
