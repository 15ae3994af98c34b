"""For every rule, and each table, column and run of months it reads: coverage tells when that is taken away."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.shelf.shelf import Shelf, unnoticed
from tests.web.lakes import city_for_all
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.kinds import Unsound
from xiezhi.contracts.loader import load_contracts
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.operations.rules import table_types
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.lake_sql import LAKE
from xiezhi.rules.loader import load_content
from xiezhi.runs.counties import COUNTY

CODES = sorted(load_content([shipped_content()]).rules)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_for_all(tmp_path_factory.getbasetemp())


@cache
def shelf(lake: Path) -> Shelf:
    with Lake.open(lake) as opened:
        tables = opened.snapshot().tables
    contracts = load_contracts([shipped_content()])
    return Shelf(load_content([shipped_content()]), tables, table_types(contracts), never_null(contracts), derived(contracts))


def derived(contracts: ContractCatalogue) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (table.name, field.name): tuple(name for name in field.lake_columns() if name != field.name)
        for contract in contracts
        for table in contract.tables
        for field in table.fields
    }


def never_null(contracts: ContractCatalogue) -> frozenset[tuple[str, str]]:
    return frozenset(
        (table.name, field.name)
        for contract in contracts
        for table in contract.tables
        for field in table.fields
        if field.required and not (field.identity and field.unsound is Unsound.NULL)
    )


@pytest.mark.parametrize("code", CODES)
def test_what_is_taken_away_is_missed(code: str, city: Path) -> None:
    here = shelf(city / "lake")
    rule = here.content.rules[code]
    whole = here.ask([rule])[code]
    problems = []
    for take in here.takes_of(rule, whole):
        readers = {fact for fact in rule.reads if _reads(here, fact, take.table)}
        with here.without(take):
            if problem := unnoticed(rule, take, whole, here.ask([rule])[code], readers):
                problems.append(problem)
    assert not problems, "\n".join(problems)


def _reads(here: Shelf, fact: str, table: str) -> bool:
    return any(table in one.tables for one in facts_in_order(here.content.facts, [fact]))


@pytest.mark.parametrize(("code", "table"), [("SUB-001", "death_registry"), ("VIL-110", "kinship")])
def test_a_county_that_did_not_deliver_is_missed(code: str, table: str, city: Path) -> None:
    """The register came, of all counties but one. (Of the city's old people of SUB-009 too few die to tell.)"""
    here = shelf(city / "lake")
    rule = here.content.rules[code]
    (asked,) = rule.population.everywhere
    whole = here.ask([rule])[code]
    people = f"SELECT person FROM {asked.among or rule.population.fact} WHERE {asked.place} // {COUNTY} = 990102"
    here.engine.run(f"CREATE OR REPLACE TABLE of_one_county AS {people}")
    said = {"death_registry": ("person",), "kinship": ("person", "kin")}[table]
    gone = " OR ".join(f"{column} IN (FROM of_one_county)" for column in said)
    here.engine.run(f"CREATE OR REPLACE VIEW {LAKE}.{table} AS SELECT * FROM whole.{table} WHERE NOT ({gone})")
    try:
        left = here.ask([rule])[code]
    finally:
        here.engine.run(f"CREATE OR REPLACE VIEW {LAKE}.{table} AS SELECT * FROM whole.{table}")
    missing = sum(rows for (_, _, outcome), rows in left.coverage.items() if outcome == "county_missing")
    assert 0 < missing == whole.evaluated - left.evaluated
