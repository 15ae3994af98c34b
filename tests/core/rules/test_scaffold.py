"""A new rule starts from a fact: which of its columns are the unit and the month, and that its cases pass at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.content import write
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.cases import run_cases
from xiezhi.rules.loader import load_content
from xiezhi.rules.scaffold import Order, new_rule

PERSON = "who: {type: INTEGER, zh: 人员, en: Person, identity: citizen_id}"
BUYER = "buyer: {type: VARCHAR, zh: 采购人, en: Buyer}"
NAME = "title: {type: VARCHAR, zh: 名称, en: Name}"
HOSPITAL = "hospital: {type: VARCHAR, zh: 医院, en: Hospital}"
DAY = "day: {type: DATE, zh: 日期, en: Day}"


@pytest.mark.parametrize(
    ("columns", "subject", "kind", "unit", "month"),
    [
        ([PERSON, NAME, HOSPITAL, DAY], "who", "person", "hospital", "day"),
        ([PERSON, NAME, DAY], "who", "person", "title", "day"),
        ([PERSON], "who", "person", "who", None),
        ([BUYER, NAME], "buyer", "process", "buyer", None),
        ([BUYER, NAME, HOSPITAL], "buyer", "process", "hospital", None),
        ([NAME, BUYER, HOSPITAL, DAY], "buyer", "process", "hospital", "day"),
    ],
)
def test_a_new_rule_counts_by_the_unit_that_its_fact_has(
    root: Path, columns: list[str], subject: str, kind: str, unit: str, month: str | None
) -> None:
    listed, names = "".join(f"  {column}\n" for column in columns), ", ".join(column.partition(":")[0] for column in columns)
    fact = "name: thing\ntitle: {zh: 事, en: Thing}\nsummary: {zh: 一行, en: A row}\ntables: [things]\nprincipal: things\n"
    write(root, "facts/thing/fact.yaml", f"{fact}subject: {subject}\ncolumns:\n{listed}")
    write(root, "facts/thing/query.sql", f"SELECT {names}, _delivery, _row FROM things\n")
    new_rule(load_content([root]), root, Order("THI-001", "新", "A thing", "medical", "thing"))
    content = load_content([root])
    rule = content.rules["THI-001"]
    assert (rule.hit.subject.kind, rule.hit.subject.column, rule.hit.unit) == (kind, subject, unit)
    assert (rule.population.unit, rule.population.month) == (unit, month)
    cases = load_cases(content.folder("THI-001"))
    results = run_cases(rule, cases, content, lambda: DuckDB(threads=1))
    assert [told.case.name for told in results if not told.passed] == []
    assert len(results) == 5
