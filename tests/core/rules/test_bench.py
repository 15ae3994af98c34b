"""The bench: what the engine refuses is no mutant, which case kills one, and how what came of them is counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders.content import write
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.fact import Fact
from xiezhi.rules.fact_cases import load_fact_cases
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.mutation.bench import FactBench, Fate, RuleBench
from xiezhi.rules.mutation.equivalents import LEAST
from xiezhi.rules.mutation.mutant import Draft
from xiezhi.rules.mutation.score import Score, score
from xiezhi.rules.rule import Rule

DELIVERED = {"closures": {"person": "INTEGER", "closed": "DATE", "_delivery": "INTEGER", "_row": "BIGINT"}}

ONE_CLOSED = """\
why: {zh: 一人, en: One person}
tables:
  closures:
    - {person: 1, closed: 2024-03-05}
expect:
  - {person: 1, closed: 2024-03-05}
"""
NO_DAY = """\
why: {zh: 没有日期, en: No day}
tables:
  closures:
    - {person: 1}
    - {closed: 2024-03-05}
expect:
  - {person: 1}
  - {closed: 2024-03-05}
"""


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as opened:
        yield opened


@pytest.fixture
def content(root: Path) -> Content:
    write(root, "facts/closure/cases/a_one.yaml", ONE_CLOSED)
    write(root, "facts/closure/cases/b_no_day.yaml", NO_DAY)
    return load_content([root])


@pytest.fixture
def bench(content: Content, engine: DuckDB) -> RuleBench:
    rule = content.rules["VIS-001"]
    return RuleBench(rule, load_cases(content.folder("VIS-001")), content, {}, engine)


@pytest.fixture
def fact_bench(content: Content, engine: DuckDB) -> FactBench:
    fact = content.facts["closure"]
    return FactBench(fact, load_fact_cases(content.fact_folder("closure")), content, DELIVERED, engine)


@pytest.fixture
def rule(content: Content) -> Rule:
    return content.rules["VIS-001"]


@pytest.fixture
def fact(content: Content) -> Fact:
    return content.facts["closure"]


def with_sql(rule: Rule, old: str, new: str) -> Rule:
    assert old in rule.sql
    return rule.model_copy(update={"sql": rule.sql.replace(old, new)})


def test_a_mutant_is_killed_by_the_case_that_tells_it_apart(bench: RuleBench, rule: Rule) -> None:
    assert bench.fate(rule) == Fate(computes=True)
    assert bench.fate(with_sql(rule, "MIN(v.day)", "MAX(v.day)")) == Fate(computes=True, killer="fires_many")


def test_the_case_that_killed_last_is_asked_first(bench: RuleBench, rule: Rule) -> None:
    nothing = with_sql(rule, "WHERE ", "WHERE FALSE AND ")
    assert bench.fate(nothing).killer == "fires_many"
    other = rule.variants[1].model_copy(update={"code": "C"})
    assert bench.fate(rule.model_copy(update={"variants": [rule.variants[0], other]})).killer == "fires_two"
    assert bench.fate(nothing).killer == "fires_two"
    assert bench.cases == 5


def test_what_the_engine_refuses_is_no_mutant(bench: RuleBench, rule: Rule) -> None:
    evidence = rule.evidence[0].model_copy(update={"where": "f.night >= h.first_day"})
    population = rule.population.model_copy(update={"where": "price > 0"})
    for refused in (
        with_sql(rule, "v.person IS NOT NULL", "v.human IS NOT NULL"),
        rule.model_copy(update={"evidence": [evidence]}),
        rule.model_copy(update={"population": population}),
    ):
        assert bench.fate(refused) == Fate(computes=False)


def test_a_mutant_that_refuses_a_case_s_parameter_is_killed_by_it(root: Path, engine: DuckDB) -> None:
    case = root / "rules/medical/VIS-001-frequent-visits/cases/near_once.yaml"
    case.write_text(case.read_text("utf-8").replace("given:", "parameters: {min_visits: 9}\ngiven:"), "utf-8")
    content = load_content([root])
    rule = content.rules["VIS-001"]
    bench = RuleBench(rule, load_cases(content.folder("VIS-001")), content, {}, engine)
    narrower = rule.parameters["min_visits"].model_copy(update={"max": 5})
    mutant = rule.model_copy(update={"parameters": rule.parameters | {"min_visits": narrower}})
    assert bench.fate(mutant) == Fate(computes=True, killer="near_once")


def test_types_of_candidates_are_known_where_a_case_opened_their_facts(bench: RuleBench, rule: Rule, content: Content) -> None:
    types = bench.candidate_types(rule)
    assert (types["person"], types["first_day"], types["hours"]) == ("INTEGER", "DATE", "DOUBLE")
    with DuckDB(threads=1) as other:
        without = RuleBench(rule, [], content, {}, other)
        assert without.candidate_types(rule) == {}
        assert without.fate(rule) == Fate(computes=True)


def test_a_fact_is_killed_by_its_cases_and_the_last_of_them_is_asked_first(fact_bench: FactBench, fact: Fact) -> None:
    def mutant(more: str) -> Fact:
        return fact.model_copy(update={"sql": f"{fact.sql} {more}"})

    assert fact_bench.fate(fact) == Fate(computes=True)
    assert fact_bench.fate(mutant("WHERE FALSE")) == Fate(computes=True, killer="a_one")
    assert fact_bench.fate(mutant("WHERE closed IS NOT NULL")) == Fate(computes=True, killer="b_no_day")
    assert fact_bench.fate(mutant("WHERE FALSE")).killer == "b_no_day"
    assert fact_bench.fate(mutant("WHERE night IS NOT NULL")) == Fate(computes=False)
    assert fact_bench.cases == 2


class Told:
    """A bench that says what it was told to say of each mutant."""

    cases = 1

    def __init__(self, fates: dict[str, Fate]) -> None:
        self._fates = fates

    def fate(self, mutant: Rule) -> Fate:
        return self._fates[mutant.sql]


def told(rule: Rule, folder: Path, **fates: Fate) -> Score:
    drafts = [
        Draft("query.sql", "", "made", rule.sql, text, (rule.sql, text), rule.model_copy(update={"sql": text})) for text in fates
    ]
    return score(rule.code, drafts, Told(fates), folder)


def test_killed_survivors_and_equivalents_are_counted(rule: Rule, tmp_path: Path) -> None:
    fates: dict[str, Any] = {"one": Fate(True, "a case"), "two": Fate(True), "three": Fate(True), "four": Fate(False)}
    before = told(rule, tmp_path, **fates)
    assert (before.mutants, before.killed, before.score) == (3, 1, 1 / 3)
    assert [one.after for one in before.survivors] == [["two"], ["three"]]
    two = before.survivors[0].id
    (tmp_path / "equivalents.yaml").write_text(f"{two}: {'同' * LEAST}\n", "utf-8")
    after = told(rule, tmp_path, **fates)
    assert (after.mutants, after.killed, after.score) == (3, 1, 1 / 2)
    assert [one.survivor.id for one in after.equivalents] == [two]
