"""What is left out before a rule runs, and when: only of facts that are large enough, only where it was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import CODE, closed, run, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB, Parameters
from xiezhi.rules.loader import Content
from xiezhi.rules.rule import Condition, EvidenceQuery
from xiezhi.runs import narrow
from xiezhi.runs.narrow import narrow_facts, repeated_hashes
from xiezhi.runs.standing import standing_select


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.mark.parametrize(("rows", "reduced"), [({"visit": 20_000}, True), ({"visit": 19_999}, False), ({}, False)])
def test_a_fact_of_twenty_thousand_rows_is_reduced_and_a_smaller_one_is_not(
    content: Content, rows: dict[str, int], reduced: bool
) -> None:
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE visit AS SELECT unnest([1, 1, 2, 3]) AS person, unnest(['甲', '甲', '甲', '乙']) AS place")
        targets = narrow_facts(engine, [content.rules[CODE]], rows)
        assert targets == ({CODE: {"visit": "visit__narrowed"}} if reduced else {})
        if reduced:
            assert engine.rows("SELECT * FROM visit__narrowed") == [{"person": 1, "place": "甲"}] * 2


def test_rules_that_reduce_one_fact_share_what_any_of_them_needs(content: Content) -> None:
    """And each reads it from there."""
    rule = content.rules[CODE]
    with_closure = with_rule(content, narrow={"visit": {"with": {"fact": "closure", "on": "person"}}}).rules[CODE]
    other = with_closure.model_copy(update={"code": "VIS-002"})
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE visit AS SELECT unnest([1, 1, 2, 3]) AS person, unnest(['甲', '甲', '甲', '乙']) AS place")
        engine.run("CREATE TABLE closure AS SELECT 3 AS person")
        targets = narrow_facts(engine, [rule, other], {"visit": 20_000})
        kept = engine.rows("SELECT person FROM visit__narrowed ORDER BY ALL")
    assert targets == {CODE: {"visit": "visit__narrowed"}, "VIS-002": {"visit": "visit__narrowed"}}
    assert [row["person"] for row in kept] == [1, 1, 3]


class Counting(DuckDB):
    """Keeps how many rows each query gave."""

    def __init__(self) -> None:
        super().__init__(threads=1)
        self.given: list[int] = []

    def query(self, sql: str, parameters: Parameters = None) -> pa.Table:
        found = super().query(sql, parameters)
        self.given.append(found.num_rows)
        return found


def test_hashes_are_sorted_at_once_where_there_is_room_and_else_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a fact of ten rows; of one that is too large for the memory never all, and each row once."""
    engine = Counting()
    with engine:
        engine.run("CREATE TABLE visit AS SELECT i // 2 AS person FROM range(1000) AS t(i)")
        at_once = repeated_hashes(engine, "visit", "hash(person)", 1000)
        assert engine.given == [1000]
        monkeypatch.setattr(narrow, "HASHES_AT_ONCE", 300)
        in_parts = repeated_hashes(engine, "visit", "hash(person)", 1000)
        assert len(engine.given[1:]) == 4
        assert sum(engine.given[1:]) == 1000
        assert max(engine.given[1:]) < 500
    assert sorted(at_once) == sorted(in_parts)
    assert len(in_parts) == 500


@pytest.mark.parametrize(("by", "source"), [(["person", "place"], "visit__narrowed"), (["person"], "visit")])
def test_evidence_is_looked_for_in_the_reduced_fact_where_it_holds_all_that_is_asked(
    content: Content, by: list[str], source: str
) -> None:
    """Whoever asks for all visits of a person needs those that were left out, too; nobody else reads the whole fact again."""
    evidence = [EvidenceQuery(fact="visit", by={column: column for column in by})]
    rule = with_rule(content, evidence=evidence).rules[CODE]
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE found AS SELECT 1 AS person, '甲' AS place, 'A' AS _variant")
        engine.run(f"CREATE TABLE {source} AS SELECT 1 AS person, '甲' AS place, 1 AS _delivery, 2 AS _row")
        rows = engine.rows(standing_select(rule, "found", {"visit": "visit__narrowed"}, {}))
    assert [(row["fact"], row["delivery"], row["row"]) for row in rows] == [("visit", 1, 2)]


@pytest.mark.parametrize(("settings", "hits"), [({}, 0), ({"narrowing": True}, 0), ({"narrowing": False}, 1)])
def test_without_narrowing_a_rule_is_asked_over_whole_facts(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], hits: int
) -> None:
    """Facts are narrowed unless it is said otherwise. Seen by a rule whose reduction is wrong: it asks for one visit, and keeps
    those that are repeated."""
    monkeypatch.setattr(narrow, "SMALL_FACT", 0)
    words: dict[str, Any] = {"name": "visits", "value": "visits", "op": ">=", "bound": "1", "zh": "次数", "en": "Visits"}
    wrong = with_rule(content, conditions=[Condition.model_validate(words)])
    lake = build_lake(tmp_path / "lake", {"visits": [visit(1, "2024-05-01")], "closures": [closed(9, "2024-05-01")]})
    (ending,) = run(lake, wrong, **settings).rules
    assert (ending.ending, ending.hits) == ("done", hits)
