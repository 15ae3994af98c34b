"""Row-level security: what a person sees is what the rule says, in every table, for every path, and through every view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.database.site import Site
from xiezhi.kernel.errors import UserError
from xiezhi.web.database import roles
from xiezhi.web.database.context import set_context
from xiezhi.web.database.rls import GrantToApp, OwnRowsTable, PartiesTable, RevokeFromApp, ScopedTable

ALERT = """CREATE TABLE alert (id int PRIMARY KEY, unit_path text COLLATE "C" NOT NULL, line text, cadre_level smallint,
           label smallint, subject_key text, title text, parties text[])"""


@dataclass(frozen=True)
class Row:
    path: str
    line: str | None
    cadre: int | None
    label: int | None
    subject: str | None
    parties: list[str] | None = None


@dataclass(frozen=True)
class Scope:
    paths: list[str]
    lines: list[str] | None
    cadre: int
    clearance: int
    recused: list[str]

    def sees(self, row: Row) -> bool:
        """The rule, written once more and plainly."""
        return (
            any(row.path.startswith(path) for path in self.paths)
            and (self.lines is None or not row.line or row.line in self.lines)
            and (row.cadre is None or row.cadre <= self.cadre)
            and (row.label is not None and row.label <= self.clearance)
            and not {row.subject, *(row.parties or ())} & {*self.recused}
        )

    @property
    def context(self) -> dict[str, Any]:
        lines = "*" if self.lines is None else self.lines
        levels = {"cadre": self.cadre, "clearance": self.clearance}
        return {"paths": self.paths, "lines": lines, "recused": self.recused, **levels}


# Steps that begin alike, and the neighbours of the full stop in the order of bytes, are what a wrong comparison trips over.
steps = st.sampled_from(["1", "2", "10", "11", "0001", "00011", "1-", "9", "a"])
paths = st.lists(steps, min_size=1, max_size=4).map(lambda parts: ".".join(parts) + ".")
loose_paths = paths | st.text("1.02-/a中", max_size=8)
lines = st.sampled_from(["housing", "pension", "tender", "*", "a,b", '"', "{}"])
subjects = st.sampled_from(["citizen:1", "citizen:2", "org:9", "O'Neil", ""])
levels = st.integers(0, 4)
parties = st.none() | st.lists(subjects, max_size=3)
rows = st.builds(
    Row, loose_paths, st.none() | st.just("") | lines, st.none() | levels, st.none() | levels, st.none() | subjects, parties
)
scopes = st.builds(
    Scope, st.lists(paths, max_size=6), st.none() | st.lists(lines, max_size=3), levels, levels, st.lists(subjects, max_size=3)
)


@pytest.fixture(scope="module")
def alerts(shared_site: Site) -> Site:
    shared_site.owner(
        ALERT,
        "CREATE VIEW open_alert WITH (security_invoker = true) AS SELECT * FROM alert",
        "CREATE TABLE told (id int, unit_path text, title text)",
        "CREATE TABLE setting (user_id bigint, value text)",
        "CREATE TABLE notice (user_id bigint, value text)",
    )
    shared_site.migrate(
        ScopedTable("alert"),
        PartiesTable("alert"),
        ScopedTable("told", line=None, cadre=None, label=None, subject=None, insert="any"),
        OwnRowsTable("setting"),
        OwnRowsTable("notice", insert="any"),
    )
    return shared_site


def fill(site: Site, made: list[Row]) -> None:
    with site.acting(system="yes") as connection:
        connection.execute("DELETE FROM alert")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO alert VALUES (%s, %s, %s, %s, %s, %s, 't', %s)",
                [(i, row.path, row.line, row.cadre, row.label, row.subject, row.parties) for i, row in enumerate(made)],
            )


def seen(connection: psycopg.Connection[Any], table: str = "alert") -> list[int]:
    return [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, max_size=25), st.lists(scopes, min_size=1, max_size=4))
def test_what_is_seen_is_what_the_rule_says(alerts: Site, made: list[Row], given_scopes: list[Scope]) -> None:
    fill(alerts, made)
    for scope in given_scopes:
        expected = [i for i, row in enumerate(made) if scope.sees(row)]
        for role in (roles.APP, roles.OWNER):
            with alerts.acting(role, **scope.context) as connection:
                assert seen(connection) == expected
                assert seen(connection, "open_alert") == expected
        with alerts.acting(**scope.context) as connection:
            single = "public.xiezhi_sees(%s, %s, %s, %s, %s)"
            for row in made[:3]:
                values = (row.path, row.line, row.cadre, row.label, row.subject)
                told = connection.execute(f"SELECT coalesce({single}, false)", values).fetchone()
                assert told == (scope.sees(replace(row, parties=None)),)


UNITS = ["1.", "1.2.", "1.2.3.", "10.", "2."]
NEIGHBOURS = [
    f"{stem}{end}" for stem in ("1", "1.2", "1.2.3", "10", "2") for end in ("", ".", "-", "/", "0", ".0", "./", "..", ".中")
]


def test_paths_within_each_other_in_any_order_and_their_neighbours(alerts: Site) -> None:
    made = [Row(path, None, 0, 0, None) for path in NEIGHBOURS]
    fill(alerts, made)
    with alerts.connect() as connection:
        for own in (paths for count in range(4) for paths in permutations(UNITS, count)):
            scope = Scope(list(own), None, 0, 0, [])
            set_context(connection, {f"xiezhi.{name}": value for name, value in scope.context.items()})
            assert seen(connection) == [i for i, row in enumerate(made) if scope.sees(row)], own


@pytest.mark.parametrize("role", [roles.APP, roles.OWNER])
def test_without_a_context_nothing_is_seen_and_the_system_sees_all(alerts: Site, role: str) -> None:
    fill(alerts, [Row("1.", None, 0, 0, None), Row("2.1.", "housing", 4, 4, "x"), Row("9.", None, None, None, None)])
    with alerts.connect(role) as connection:
        assert seen(connection) == []
        connection.commit()
        assert seen(connection) == []
    with alerts.acting(role, paths=[]) as connection:
        assert seen(connection) == []
    for nearly in ("no", "YES", "yes ", "1", "true"):
        with alerts.acting(role, system=nearly) as connection:
            assert seen(connection) == []
    with alerts.acting(role, system="yes") as connection:
        assert seen(connection) == [0, 1, 2]


def test_a_scope_set_past_our_own_door_sees_no_more(alerts: Site) -> None:
    """Prefixes that `set_context` refuses, set by hand: an empty one is not everything, a stump is not its neighbours."""
    fill(alerts, [Row("1.", None, 0, 0, None), Row("10.", None, 0, 0, None), Row("2.", None, 0, 0, None)])
    for literal, expected in (
        ('{""}', []),
        ('{"",""}', []),
        ("{1}", []),
        ("{1,2.}", [2]),
        ("{NULL,1.}", [0]),
        ("{1.,1.1.}", [0]),
    ):
        with alerts.connect() as connection:
            for name, value in (("paths", literal), ("lines", "*")):
                connection.execute("SELECT set_config(%s, %s, true)", [f"xiezhi.{name}", value])
            assert seen(connection) == expected, literal


INSERT = "INSERT INTO alert VALUES (%s, %s, %s, %s, %s, %s, 't', NULL)"
MINE = Row("1.2.3.", "housing", 1, 1, "citizen:1")
OFFICER = Scope(["1.2."], ["housing"], 2, 2, ["citizen:2"])
OUTSIDE = [
    Row("1.", "housing", 1, 1, "citizen:1"),
    Row("1.20.", "housing", 1, 1, "citizen:1"),
    Row("1.2.3.", "pension", 1, 1, "citizen:1"),
    Row("1.2.3.", "housing", 3, 1, "citizen:1"),
    Row("1.2.3.", "housing", 1, 3, "citizen:1"),
    Row("1.2.3.", "housing", 1, None, "citizen:1"),
    Row("1.2.3.", "housing", 1, 1, "citizen:2"),
]


@pytest.mark.parametrize("role", [roles.APP, roles.OWNER])
@pytest.mark.parametrize("row", OUTSIDE)
def test_nothing_is_written_outside_the_scope(alerts: Site, row: Row, role: str) -> None:
    fill(alerts, [row, MINE])
    with alerts.acting(role, **OFFICER.context) as connection:
        assert connection.execute("UPDATE alert SET title = 'changed'").rowcount == 1
        assert connection.execute("DELETE FROM alert WHERE id = 0").rowcount == 0
    with alerts.acting(role, **OFFICER.context) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(INSERT, (2, row.path, row.line, row.cadre, row.label, row.subject))
    moved = "UPDATE alert SET unit_path = %s, line = %s, cadre_level = %s, label = %s, subject_key = %s WHERE id = 1"
    with alerts.acting(role, **OFFICER.context) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(moved, (row.path, row.line, row.cadre, row.label, row.subject))
    with alerts.acting(role, **OFFICER.context) as connection:
        connection.execute(INSERT, (3, MINE.path, MINE.line, MINE.cadre, MINE.label, MINE.subject))
        assert connection.execute("DELETE FROM alert").rowcount == 2


def test_rows_for_others_are_added_where_the_table_says_so_and_not_seen(alerts: Site) -> None:
    with alerts.acting(paths=["1."]) as connection:
        connection.execute("INSERT INTO told VALUES (1, '2.', 'for another unit'), (2, '1.', 'own')")
        assert seen(connection, "told") == [2]
        assert connection.execute("UPDATE told SET title = ''").rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE told SET unit_path = '2.'")


def test_own_rows(alerts: Site) -> None:
    with alerts.acting(user=7) as connection:
        connection.execute("INSERT INTO setting VALUES (7, 'mine')")
        connection.execute("INSERT INTO notice VALUES (8, 'for another')")
        assert connection.execute("SELECT count(*) FROM notice").fetchone() == (0,)
    with alerts.acting(user=7) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO setting VALUES (8, 'not mine')")
    for context, expected in (
        ({"user": 8}, ([], ["for another"])),
        ({}, ([], [])),
        ({"system": "yes"}, (["mine"], ["for another"])),
    ):
        with alerts.acting(roles.OWNER, **context) as connection:
            found = tuple([row[0] for row in connection.execute(f"SELECT value FROM {name}")] for name in ("setting", "notice"))
        assert found == expected


def test_a_view_with_its_owners_rights_would_show_everything_and_is_found(site: Site) -> None:
    """Why `check_app_role` looks at views: FORCE binds the owner, a superuser's view nobody."""
    site.owner(ALERT)
    site.migrate(ScopedTable("alert"))
    fill(site, [Row("1.", None, 0, 0, None)])
    with site.connect("postgres") as admin:
        admin.execute("CREATE VIEW leak AS SELECT * FROM alert")
        admin.execute(f"GRANT SELECT ON leak TO {roles.APP}")
    with site.connect() as connection:
        assert seen(connection, "leak") == [0]
        assert {finding.code for finding in roles.check_app_role(connection)} == {"database.view"}


def shape(site: Site) -> object:
    query = """SELECT relrowsecurity, relforcerowsecurity, relacl::text, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid),
               (SELECT count(*) FROM pg_trigger WHERE tgrelid = c.oid) FROM pg_class c WHERE relname = 'alert'"""
    with site.connect() as connection:
        return connection.execute(query).fetchone()


@pytest.mark.parametrize("operation", [ScopedTable("alert"), OwnRowsTable("alert", "id"), ScopedTable("alert", insert="any")])
def test_operations_can_be_undone_and_done_again(site: Site, operation: ScopedTable | OwnRowsTable) -> None:
    site.owner(ALERT)
    before = shape(site)
    site.migrate(operation)
    done = shape(site)
    site.undo(operation)
    assert shape(site) == before
    site.migrate(operation)
    assert shape(site) == done != before


def test_rights_are_taken_and_given_back(site: Site) -> None:
    site.owner(ALERT)
    before = shape(site)
    take, give = RevokeFromApp("alert", "UPDATE, DELETE"), GrantToApp("alert", "UPDATE")
    site.migrate(take)
    with site.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE alert SET id = 1")
    site.migrate(give)
    with site.connect() as connection:
        connection.execute("UPDATE alert SET id = 1")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM alert")
    site.undo(give)
    site.undo(take)
    assert shape(site) == before


def test_operations_say_what_they_do_and_show_their_sql(site: Site) -> None:
    operation = ScopedTable("alert", line=None)
    assert operation.describe() == "Show of alert only rows within the scope of whoever acts"
    assert operation.deconstruct() == ("ScopedTable", ("alert",), {"line": None})
    with site.django() as connection, connection.schema_editor(collect_sql=True) as editor:
        operation.database_forwards("alerts", editor, None, None)  # type: ignore[arg-type]
    text = "\n".join(editor.collected_sql)
    assert "FORCE ROW LEVEL SECURITY;" in text
    assert "FOR INSERT WITH CHECK" in text


@pytest.mark.parametrize("made", [lambda: ScopedTable('x"; DROP TABLE y'), lambda: GrantToApp("x", "ALL"),
                                  lambda: OwnRowsTable("x", "a b"), lambda: ScopedTable("x", insert="all")])  # fmt: skip
def test_names_and_rights_that_are_none_are_refused(made: Any) -> None:
    with pytest.raises(UserError) as refused:
        made()
    assert refused.value.code == "XZ-DB-12"
