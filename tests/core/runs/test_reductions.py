"""What is left out before a rule runs, and when: only of facts that are large enough, only where it was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import CODE, closed, run, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.loader import Content
from xiezhi.rules.rule import Condition
from xiezhi.runs import narrow
from xiezhi.runs.narrow import narrow_facts


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


@pytest.mark.parametrize(("narrowing", "hits"), [(True, 0), (False, 1)])
def test_without_narrowing_a_rule_is_asked_over_whole_facts(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, narrowing: bool, hits: int
) -> None:
    """Seen by a rule whose reduction is wrong: it asks for one visit, and keeps those that are repeated."""
    monkeypatch.setattr(narrow, "SMALL_FACT", 0)
    words: dict[str, Any] = {"name": "visits", "value": "visits", "op": ">=", "bound": "1", "zh": "次数", "en": "Visits"}
    wrong = with_rule(content, conditions=[Condition.model_validate(words)])
    lake = build_lake(tmp_path / "lake", {"visits": [visit(1, "2024-05-01")], "closures": [closed(9, "2024-05-01")]})
    (ending,) = run(lake, wrong, narrowing=narrowing).rules
    assert (ending.ending, ending.hits) == ("done", hits)
