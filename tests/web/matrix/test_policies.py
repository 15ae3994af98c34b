"""Row-level security by itself: for every table that the database says is scoped, and for every table that should be.

Nothing here is a list of tables: which there are, and what each compares, is read from PostgreSQL's catalogue.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.web.matrix.asking import undone
from tests.web.matrix.world import World
from xiezhi.kernel import clock
from xiezhi.web.accounts.scope import Scope, entered
from xiezhi.web.accounts.viewer import system_scope

PERSONAL = ("unit_path", "subject_key", "parties", "cadre_level", "label")
"""A table with one of these columns says whom its rows concern."""
HELD_OTHERWISE = {
    "audit_event": "read by whoever reads the trail, and by nobody else",
    "accounts_recusal": "read while the scope that it is part of is made; only the person's own pages and the scope ask for it",
    "accounts_recusaltie": "as the recusal whose reach it is; no page shows it",
    "alerts_history": "seen by whoever sees its alert, by that table's policy",
    "alerts_seal": "seen by whoever sees its alert, by that table's policy",
}
VIEWERS = 200
ROWS = 400


def _rows(query: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


def scoped_tables() -> dict[str, str]:
    """Table → what its policy for reading compares, of those whose policy asks where a row lies."""
    found = _rows("SELECT tablename, qual FROM pg_policies WHERE schemaname = 'public' AND cmd = 'SELECT'")
    return {table: condition for table, condition in found if "xiezhi_paths" in condition}


def own_tables() -> list[str]:
    found = _rows("SELECT tablename, qual FROM pg_policies WHERE schemaname = 'public' AND cmd = 'SELECT'")
    return [table for table, condition in found if "xiezhi_user" in condition and "xiezhi_paths" not in condition]


def _columns(table: str) -> set[str]:
    return {name for (name,) in _rows("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)}


def _model(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)


def test_every_table_that_says_whom_it_concerns_is_forced(world: World) -> None:
    """A new table with such a column and no policy fails here; so does one whose policy leaves one of its columns out."""
    query = """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' WHERE c.relkind IN ('r', 'p')"""
    scoped, wrong = scoped_tables(), []
    for table, forced in _rows(query):
        marks = _columns(table) & {*PERSONAL, "line"}
        if not marks & set(PERSONAL) or table.startswith("accounts_recusal"):
            continue
        if not forced:
            wrong.append(f"{table}: row-level security is not forced")
        elif table not in HELD_OTHERWISE:
            missing = sorted(mark for mark in marks if mark not in scoped.get(table, ""))
            wrong += [f"{table}: its policy does not look at {mark}" for mark in missing]
    assert wrong == []
    assert len(scoped) >= 6


def test_every_table_of_ones_own_is_forced(world: World) -> None:
    """A table whose rows are each somebody's: nobody else reads them, unless administering accounts is what it is for."""
    wrong = [
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("xiezhi.web.")
        and "user_id" in _columns(model._meta.db_table)
        and not model._meta.db_table.startswith(("accounts_", "api_"))
        and model._meta.db_table not in (*own_tables(), *HELD_OTHERWISE)
    ]
    assert wrong == []


def test_what_follows_another_row_is_forced_and_asks_for_it(world: World) -> None:
    """Steps, clocks and proposals of matters, history and seals of alerts: seen by whoever sees the row that they are of."""
    following = {
        "alerts_history": "alerts_alert",
        "alerts_seal": "alerts_alert",
        "matters_step": "matters_matter",
        "matters_matterclock": "matters_matter",
        "matters_proposal": "matters_matter",
    }
    found = dict(_rows("SELECT tablename, qual FROM pg_policies WHERE schemaname = 'public' AND cmd = 'SELECT'"))
    forced = dict(
        _rows("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = ANY(%s)", list(following))
    )
    assert forced == dict.fromkeys(following, True)
    assert all(f"FROM {of} followed" in found[table] for table, of in following.items())


def test_every_policy_covers_writing_too(world: World) -> None:
    """Who may not see a row may not change or remove it."""
    for table in [*scoped_tables(), *own_tables()]:
        kinds = {kind for (kind,) in _rows("SELECT cmd FROM pg_policies WHERE tablename = %s", table)}
        assert kinds == {"SELECT", "INSERT", "UPDATE", "DELETE"}, table


def _scopes(world: World, number: int) -> Iterator[Scope]:
    """Of every person of the world, and of people that do not exist."""
    for person in world.people.values():
        if person.user is not None:
            yield person.viewer.scope
    draw = random.Random(20261123)
    paths = [unit.path for unit in world.commission.units.values()]
    keys = [thing.row.subject_key for thing in world.things["alert"]]
    lines = ["subsidy", "medical", "assistance", "procurement"]
    units = [unit.pk for unit in world.commission.units.values()]
    for user in range(number):
        yield Scope(
            user_id=10_000 + user,
            paths=tuple(draw.sample(paths, draw.randint(0, 3))),
            lines=None if draw.random() < 0.4 else tuple(draw.sample(lines, draw.randint(0, 2))),
            cadre=draw.randint(0, 4),
            clearance=draw.randint(0, 3),
            recused=tuple(draw.sample(keys, draw.randint(0, 2))),
            unit_id=draw.choice([None, *units]),
        )


def _fill(world: World, table: str) -> None:
    """Rows everywhere: copies of one row, with every scoped column drawn at random. Nothing but the policy is looked at."""
    columns = _columns(table)
    paths = [unit.path for unit in world.commission.units.values()]
    keys = [thing.row.subject_key for thing in world.things["alert"]]
    units = [unit.pk for unit in world.commission.units.values()]
    draws = {
        "unit_path": paths,
        "line": ["", "subsidy", "medical", "assistance"],
        "cadre_level": [0, 0, 1, 2, 3, 4],
        "label": [0, 0, 1, 2, 3],
        "subject_key": ["", *keys],
        "parties": [[], [], keys[:1], keys[1:3], keys],
        "holders": [[], [], units[:1], units[1:3], units],
    }
    draw, model = random.Random(table), _model(table)
    for key in list(model._base_manager.values_list("pk", flat=True)[:ROWS]):
        changed = {name: draw.choice(values) for name, values in draws.items() if name in columns}
        with suppress(IntegrityError), transaction.atomic():  # where the table itself forbids the mixture
            model._base_manager.filter(pk=key).update(**changed)


@pytest.mark.parametrize("kind", ["scoped", "own"])
def test_each_viewer_is_given_exactly_the_rows_of_the_rule(kind: str, world: World) -> None:
    """Unfiltered, over every such table: what PostgreSQL gives is what `Scope.sees` says, for real and random viewers."""
    foreign, compared = [], 0
    for table in scoped_tables() if kind == "scoped" else own_tables():
        columns, model = _columns(table), _model(table)
        names = [
            name
            for name in ("unit_path", "line", "cadre_level", "label", "subject_key", "parties", "holders", "user_id")
            if name in columns
        ]
        with undone():
            with system_scope("test_policies"):
                if not model._base_manager.exists():
                    _make(model)
                if kind == "scoped" and _changeable(table):
                    _fill(world, table)
                every = list(model._base_manager.values("pk", *names))
            assert every, f"{table} is empty"
            for scope in _scopes(world, VIEWERS):
                with entered(scope):
                    given = set(model._base_manager.values_list("pk", flat=True))
                expected = {row["pk"] for row in every if _sees(scope, row)}
                compared += 1
                if given != expected:
                    foreign.append(f"{table}: {len(given - expected)} foreign, {len(expected - given)} missing for {scope}")
    assert foreign == []
    assert compared > VIEWERS


def _make(model: type[models.Model]) -> None:
    """Rows where the world has none; where the table itself forbids one, another is made."""
    for number in range(1, 60):
        with suppress(IntegrityError), transaction.atomic():
            model._base_manager.bulk_create([_made(model, number)])


def _made(model: type[models.Model], number: int) -> models.Model:
    """A row out of nothing, where the world has none; whom it belongs to, `_fill` says. References are checked at the end of a
    transaction, and this one has none."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.GeneratedField | models.AutoField) or field.has_default() or field.null:
            continue
        kind = field.target_field if isinstance(field, models.ForeignKey) else field
        if isinstance(kind, models.DateTimeField):
            value: Any = clock.now()
        elif isinstance(kind, models.DateField):
            value = clock.today()
        elif isinstance(kind, models.IntegerField | models.FloatField | models.DecimalField):
            value = number
        elif isinstance(kind, models.UUIDField):
            value = uuid4()
        elif field.name == "unit_path":
            value = "0001."
        elif isinstance(kind, models.CharField | models.TextField):
            value = field.choices[number % len(field.choices)][0] if field.choices else f"x{number}"
        else:
            value = {}
        values[field.attname] = value
    return model(**values)


def _changeable(table: str) -> bool:
    return bool(_rows("SELECT has_table_privilege(%s, 'UPDATE')", table)[0][0])


def _sees(scope: Scope, row: dict[str, Any]) -> bool:
    if "unit_path" not in row:
        return bool(row["user_id"] == scope.user_id)
    return scope.sees(
        path=row["unit_path"], line=row.get("line"), cadre=row.get("cadre_level"), label=row.get("label"),
        subject=row.get("subject_key"), parties=row.get("parties", ()), holders=row.get("holders", ()),
    )  # fmt: skip


def test_without_a_scope_nothing_is_given(world: World) -> None:
    for table in [*scoped_tables(), *own_tables()]:
        with undone(), entered(Scope()):
            assert not _model(table)._base_manager.exists(), table
