"""A fact's own cases: rows as they are delivered, the rows they must give, and how plainly a fault is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.builders.content import plant, write
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.fact_cases import FactCaseResult, load_fact_cases, run_fact_cases
from xiezhi.rules.lake_sql import lake_sql
from xiezhi.rules.loader import load_content

COLUMNS = {"person": "INTEGER", "closed": "DATE", "_delivery": "INTEGER", "_row": "BIGINT"}
TABLES = dict.fromkeys(("closures", "order", "2024 closures", "Closures"), COLUMNS)
CASE = "facts/closure/cases/two.yaml"
TWO = """\
why: {zh: 两人, en: Two people}
tables:
  closures:
    - {person: 1, closed: 2024-03-05}
    - {person: 2, closed: 2024-03}
expect:
  - {person: 2, closed: 2024-03-01, _row: 3}
  - {person: 1, _delivery: 1}
"""


def result(root: Path, fact: str = "closure") -> FactCaseResult:
    content = load_content([root])
    cases = load_fact_cases(content.fact_folder(fact))
    (only,) = run_fact_cases(content.facts[fact], cases, content, TABLES, lambda: DuckDB(threads=1))
    return only


@pytest.fixture
def two(root: Path) -> Path:
    write(root, CASE, TWO)
    return root


def test_a_fact_gives_the_rows_that_its_case_expects(two: Path) -> None:
    told = result(two)
    assert (told.case.name, told.passed, told.place) == ("two", True, None)
    assert told.rows == [
        {"person": 1, "closed": date(2024, 3, 5), "_delivery": 1, "_row": 2},
        {"person": 2, "closed": date(2024, 3, 1), "_delivery": 1, "_row": 3},
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "row"),
    [
        (CASE, "  - {person: 1, _delivery: 1}\n", "", "a row that was not expected: {'person': 1,", 6),
        (CASE, "{person: 1, _delivery: 1}", "{person: 1, _delivery: 2}", "no such row: {'person': 1, '_delivery': 2}", 8),
        (CASE, "{person: 1, _delivery: 1}", "{person: 1, spot: 2}", "closure has no column spot", 8),
        (CASE, "{person: 1, _delivery: 1}", "{person: one}", "person must be INTEGER, not 'one'", 8),
        (CASE, "- {person: 2, closed: 2024-03}", "- {person: 2, closed: 2024-13}", "closed must be DATE, not '2024-13'", 5),
        (CASE, "- {person: 2, closed: 2024-03}", "- {person: 2, spot: 7}", "closures has no column spot", 5),
        (CASE, "  closures:\n", "  visits: []\n  closures:\n", "the table visits is not read", 3),
        ("facts/closure/fact.yaml", "tables: [closures]", "tables: [closures, gifts]", "no contract delivers the table gifts", 6),
        (
            "facts/closure/query.sql",
            "SELECT person",
            "SELECT person + closed AS person",
            "the engine refuses: Conversion Error: ",
            6,
        ),
    ],
)
def test_a_fault_of_a_fact_is_told(two: Path, file: str, old: str, new: str, said: str, row: int) -> None:
    plant(two, file, old, new)
    told = result(two)
    assert not told.passed
    assert said in told.problems[0].en
    assert "\n" not in told.problems[0].en
    assert told.place is not None
    assert (told.place.file, told.place.row) == (str(two / CASE), row)


def test_a_fact_that_reads_another_is_built_over_it(two: Path) -> None:
    text = (two / "facts/closure/fact.yaml").read_text("utf-8")
    read = text.replace("name: closure", "name: first_closure").replace("subject:", "facts: [closure]\nsubject:")
    write(two, "facts/first_closure/fact.yaml", read)
    write(two, "facts/first_closure/query.sql", "SELECT person, closed, _delivery, _row FROM closure WHERE person = 1\n")
    write(two, "facts/first_closure/cases/one.yaml", TWO.partition("expect:")[0] + "expect:\n  - {person: 1}\n")
    plant(two, "facts/closure/query.sql", "SELECT person, closed", "SELECT person, closed + 1 AS closed")
    told = result(two, "first_closure")
    assert told.problems == []
    assert [row["closed"] for row in told.rows] == [date(2024, 3, 6)]


@pytest.mark.parametrize("table", ["order", "2024 closures", "Closures"])
def test_a_table_may_bear_any_name(two: Path, table: str) -> None:
    """A word of SQL, a name with a blank in it: it is read under the lake's schema, and called what it was."""
    plant(two, "facts/closure/fact.yaml", "[closures]\nprincipal: closures", f"[{table}]\nprincipal: {table}")
    plant(two, "facts/closure/query.sql", "FROM closures", f'FROM "{table}"')
    plant(two, CASE, "  closures:\n", f"  {table}:\n")
    assert result(two).problems == []
    assert f'FROM "lake"."{table}" AS ' in lake_sql(load_content([two]).facts["closure"])
