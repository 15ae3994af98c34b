"""The shipped rules: every one lints, every case comes out as expected, and every page can be written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from xiezhi.contracts.loader import load_contracts
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.operations.config import shipped_content
from xiezhi.operations.rules import table_types
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.cases import run_cases
from xiezhi.rules.fact_cases import TableTypes, load_fact_cases, run_fact_cases
from xiezhi.rules.lint import lint_fact, lint_norm, lint_rule
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.pages import page

CODES = sorted(path.parent.name for path in Path(shipped_content()).glob("rules/*/*/rule.yaml"))
FACTS = sorted(path.parent.name for path in Path(shipped_content()).glob("facts/*/fact.yaml"))


@cache
def shipped() -> Content:
    return load_content([shipped_content()])


@cache
def tables() -> TableTypes:
    return table_types(load_contracts([shipped_content()]))


def code_of(folder: str) -> str:
    return next(code for code in shipped().rules if folder.startswith(f"{code}-"))


@pytest.mark.parametrize("folder", CODES)
def test_rule_lints(folder: str) -> None:
    findings = lint_rule(shipped().rules[code_of(folder)], shipped())
    assert [finding.message("en") for finding in findings if not finding.hint] == []


@pytest.mark.parametrize("folder", CODES)
def test_rule_does_what_its_cases_say(folder: str) -> None:
    code = code_of(folder)
    results = run_cases(shipped().rules[code], load_cases(shipped().folder(code)), shipped(), lambda: DuckDB(threads=1), tables())
    told = [f"{result.case.name}: {problem.en}" for result in results for problem in result.problems]
    assert told == []


@pytest.mark.parametrize("fact", FACTS)
def test_fact_gives_what_its_cases_say(fact: str) -> None:
    cases = load_fact_cases(shipped().fact_folder(fact))
    results = run_fact_cases(shipped().facts[fact], cases, shipped(), tables(), lambda: DuckDB(threads=1))
    told = [f"{result.case.name}: {problem.en}" for result in results for problem in result.problems]
    assert told == []


@pytest.mark.parametrize("fact", FACTS)
def test_fact_lints(fact: str) -> None:
    assert [finding.message("en") for finding in lint_fact(fact, shipped(), tables()) if not finding.hint] == []


def test_norms_lint() -> None:
    assert [finding.message("en") for name in shipped().norms for finding in lint_norm(name, shipped())] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_has_a_page(language: str) -> None:
    for rule in shipped().rules.values():
        text = page(rule, shipped(), language)
        assert rule.title.in_(language) in text
        assert "None" not in text
