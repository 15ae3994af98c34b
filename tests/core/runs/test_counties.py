"""A county of whose people a register speaks of nobody: chance in a small one, nothing delivered in a large one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.world import payment, world
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.progress import Silent
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.rule import Everywhere
from xiezhi.runs.counties import silent_counties
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import COVERAGE, RunFolders

HERE, THERE = 990101, 990102
ASKED = Everywhere(fact="death", by={"person": "person"}, place="village")


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


def villages(county: int, people: range) -> list[tuple[int, int]]:
    return [(person, county * 10**6 + 1001 + person % 3) for person in people]


def silent(lives: list[tuple[int, int | None]], dead: list[int], asked: Everywhere = ASKED) -> list[int]:
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE payment (person INTEGER, village BIGINT)")
        engine.run("CREATE TABLE death (person INTEGER)")
        for row in lives:
            engine.run("INSERT INTO payment VALUES (?, ?)", list(row))
        for person in dead:
            engine.run("INSERT INTO death VALUES (?)", [person])
        return silent_counties(engine, asked, "payment")


@pytest.mark.parametrize(("people", "found"), [(69, []), (70, [THERE])])
def test_seven_people_who_should_be_there_and_are_not_are_no_chance(people: int, found: list[int]) -> None:
    """One of ten is in the register here; of so many there, seven would be."""
    lives = [*villages(HERE, range(100)), *villages(THERE, range(1000, 1000 + people))]
    assert silent(lives, list(range(10))) == found


def test_people_are_counted_not_their_rows() -> None:
    """A person of many payments is one, of whom the register speaks as often as it likes."""
    lives = [*villages(HERE, range(100)), *villages(THERE, range(1000, 1069)) * 5]
    assert silent(lives, list(range(10)) * 3) == []


def test_one_who_is_spoken_of_is_enough() -> None:
    lives = [*villages(HERE, range(100)), *villages(THERE, range(1000, 2000))]
    assert silent(lives, [*range(10), 1500]) == []


def test_what_is_usual_is_told_by_the_counties_that_came() -> None:
    """Two that did not come would make each other look usual."""
    third = 990103
    lives = [*villages(HERE, range(70)), *villages(THERE, range(1000, 1070)), *villages(third, range(2000, 2070))]
    assert silent(lives, list(range(7))) == [THERE, third]


def test_a_register_of_nobody_says_nothing_of_counties() -> None:
    """That it is empty is told otherwise; people of no place are of no county."""
    assert silent(villages(HERE, range(1000)), []) == []
    nowhere: list[tuple[int, int | None]] = [(person, None) for person in range(3000, 4000)]
    assert silent([*villages(HERE, range(100)), *nowhere], list(range(10))) == []


def test_whom_another_fact_names_are_asked_instead() -> None:
    asked = Everywhere(fact="death", among="officer", by={"person": "who"}, place="village")
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE death AS SELECT * FROM range(10) AS t(person)")
        engine.run(f"CREATE TABLE officer AS SELECT i AS who, {HERE}001001 AS village FROM range(100) AS t(i)")
        engine.run(f"INSERT INTO officer SELECT i, {THERE}001001 FROM range(1000, 1100) AS t(i)")
        assert silent_counties(engine, asked, "payment") == [THERE]


def test_whoever_is_known_by_two_numbers_is_spoken_of_where_both_agree() -> None:
    """Another member of a household that the register speaks of is not in it: his county is silent all the same."""
    asked = Everywhere(fact="death", by={"household": "household", "member": "member"}, place="village")
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE death AS SELECT i AS household, 1 AS member FROM range(100) AS t(i)")
        engine.run(f"CREATE TABLE payment AS SELECT i AS household, 1 AS member, {HERE}001001 AS village FROM range(100) AS t(i)")
        engine.run(f"INSERT INTO payment SELECT i, 2, {THERE}001001 FROM range(100) AS t(i)")
        assert silent_counties(engine, asked, "payment") == [THERE]


def outcomes(content: Content, folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Counter[tuple[Any, ...]]:
    lake = build_lake(folder, tables)
    record = execute(
        make_plan(content, lake.snapshot(), codes=["SUB-001"]), RunFolders(lake.paths.runs), Settings(threads=1), Silent()
    )
    found: Counter[tuple[Any, ...]] = Counter()
    for row in pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / COVERAGE).to_pylist():
        found[row["unit"], row["outcome"]] += row["rows"]
    return found


def test_no_zero_is_told_of_a_county_that_delivered_no_deaths(content: Content, tmp_path: Path) -> None:
    """Its payments are not judged; where one death of it is known, all of them are."""
    lives = [*villages(HERE, range(100, 200)), *villages(THERE, range(1000, 1070))]
    agency = {HERE: "D01", THERE: "D02"}
    paid = [payment(person, 3, village=village, agency=agency[village // 10**6]) for person, village in lives]
    died = [{"person": person, "death_date": date(2025, 1 + person % 10, 9), "source": "火化"} for person in range(100, 110)]
    tables: dict[str, Any] = world() | {"subsidy_payment": paid, "death_registry": died}
    assert outcomes(content, tmp_path / "a", tables) == {("D01", "evaluated"): 100, ("D02", "county_missing"): 70}
    told = tables | {"death_registry": [*died, {"person": 1003, "death_date": date(2025, 5, 1), "source": "火化"}]}
    assert outcomes(content, tmp_path / "b", told) == {("D01", "evaluated"): 100, ("D02", "evaluated"): 70}
