"""The case runner: it passes what is right, and says plainly what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.content import full, plant
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.cases import CaseResult, run_cases
from xiezhi.rules.loader import load_content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.portable import to_spark
from xiezhi.rules.render import candidates_sql, diagnosis_sql, hits_sql, population_sql


def outcomes(root: Path) -> dict[str, CaseResult]:
    content = load_content([root])
    cases = load_cases(content.folder("VIS-001"))
    return {result.case.name: result for result in run_cases(content.rules["VIS-001"], cases, content, lambda: DuckDB(threads=1))}


def test_a_sound_rule_passes_all_its_cases(root: Path) -> None:
    results = outcomes(root)
    assert len(results) == 5
    assert all(result.passed for result in results.values())
    assert [hit["_level"] for hit in results["fires_many"].hits] == ["orange"]


@pytest.mark.parametrize(
    ("file", "old", "new", "case", "said"),
    [
        ("cases/fires_many.yaml", "visits: 3", "visits: 4", "fires_many", "not found"),
        ("cases/fires_many.yaml", "expect:\n", "expect:\n  - {person: 2}\n", "fires_many", "not found"),
        ("cases/fires_many.yaml", "variant: A", "variant: B", "fires_many", "nearest: {'variant': 'A'}"),
        (
            "cases/near_once.yaml",
            "cost: 5000}",
            "cost: 5000}\n    - {person: 1, place: 甲, day: 2024-01-06, cost: 1}",
            "near_once",
            "was not expected",
        ),
        ("cases/near_once.yaml", "visit:", "visits:", "near_once", "does not touch the fact visits"),
        ("cases/near_once.yaml", "cost: 5000", "price: 5000", "near_once", "no column price"),
        ("cases/near_once.yaml", "cost: 5000", "cost: dear", "near_once", "cost must be BIGINT"),
        ("cases/near_once.yaml", "place: 甲", "place: 7", "near_once", "place must be VARCHAR"),
        ("cases/near_once.yaml", "day: 2024-01-05", "day: 2024-13", "near_once", "day must be DATE"),
        ("cases/near_once.yaml", "given:", "parameters: {min_visits: 99}\ngiven:", "near_once", "between 1 and 10"),
        ("query.sql", "COUNT(*) AS visits", "NULLIF(COUNT(*), 1) AS visits", "fires_two", "cannot be judged: ['visits']"),
        ("query.sql", "MIN(v.day) AS first_day", "MAX(v.day) + 1 AS first_day", "fires_two", "stands on no row"),
        ("query.sql", "COUNT(*) AS visits", "COUNT(*) / v.place AS visits", "fires_two", "the engine refuses"),
        ("rule.yaml", "repeats: [person, place]", "repeats: [person, day]", "fires_two", "differs over the reduced facts"),
        (
            "rule.yaml",
            "visit: {repeats: [person, place]}",
            "visit: {with: {fact: closure, on: person}}",
            "fires_two",
            "differs over",
        ),
        ("rule.yaml", 'where: "cost > 0"', 'where: "cost > place"', "fires_two", "the engine refuses"),
    ],
)
def test_a_fault_is_told(root: Path, file: str, old: str, new: str, case: str, said: str) -> None:
    plant(root, file, old, new)
    result = outcomes(root)[case]
    assert not result.passed
    assert said in " ".join(problem.en for problem in result.problems)
    assert result.place is not None


def test_of_several_hits_the_nearest_is_told(root: Path) -> None:
    """By the columns in which it differs from the expected one, whichever comes first."""
    rows = "".join(
        f"    - {{person: {person}, place: {place}, day: 2024-0{month}-05, cost: 500}}\n"
        for person, place, months in ((1, "甲", 3), (1, "乙", 2), (2, "甲", 2))
        for month in range(1, months + 1)
    )
    for expected, near in (
        ("{person: 2, place: 甲, visits: 3, variant: B}", "{'visits': 2}"),
        ("{person: 1, place: 乙, visits: 3, variant: B}", "{'visits': 2}"),
        ("{person: 1, place: 甲, visits: 2, variant: A}", "{'visits': 3}"),
    ):
        full(root, "cases/fires_two.yaml").write_text(
            f"why: {{zh: 三条, en: Three}}\ngiven:\n  visit:\n{rows}expect:\n  - {expected}\n", "utf-8"
        )
        told = outcomes(root)["fires_two"].problems[0].en
        assert told.startswith("expected, but not found: ")
        assert told.endswith(f"; nearest: {near}")


def test_a_case_may_set_parameters(root: Path) -> None:
    plant(root, "cases/fires_many.yaml", "given:", "parameters: {min_visits: 3, places: [甲]}\ngiven:")
    assert outcomes(root)["fires_many"].passed
    plant(root, "cases/fires_many.yaml", "min_visits: 3", "min_visits: 4")
    assert not outcomes(root)["fires_many"].passed


def test_why_not_is_told_with_value_and_bound(root: Path) -> None:
    content = load_content([root])
    rule = content.rules["VIS-001"]
    values = parameter_values(rule, {}, content.norms)
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE visit AS SELECT 1 AS person, '甲' AS place, DATE '2024-01-05' AS day, 1.0 AS hours, 400 AS cost")
        engine.run("CREATE TABLE closure (person INTEGER, closed DATE)")
        (row,) = engine.rows(diagnosis_sql(rule, values))
        assert (row["c_visits"], row["v_visits"], row["b_visits"]) == (False, 1, 2)
        assert (row["c_cost"], row["v_cost"], row["b_cost"]) == (False, 400, 1000)
        assert engine.rows(hits_sql(rule, values)) == []
        engine.run("INSERT INTO visit VALUES (NULL, '甲', DATE '2024-01-09', 1, 5), (2, '乙', DATE '2024-02-01', 1, 0)")
        counted = {
            (row["unit"], str(row["month"]), row["outcome"]): row["rows"] for row in engine.rows(population_sql(rule, values))
        }
        assert counted == {("甲", "2024-01-01", "evaluated"): 1, ("甲", "2024-01-01", "id_unsound"): 1}


def test_the_query_can_be_written_for_spark(root: Path) -> None:
    content = load_content([root])
    rule = content.rules["VIS-001"]
    sql = to_spark(candidates_sql(rule, parameter_values(rule, {}, content.norms)))
    assert "'甲'" in sql
    assert "$" not in sql


def test_a_case_can_say_which_rows_a_hit_stands_on_and_how_many_rows_the_rule_concerns(root: Path) -> None:
    plant(root, "cases/fires_many.yaml", "visits: 3,", "visits: 3, stands_on: {visit: 3, closure: 0},")
    plant(root, "cases/fires_many.yaml", "expect:", "population: 3\nexpect:")
    assert outcomes(root)["fires_many"].passed


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("cases/fires_many.yaml", "visit: 3", "visit: 2", "must stand on 2 rows of visit, not on 3"),
        ("cases/fires_many.yaml", "closure: 0", "closure: 1", "must stand on 1 rows of closure, not on 0"),
        ("rule.yaml", "f.day >= h.first_day", "f.day > h.first_day", "must stand on 3 rows of visit, not on 2"),
        ("rule.yaml", "by: {person: person, place: place}", "by: {place: place}", "must stand on 3 rows of visit, not on 4"),
        ("cases/fires_many.yaml", "population: 4", "population: 3", "must concern 3 rows, not 4"),
        ("rule.yaml", 'where: "cost > 0"', 'where: "cost > 500"', "must concern 4 rows, not 0"),
    ],
)
def test_other_rows_than_a_case_says_are_told(root: Path, file: str, old: str, new: str, said: str) -> None:
    plant(
        root,
        "cases/fires_many.yaml",
        "given:\n  visit:\n",
        "given:\n  visit:\n    - {person: 2, place: 甲, day: 2024-03, cost: 500}\n",
    )
    plant(root, "cases/fires_many.yaml", "visits: 3,", "visits: 3, stands_on: {visit: 3, closure: 0},")
    plant(root, "cases/fires_many.yaml", "expect:", "population: 4\nexpect:")
    assert outcomes(root)["fires_many"].passed
    plant(root, file, old, new)
    result = outcomes(root)["fires_many"]
    assert [problem.en for problem in result.problems] == [next(p.en for p in result.problems if said in p.en)]


OPEN = """\
    - {person: 2, place: 甲, day: 2024-01-05}
    - {person: 2, place: 甲, day: 2024-01-06}
    - {person: 3, place: 甲, day: 2024-01-05}
"""
"""Of the one nobody knows the cost; the other came once, whatever it cost."""


@pytest.mark.parametrize(
    ("wanted", "problems"),
    [
        ("", ["conditions that cannot be judged: ['cost'], candidate {'person': 2, 'place': '甲'}",
              "conditions that cannot be judged: ['cost'], candidate {'person': 3, 'place': '甲'}"]),
        ("undetermined: 1\n", []),
        ("undetermined: 0\n", ["0 candidates must be open, not 1"]),
        ("undetermined: 2\n", ["2 candidates must be open, not 1"]),
    ],
)  # fmt: skip
def test_a_case_can_say_how_many_candidates_may_be_hits_and_cannot_be_judged(
    root: Path, wanted: str, problems: list[str]
) -> None:
    plant(root, "cases/fires_many.yaml", "given:\n  visit:\n", f"given:\n  visit:\n{OPEN}")
    plant(root, "cases/fires_many.yaml", "expect:", f"{wanted}expect:")
    assert sorted(problem.en for problem in outcomes(root)["fires_many"].problems) == problems


def test_a_case_without_a_hit_can_say_it_too(root: Path) -> None:
    plant(root, "cases/near_once.yaml", "expect: []", "undetermined: 1\nexpect: []")
    assert [problem.en for problem in outcomes(root)["near_once"].problems] == ["1 candidates must be open, not 0"]
