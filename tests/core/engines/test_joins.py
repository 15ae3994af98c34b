"""The engine's optimiser joins as it was asked to: forms of joins that content and intake write, with it and without it.

DuckDB 2.0 does not where one comparison over three tables stands beside an outer join; lint (PORT-18) keeps content from it, so
no such form is listed here. Each table is small and full of NULLs, doubles and emptiness, where a wrong order of joins shows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from xiezhi.engines.duckdb_engine import DuckDB

TABLES = ("s", "q", "n", "a")

FORMS = {
    "a name looked up by a value that is another table's": "FROM s LEFT JOIN q ON q.k = s.k LEFT JOIN n ON n.k = CASE s.w WHEN 0 "
    "THEN s.v WHEN 1 THEN NULL ELSE q.v END",
    "a chain of lookups, and those that found none": "FROM s LEFT JOIN q ON q.k = s.k LEFT JOIN n ON n.k = COALESCE(s.v, q.v) "
    "LEFT JOIN a ON a.k = COALESCE(q.k, n.v) WHERE n.v IS NULL OR a.v > 1",
    "three tables under COALESCE": "FROM s CROSS JOIN q JOIN a ON a.k = s.k AND COALESCE(a.v = s.v + q.v, FALSE) "
    "LEFT JOIN n ON n.k = a.v AND n.v = s.v WHERE n.v IS NULL OR n.w > 0",
    "two tables compared, a third looked up": "FROM s JOIN q ON q.k = s.k AND q.v <= s.v LEFT JOIN n ON n.k = q.v AND n.v <= s.v "
    "WHERE COALESCE(n.w > 0, TRUE)",
    "joined to what a lookup found": "FROM s LEFT JOIN n ON n.k = s.k JOIN a ON a.k = COALESCE(n.v, s.v)",
    "two lookups compared": "FROM s JOIN a ON a.k = s.k LEFT JOIN q ON q.k = s.k LEFT JOIN n ON n.k = a.v "
    "WHERE COALESCE(q.v, s.v) = COALESCE(n.v, a.v)",
    "none that two tables name together": "FROM s LEFT JOIN q ON q.k = s.k WHERE NOT EXISTS (SELECT 1 FROM n WHERE n.k = s.v "
    "AND n.v = q.v)",
}


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as opened:
        yield opened


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_gives_the_same_rows_with_and_without_the_optimiser(engine: DuckDB, form: str) -> None:
    dice, found = random.Random(form), 0
    for _ in range(25):
        for table in TABLES:
            _fill(engine, table, dice)
        planned = _rows(engine, form)
        engine.run("PRAGMA disable_optimizer")
        assert planned == _rows(engine, form)
        engine.run("PRAGMA enable_optimizer")
        found += len(planned)
    assert found > 0


def _fill(engine: DuckDB, table: str, dice: random.Random) -> None:
    engine.run(f"CREATE OR REPLACE TABLE {table} (k INTEGER, v INTEGER, w INTEGER)")
    values = [
        (dice.choice([None, 1, 2, 3]), dice.choice([None, 1, 2, 3]), dice.randrange(3)) for _ in range(dice.choice([0, 1, 8, 16]))
    ]
    if values:
        marks = ", ".join("(?, ?, ?)" for _ in values)
        engine.run(f"INSERT INTO {table} VALUES {marks}", [value for row in values for value in row])


def _rows(engine: DuckDB, form: str) -> list[tuple[object, ...]]:
    return sorted(
        (tuple(row.values()) for row in engine.rows(f"SELECT s.k, s.v, s.w, COUNT(*) AS n {form} GROUP BY ALL")), key=str
    )
