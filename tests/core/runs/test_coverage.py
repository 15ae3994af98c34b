"""Coverage of the shipped rules over small lakes: what could not be judged is counted, with its reason, where it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.builders.lake import build_lake
from tests.core.runs.world import payment, world
from xiezhi.cli.main import cli
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig, shipped_content
from xiezhi.operations.coverage import summarise_coverage
from xiezhi.rules.loader import Content, load_content
from xiezhi.runs.coverage import measure_coverage
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import COVERAGE, RunFolders, RunRecord

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


def coverage(content: Content, folder: Path, tables: Tables, code: str) -> dict[str, int]:
    """Outcome → rows."""
    return dict(sum((Counter({row["outcome"]: row["rows"]}) for row in _rows(content, folder, tables, code)), Counter()))


def _rows(content: Content, folder: Path, tables: Tables, code: str) -> list[dict[str, Any]]:
    lake = build_lake(folder, tables)
    record = _ran(content, lake, code)
    table: list[dict[str, Any]] = pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / COVERAGE).to_pylist()
    return table


def _ran(content: Content, lake: Lake, code: str) -> RunRecord:
    plan = make_plan(content, lake.snapshot(), codes=[code])
    return execute(plan, RunFolders(lake.paths.runs), Settings(threads=1), Silent())


def monthly(persons: int, months: Sequence[date], **other: Any) -> list[dict[str, Any]]:
    return [payment(person, month.month, benefit_month=month, **other) for month in months for person in range(10, 10 + persons)]


def months(first: int, last: int) -> list[date]:
    return [date(2025, month, 1) for month in range(first, last + 1)]


def test_an_item_without_a_standard_is_not_computable(content: Content, tmp_path: Path) -> None:
    tables = world() | {"subsidy_item": [{"item": "DIB", "title": "低保", "universal": False}]}
    assert coverage(content, tmp_path, tables, "SUB-002") == {"standard_missing": 12}


def test_an_item_that_is_in_no_catalogue_stays_in_the_denominator(content: Content, tmp_path: Path) -> None:
    tables = world() | {"subsidy_payment": [*world()["subsidy_payment"], payment(6, 3, item="NEW")]}
    found = coverage(content, tmp_path, tables, "SUB-002")
    assert found["standard_missing"] == 1
    assert sum(found.values()) == 13


def test_an_empty_table_is_no_table(content: Content, tmp_path: Path) -> None:
    """A register of which only the header came."""
    found = coverage(content, tmp_path, world() | {"death_registry": []}, "SUB-001")
    assert set(found) == {"table_missing"}


def test_a_rule_whose_catalogue_has_no_row_is_not_computable(content: Content, tmp_path: Path) -> None:
    """As one whose catalogue never came, not done with nothing found."""
    lake = build_lake(tmp_path, world() | {"subsidy_item": []})
    (ending,) = _ran(content, lake, "SUB-002").rules
    assert (ending.ending, ending.problem) == ("not_computable", "facts without data: item, item_standard")
    (told,) = summarise_coverage(CoreConfig(), tmp_path)
    assert (told.population, told.evaluated, told.reasons) == (12, 0, {"table_missing": 12})


def test_a_population_of_which_all_came_back_is_counted_with_what_came_back(content: Content, tmp_path: Path) -> None:
    tables = world() | {"subsidy_payment": [], "subsidy_payment__set_aside": [payment(8, 3), payment(9, 4)]}
    assert coverage(content, tmp_path, tables, "SUB-001") == {"set_aside": 2}


def test_rows_that_a_rule_does_not_look_at_are_told_and_are_no_part_of_the_population(content: Content, tmp_path: Path) -> None:
    """Payments of nothing, by the agency and month they were made in."""
    nothing = [payment(person, month, amount=0, agency="D02") for person in (7, 8) for month in (3, 4)]
    lake = build_lake(tmp_path, world() | {"subsidy_payment": [*world()["subsidy_payment"], *nothing]})
    _ran(content, lake, "SUB-002")
    (told,) = summarise_coverage(CoreConfig(), tmp_path)
    assert (told.population, told.evaluated, told.reasons, told.outside) == (12, 12, {}, 4)
    by_month = summarise_coverage(CoreConfig(), tmp_path, by="month")
    outside = [(row.unit, row.month, row.outside) for row in by_month if row.outside]
    assert outside == [("D02", date(2025, 3, 1), 2), ("D02", date(2025, 4, 1), 2)]


@pytest.mark.parametrize(("rows", "said"), [(4, "nothing was in scope; 4 rows looked at, all outside what this rule looks at")])
def test_where_nobody_is_in_scope_the_command_says_so(content: Content, tmp_path: Path, rows: int, said: str) -> None:
    nothing = [payment(person, 3, amount=0) for person in range(rows)]
    lake = build_lake(tmp_path / "lake", world() | {"subsidy_payment": nothing})
    _ran(content, lake, "SUB-002")
    shown = CliRunner().invoke(cli, ["coverage", "--lake", str(tmp_path / "lake")], env={"XIEZHI_LANG": "en", "COLUMNS": "400"})
    assert said in shown.output


def test_months_that_the_death_register_does_not_reach(content: Content, tmp_path: Path) -> None:
    deaths = [{"person": 100 * month + day, "death_date": date(2025, month, 1)} for month in (3, 4) for day in range(3)]
    tables = world() | {"death_registry": deaths, "subsidy_payment": monthly(2, months(2, 6))}
    found = coverage(content, tmp_path, tables, "SUB-001")
    assert {key: found[key] for key in ("table_early", "table_late")} == {"table_early": 2, "table_late": 4}


def test_a_month_without_deaths_is_a_gap_where_there_are_always_some(content: Content, tmp_path: Path) -> None:
    deaths = [
        {"person": 1000 * month + number, "death_date": date(2025, month, 9)}
        for month in (1, 2, 3, 4, 6, 7, 8)
        for number in range(20)
    ]
    tables = world() | {"death_registry": deaths, "subsidy_payment": monthly(2, months(1, 8))}
    rows = [row for row in _rows(content, tmp_path, tables, "SUB-001") if row["outcome"] == "table_gap"]
    assert [(row["month"], row["rows"]) for row in rows] == [(date(2025, 5, 1), 2)]


def test_what_belongs_to_a_hit_was_evaluated(content: Content, tmp_path: Path) -> None:
    """Even beyond the newest registered death: who is known to be dead is known."""
    rows = _rows(content, tmp_path, world(), "SUB-001")
    hit_months = [row for row in rows if row["outcome"] == "evaluated" and row["month"] > date(2025, 1, 1)]
    assert sum(row["rows"] for row in hit_months) == 3  # of person 1, in February, March and April


def test_a_rule_that_broke_off_has_evaluated_nothing(content: Content) -> None:
    rule = content.rules["SUB-001"]
    with DuckDB(threads=1) as engine:
        engine.run(
            "CREATE TABLE payment AS SELECT 1 AS person, 'D' AS agency, 990101001001 AS village,"
            " DATE '2025-01-01' AS benefit_month, 5 AS amount"
        )
        found = measure_coverage(engine, [rule], {rule.code: {}}, {}, {}).to_pylist()
    assert [(row["outcome"], row["rows"]) for row in found] == [("rule_broken", 1)]


def test_a_candidate_that_cannot_be_judged_makes_its_rows_undetermined(content: Content) -> None:
    rule = content.rules["MED-047"]
    with DuckDB(threads=1) as engine:
        engine.run(
            "CREATE TABLE stay AS SELECT i AS person, 'S' || i AS settle_id, '甲' AS hospital, DATE '2025-01-01' AS admit,"
            " DATE '2025-01-05' AS discharge, 5 AS fund_pay FROM range(3) AS r(i)"
        )
        engine.run("CREATE TABLE link AS SELECT 1 AS person, false AS _met UNION ALL SELECT 2, true UNION ALL SELECT 2, false")
        found = measure_coverage(engine, [rule], {rule.code: {}}, {}, {rule.code: "link"}).to_pylist()
    assert {row["outcome"]: row["rows"] for row in found} == {"evaluated": 2, "undetermined": 1}


def test_a_month_that_one_agency_did_not_deliver_is_counted_as_missing(content: Content, tmp_path: Path) -> None:
    """Not as a month of which nothing was to be looked at."""
    paid = [*monthly(20, months(1, 6)), *monthly(20, [*months(1, 3), *months(5, 6)], agency="D02")]
    rows = _rows(content, tmp_path, world() | {"subsidy_payment": paid}, "SUB-002")
    missing = [(row["unit"], row["month"], row["rows"]) for row in rows if row["outcome"] == "not_delivered"]
    assert missing == [("D02", date(2025, 4, 1), 20)]


def test_an_agency_that_stopped_delivering_is_missed_until_the_newest_month(content: Content, tmp_path: Path) -> None:
    paid = [*monthly(20, months(1, 6)), *monthly(20, months(1, 4), agency="D02")]
    rows = _rows(content, tmp_path, world() | {"subsidy_payment": paid}, "SUB-002")
    missing = [(row["unit"], row["month"]) for row in rows if row["outcome"] == "not_delivered"]
    assert missing == [("D02", date(2025, 5, 1)), ("D02", date(2025, 6, 1))]


def test_a_county_that_stopped_is_missed_though_its_office_bears_the_name_of_others(content: Content, tmp_path: Path) -> None:
    paid = [*monthly(20, months(1, 6), village=990101001001), *monthly(10, months(1, 4), village=990102001001)]
    rows = _rows(content, tmp_path, world() | {"subsidy_payment": paid}, "SUB-002")
    missing = [(row["month"], row["rows"]) for row in rows if row["outcome"] == "not_delivered"]
    assert missing == [(date(2025, 5, 1), 10), (date(2025, 6, 1), 10)]


def test_rows_set_aside_at_intake_are_part_of_the_denominator(content: Content, tmp_path: Path) -> None:
    tables = world() | {"subsidy_payment__set_aside": [payment(8, 3), payment(9, 4), payment(9, 5, amount=-1)]}
    found = coverage(content, tmp_path, tables, "SUB-001")
    assert found["set_aside"] == 2  # one would have been a reversal, which nobody is counted by


def test_of_whom_a_register_speaks_in_rows_set_aside_nothing_is_known(content: Content, tmp_path: Path) -> None:
    """Payments are held against deaths: who died of whom the row came back is not among the living."""
    reaching = [
        *world()["death_registry"],
        {"person": 77, "death_date": date(2024, 1, 1)},
        {"person": 78, "death_date": date(2025, 12, 1)},
    ]
    whole = world() | {"death_registry": reaching}
    before = coverage(content, tmp_path / "a", whole, "SUB-001")
    paid = sorted({row["person"] for row in whole["subsidy_payment"]})
    for number, person in enumerate(paid):
        aside = {"death_registry__set_aside": [{"person": person, "death_date": None}, {"person": 999, "death_date": None}]}
        found = coverage(content, tmp_path / f"b{number}", whole | aside, "SUB-001")
        rows = found.get("against_set_aside", 0)
        assert sum(found.values()) == sum(before.values())
        assert rows == before["evaluated"] - found["evaluated"]
        assert (rows > 0) == (person != 1)  # of person 1 the death is known, too: a hit was evaluated


def test_a_register_that_was_never_filled_bounds_everything(content: Content, tmp_path: Path) -> None:
    """Nobody can be told from the dead by an empty register."""
    rule = content.rules["SUB-009"]
    assert "death" in rule.population.delivered
    with DuckDB(threads=1) as engine:
        columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in content.facts["elder"].types.items())
        engine.run(f"CREATE TABLE elder AS SELECT {columns}")
        for fact in sorted(rule.population.facts - {"elder"}):
            typed = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in content.facts[fact].types.items())
            engine.run(f"CREATE TABLE {fact} AS SELECT {typed} WHERE false")
        engine.run("UPDATE elder SET status = '正常'")
        engine.run("CREATE TABLE link AS SELECT CAST(NULL AS INTEGER) AS person, true AS _met WHERE false")
        found = measure_coverage(engine, [rule], {rule.code: {"item": "X"}}, {}, {rule.code: "link"}).to_pylist()
    assert {row["outcome"] for row in found} == {"table_missing"}
