"""From a plan to its facts: what is asked for is known, kept as it was, and built with all the columns its readers need."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import CODE, closed, run, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import ContentError, UserError
from xiezhi.kernel.progress import Silent
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import Content
from xiezhi.rules.rule import Everywhere, EvidenceQuery
from xiezhi.runs import content_copy
from xiezhi.runs import execute as execution
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.elsewhere import offer_facts
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.facts import build_facts, columns_needed
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


def test_where_no_rule_is_named_those_run_that_are_on_trial_or_live(content: Content, lake: Lake) -> None:
    """Neither drafts nor what was withdrawn; by name each of them can be run."""
    stages = {f"VIS-00{number}": status for number, status in enumerate(("draft", "trial", "live", "retired"), 1)}
    rules = {code: content.rules[CODE].model_copy(update={"code": code, "status": status}) for code, status in stages.items()}
    staged = replace(content, rules=rules)
    assert [rule.code for rule in make_plan(staged, lake.snapshot()).rules] == ["VIS-002", "VIS-003"]
    assert [rule.code for rule in make_plan(staged, lake.snapshot(), codes=["VIS-004"]).rules] == ["VIS-004"]


def test_a_function_that_was_not_compared_on_spark_runs_on_our_own_engine_alone(content: Content, lake: Lake) -> None:
    """A rule may have leave for it there; on Spark nothing would say that it gives other rows."""
    sql = content.rules[CODE].sql.replace("MAX(n.value)", "ANY_VALUE(n.value)")
    excused = with_rule(content, sql=sql)
    assert [rule.sql for rule in make_plan(excused, lake.snapshot(), codes=[CODE]).rules] == [sql]
    with pytest.raises(ContentError) as refused:
        make_plan(excused, lake.snapshot(), codes=[CODE], engine="spark")
    assert "SEC-05" in refused.value.message("en")


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


def test_a_fact_has_the_columns_that_conditions_alone_name(content: Content, lake: Lake) -> None:
    """Those of the population and of the evidence; the rule reads the hours in neither way."""
    rule = content.rules[CODE]
    brief = with_rule(
        content,
        sql=rule.sql.replace(", SUM(v.hours) AS hours", ""),
        reads={"visit": ["person", "place", "day", "cost"], "closure": ["person", "closed"]},
        population={"where": "hours > 0"},
        evidence=[EvidenceQuery(fact="visit", by={"person": "person"}, where="f.hours > 0 AND f.day >= h.first_day")],
    )
    record = run(lake, brief)
    assert [(ending.ending, ending.problem, ending.hits) for ending in record.rules] == [("done", "", 1)]
    assert outcomes(lake, record) == {"evaluated": 3}


def test_whom_another_fact_is_asked_about_is_built_with_the_columns_that_say_so(content: Content) -> None:
    """The fact that says who serves where, though no query reads it; of the population itself nothing more is built."""
    closure = content.facts["closure"].columns
    columns = {"who": closure["person"], "village": closure["person"], "closed": closure["closed"]}
    facts = {**content.facts, "officer": content.facts["closure"].model_copy(update={"name": "officer", "columns": columns})}
    asked = Everywhere(fact="closure", among="officer", by={"person": "who"}, place="village")
    rule = with_rule(content, population={"everywhere": [asked]}).rules[CODE]
    needed = columns_needed([rule], facts)
    assert needed["officer"] == {"who", "village"}
    assert needed["visit"] == {"person", "place", "day", "hours", "cost"}


@pytest.mark.parametrize(("rows", "kind"), [(999_999, "BASE TABLE"), (1_000_000, "VIEW")])
def test_a_fact_of_a_million_rows_is_read_where_it_lies_and_a_smaller_one_is_copied(
    content: Content, rows: int, kind: str
) -> None:
    """A copy of a big one takes longer than what it saves, and fills the disk."""
    fact = content.facts["visit"]
    with DuckDB(threads=1) as engine:
        engine.run("CREATE SCHEMA lake")
        engine.run("CREATE TABLE lake.visits AS SELECT 1 AS person, '甲' AS place, 1 AS _delivery, 2 AS _row")
        counted = build_facts(
            engine, [with_few_columns(fact)], {"visit": {"person"}}, {"visits": TableRef("visits", (), {}, rows)}
        )
        (made,) = engine.rows("SELECT table_type FROM information_schema.tables WHERE table_name = 'visit'")
        assert (counted, made["table_type"]) == ({"visit": rows}, kind)
        assert engine.rows("SELECT * FROM visit") == [{"person": 1, "_delivery": 1, "_row": 2}]


def test_a_fact_whose_table_never_came_has_no_rows(content: Content) -> None:
    with DuckDB(threads=1) as engine:
        assert build_facts(engine, [content.facts["closure"].emptied()], {"closure": {"person"}}, {}) == {"closure": 0}
        assert engine.rows("SELECT * FROM closure") == []


def with_few_columns(fact: Fact) -> Fact:
    """Of a person and a place alone."""
    columns = {name: fact.columns[name] for name in ("person", "place")}
    return fact.model_copy(update={"columns": columns, "sql": "SELECT person, place, _delivery, _row FROM visits"})


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


def test_a_column_of_the_population_that_the_rule_does_not_read_holds_nothing_against_it(
    content: Content, tmp_path: Path
) -> None:
    """Who helped at a visit is another person than who was there: what came back of the helper's closure is no matter."""
    reads = {**content.rules[CODE].reads, "closure": ["person", "closed", "helper"]}
    helped = with_rule(content, population={"horizon": {}}, reads=reads)
    for name in ("visit", "closure"):
        fact = content.facts[name]
        columns = {**fact.columns, "helper": fact.columns["person"]}
        helped = with_fact(helped, name, columns=columns, sql=fact.sql.replace("SELECT", "SELECT person + 1 AS helper,"))
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = {
        "visits": [visit(1, "2024-05-01"), visit(2, "2024-05-01")],
        "closures": [closed(9, "2024-05-01")],
        "closures__set_aside": [closed(2, None)],
    }
    lake = build_lake(tmp_path / "lake", tables)
    assert outcomes(lake, run(lake, helped)) == {"evaluated": 1, "against_set_aside": 1}


class Beside(DuckDB):
    """Another engine that answers rules, as Spark does, and is here in any case: facts are defined by name, and asked."""

    def define(self, name: str, sql: str) -> None:
        self.run(f'CREATE VIEW "{name}" AS {sql}')


class Offered(Beside):
    """Keeps the columns it was told of each table, and has a table of these."""

    def __init__(self) -> None:
        super().__init__(threads=1)
        self.told: dict[str, dict[str, str]] = {}

    def open_tables(self, tables: Iterable[TableRef]) -> None:
        for table in tables:
            self.told[table.name] = dict(table.columns)
            self.run(f'CREATE TABLE "{table.name}" ({", ".join(f"{name} {kind}" for name, kind in table.columns.items())})')


def test_another_engine_is_told_of_the_columns_that_an_older_lake_lacks(content: Content, lake: Lake) -> None:
    """A fact may read them, and finds them empty; what a table has it keeps as it is."""
    optional: Any = {"visits": {"ward": "VARCHAR", "hours": "INTEGER"}}
    fact = with_fact(
        content, "visit", optional=optional, sql=content.facts["visit"].sql.replace("place,", "ward AS place,")
    ).facts
    tables = lake.snapshot().tables
    beside = Offered()
    with beside:
        offer_facts(cast("Any", beside), [fact["visit"]], tables)
        assert beside.told["lake__visits"] == {**tables["visits"].columns, "ward": "VARCHAR"}
        assert beside.rows("SELECT place FROM visit") == []


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


UNSOUND: dict[str, dict[str, Any]] = {
    "a fact in its evidence": {"evidence": [EvidenceQuery(fact="no_such", by={"person": "person"})]},
    "its unit": {"population": {"unit": "no_such"}},
    "its month": {"population": {"month": "no_such"}},
    "what it needs": {"population": {"needs": {"no_such": "value_missing"}}},
}


@pytest.mark.parametrize("named", UNSOUND)
def test_a_rule_that_names_what_is_not_there_is_broken_alone(content: Content, tmp_path: Path, named: str) -> None:
    """A fact that nobody wrote is no fact without data, and a column that its population has not ends no other rule's run."""
    sound = content.rules[CODE]
    other = sound.model_copy(update={"code": "VIS-002", "id": uuid4()})
    astray = with_rule(content, **UNSOUND[named])
    lake = build_lake(tmp_path / "lake", TABLES)
    plan = make_plan(replace(astray, rules={**astray.rules, other.code: other}), lake.snapshot())
    record = execute(plan, RunFolders(lake.paths.runs), Settings(), Silent())
    assert {rule.code: rule.ending for rule in record.rules} == {CODE: "broken", other.code: "done"}
    assert "no_such" in next(rule.problem for rule in record.rules if rule.code == CODE)
    coverage = pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / COVERAGE).to_pylist()
    assert [(row["outcome"], row["rows"]) for row in coverage if row["rule"] == CODE] == [("rule_broken", 0)]


def test_a_run_with_content_that_is_refused_today_says_so(content: Content, tmp_path: Path) -> None:
    lake = build_lake(tmp_path / "lake", TABLES)
    copy = RunFolders(lake.paths.runs).folder(run(lake, content).run) / "content.json"
    copy.write_text(copy.read_text("utf-8").replace('"key":["person"', '"key":["Person"'), "utf-8")
    with pytest.raises(ContentError, match="would be refused today"):
        content_copy.read(copy)
