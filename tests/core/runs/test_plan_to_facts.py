"""From a plan to its facts: what is asked for is known, kept as it was, and built with all the columns its readers need."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import CODE, closed, run, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Silent
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content
from xiezhi.runs import content_copy
from xiezhi.runs import execute as execution
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import COVERAGE, RunFolders, RunRecord

VISITS = [visit(1, "2024-05-01"), visit(1, "2024-05-02"), visit(2, "2024-05-03")]
TABLES = {"visits": VISITS, "closures": [closed(9, "2024-05-01")]}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return build_lake(tmp_path_factory.mktemp("lake") / "lake", TABLES)


def with_fact(content: Content, name: str, **changes: Any) -> Content:
    return replace(content, facts={**content.facts, name: content.facts[name].model_copy(update=changes)})


def outcomes(lake: Lake, record: RunRecord) -> dict[str, int]:
    """Outcome → rows of all units and months."""
    found: Counter[str] = Counter()
    for row in pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / COVERAGE).to_pylist():
        found[row["outcome"]] += row["rows"]
    return dict(found)


def test_a_code_that_no_rule_has_is_refused_by_name(content: Content, lake: Lake) -> None:
    """Though another that is asked for is known."""
    with pytest.raises(UserError) as refused:
        make_plan(content, lake.snapshot(), codes=[CODE, "VIS-404"])
    assert refused.value.code == "XZ-RUN-02"
    assert "VIS-404" in refused.value.message("en")


@pytest.mark.parametrize("how", [{"with": {"fact": "closure", "on": "person"}}, {"repeats": ["person"], "keep": "cost < 0"}])
def test_the_content_of_a_plan_is_read_back_as_it_was(content: Content, lake: Lake, tmp_path: Path, how: dict[str, Any]) -> None:
    """And written with the words that its author used."""
    plan = make_plan(with_rule(content, narrow={"visit": how}), lake.snapshot(), codes=[CODE])
    content_copy.write(tmp_path / "content.json", plan)
    assert json.loads((tmp_path / "content.json").read_text("utf-8"))["rules"][0]["narrow"]["visit"].items() >= how.items()
    rules, facts = content_copy.read(tmp_path / "content.json")
    assert rules == {rule.code: rule for rule in plan.rules}
    assert facts == {fact.name: fact for fact in plan.facts}
    assert rules[CODE].digest == plan.rules[0].digest


def test_a_fact_has_the_columns_that_another_fact_reads_though_no_rule_names_them(content: Content, lake: Lake) -> None:
    """The rule itself leaves the hours out."""
    rule = content.rules[CODE]
    brief = with_rule(
        content,
        sql=rule.sql.replace(", SUM(v.hours) AS hours", ""),
        reads={"visit": ["person", "place", "day", "cost"], "closure": ["person", "closed"]},
    )
    sql = (
        "SELECT c.person, c.closed, c._delivery, c._row FROM closures AS c"
        " WHERE c.person NOT IN (SELECT v.person FROM visit AS v WHERE v.hours > 24)"
    )
    record = run(lake, with_fact(brief, "closure", facts=["visit"], sql=sql))
    assert [(ending.ending, ending.hits) for ending in record.rules] == [("done", 1)]


def test_rows_of_a_table_that_its_fact_leaves_out_are_told_as_many_as_they_are(content: Content, lake: Lake) -> None:
    fact = content.facts["visit"]
    record = run(lake, with_fact(content, "visit", sql=f"{fact.sql} WHERE cost > 1000000"))
    assert outcomes(lake, record) == {"outside": 3}


def test_whom_rows_set_aside_speak_of_cannot_be_judged(content: Content, tmp_path: Path) -> None:
    """By whatever was read after the population itself; of a hit it is known. A fact said to change nothing is not asked."""
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = {
        "visits": [visit(1, "2024-05-01"), visit(1, "2024-05-02"), visit(2, "2024-05-01"), visit(3, "2024-05-01")],
        "visits__set_aside": [visit(3, "2024-05-02")],
        "closures": [closed(9, "2024-05-01")],
        "closures__set_aside": [closed(1, None), closed(2, None), closed(2, None)],
    }
    bare = with_rule(content, population={"horizon": {}})
    lake = build_lake(tmp_path / "lake", tables)
    assert outcomes(lake, run(lake, bare)) == {"evaluated": 3, "against_set_aside": 1, "set_aside": 1}
    spared = with_rule(content, population={"horizon": {}, "unaffected": {"closure": Words(zh="无关", en="No matter")}})
    assert outcomes(lake, run(lake, spared)) == {"evaluated": 4, "set_aside": 1}


class Beside(DuckDB):
    """Another engine that answers rules, as Spark does, and is here in any case: facts are defined by name, and asked."""

    def define(self, name: str, sql: str) -> None:
        self.run(f'CREATE VIEW "{name}" AS {sql}')


def test_what_another_engine_answers_is_recorded_as_if_it_were_our_own(
    content: Content, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(name: str, **_settings: Any) -> AbstractContextManager[DuckDB]:
        asked.append(name)
        return beside

    asked: list[str] = []
    plain = with_rule(content, narrow={})
    folders = RunFolders(lake.paths.runs)
    own = run(lake, plain)
    ours = hit_rows(folders, own.run)
    beside = Beside(threads=1)
    with beside:
        monkeypatch.setattr(execution, "open_beside", opened)
        plan = make_plan(plain, lake.snapshot(), codes=[CODE], engine="spark")
        record = execute(plan, folders, Settings(threads=1), Silent())
    assert asked == ["spark"]
    assert [(ending.ending, ending.problem) for ending in record.rules] == [("done", "")]
    theirs = hit_rows(folders, record.run)
    assert [row["state"] for row in theirs] == ["still"]
    assert [row | {"state": "", "first_run": 0} for row in theirs] == [row | {"state": "", "first_run": 0} for row in ours]
    assert outcomes(lake, record) == outcomes(lake, own) == {"evaluated": 3}
