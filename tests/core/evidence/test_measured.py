"""What a column is counted in follows from facts, contracts and the rule itself: a sentence says yuan where it is yuan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core.runs.visits import CODE, small_content, with_rule
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.loader import load_contracts
from xiezhi.evidence.measured import candidate_measures
from xiezhi.evidence.sentence import sentence
from xiezhi.kernel.words import Words
from xiezhi.operations.config import shipped_content
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import Content
from xiezhi.rules.rule import Peers, Rule


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return small_content(tmp_path)


def rule_of(content: Content, sql: str, said: str, *, reads: dict[str, list[str]], **hit: Any) -> Rule:
    changes = {"sentence": Words(zh=said, en=said), "titles": {}, "amount": None} | hit
    return with_rule(content, sql=sql, reads=reads, parameters={}, hit=changes).rules[CODE]


PEERS = "SELECT person, place, cost AS own, hours AS typical, hours AS others, hours AS hours FROM visit"


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        (Peers(own="own", median="typical", count="others"), "5.00元，一般5.00元，另500人，500小时"),
        (Peers(own="typical", median="own", count="others"), "5.00元，一般5.00元，另500人，500小时"),
        (Peers(own="own", median="elsewhere", count="others"), "5.00元，一般500，另500人，500小时"),
        (None, "5.00元，一般500，另500人，500小时"),
    ],
)
def test_a_value_and_what_it_is_compared_with_are_said_in_one_unit(content: Content, peers: Peers | None, expected: str) -> None:
    """Else a median of 5 yuan would read as 500 beside a price of 5 yuan; how many the peers are is no money."""
    said = "{own}，一般{typical}，另{others}人，{hours}小时"
    rule = rule_of(content, PEERS, said, reads={"visit": ["person", "place", "cost", "hours"]}, peers=peers)
    row = {"own": 500, "typical": 500, "others": 500, "hours": 500}
    assert sentence(rule, row, candidate_measures(rule, content.facts)).zh == expected


def test_a_limit_that_a_norm_sets_by_day_is_money_where_its_parameter_is(content: Content) -> None:
    """The limit of ten yuan would read as 1000 in the sentence that says what was exceeded."""
    rule = with_rule(content, hit={"sentence": Words(zh="限{min_cost}，{visits}次", en="{min_cost}, {visits}")}).rules[CODE]
    measures = candidate_measures(rule, content.facts)
    assert sentence(rule, {"min_cost": 1000, "visits": 3}, measures).zh == "限10.00元，3次"
    assert sentence(rule, {"min_cost": 1000, "visits": 3}, measures).en == "10.00 yuan, 3"


def fact(content: Content, name: str, sql: str, *, tables: list[str], facts: list[str], **units: str | None) -> Fact:
    columns = {column: {"type": "BIGINT", "zh": "数", "en": "Number", "unit": unit} for column, unit in units.items()}
    like = content.facts["visit"].model_dump()
    made = {"name": name, "tables": tables, "principal": tables[0], "facts": facts, "subject": None, "columns": columns}
    return Fact.model_validate({**like, **made, "sql": sql})


def test_a_fact_made_of_another_counts_in_what_that_one_does(content: Content) -> None:
    """The upper fact names no unit: the sum of yuan is one of yuan all the same."""
    sums = fact(
        content, "stay", "SELECT sum(cost) AS paid, count(*) AS times FROM visit", tables=["visits"], facts=["visit", "lost"],
        paid=None, times=None,
    )  # fmt: skip
    rule = rule_of(content, "SELECT paid, times FROM stay", "{times}次{paid}", reads={"stay": ["paid", "times"]})
    measures = candidate_measures(rule, {**content.facts, "stay": sums}, ContractCatalogue({}))
    assert sentence(rule, {"paid": 500, "times": 3}, measures).zh == "3次5.00元"


def test_a_fact_that_cannot_be_read_is_counted_as_it_declares_itself(content: Content) -> None:
    """A copy of content from years ago may name what is no longer there: its yuan stay yuan, and the page opens."""
    sql = "SELECT lost AS paid, 3 AS times FROM visit"
    odd = fact(content, "stay", sql, tables=["visits"], facts=["visit"], paid="fen", times=None)
    rule = rule_of(content, "SELECT paid, times FROM stay", "{times}次{paid}", reads={"stay": ["paid", "times"]})
    measures = candidate_measures(rule, {**content.facts, "stay": odd}, ContractCatalogue({}))
    assert sentence(rule, {"paid": 500, "times": 3}, measures).zh == "3次5.00元"


def with_yuan(contracts: ContractCatalogue) -> ContractCatalogue:
    """Bids published abroad, with a second sum that is always in yuan and a column beside it that is called `currency`, too."""
    contract = contracts.get("ocds_release")
    bid = next(table for table in contract.tables if table.name == "ocds_bid")
    named = {field.name: field for field in bid.fields}
    place = "bids.details[].local."
    yuan = named["amount"].model_copy(update={"name": "yuan", "unit": Unit.YUAN, "physical_name": f"{place}amount"})
    beside = named["currency"].model_copy(update={"name": "beside", "physical_name": f"{place}currency"})
    widened = bid.model_copy(update={"fields": (*bid.fields, yuan, beside)})
    tables = tuple(widened if table is bid else table for table in contract.tables)
    return ContractCatalogue({"ocds_release": contract.model_copy(update={"tables": tables})})


def test_the_currency_is_that_of_the_amount_in_it_and_not_of_one_in_yuan(content: Content) -> None:
    """A column beside an amount in yuan says nothing of another amount: with it 12.34 USD would be of an unknown currency."""
    names = ("amount", "currency", "yuan", "beside")
    bids = fact(
        content, "offer", f"SELECT {', '.join(names)} FROM ocds_bid", tables=["ocds_bid"], facts=[], **dict.fromkeys(names)
    )
    rule = rule_of(content, f"SELECT {', '.join(names)} FROM offer", "{amount}，{yuan}", reads={"offer": list(names)})
    measures = candidate_measures(rule, {**content.facts, "offer": bids}, with_yuan(load_contracts([shipped_content()])))
    row = {"amount": 1234, "currency": "USD", "yuan": 5678, "beside": "EUR"}
    assert sentence(rule, row, measures).zh == "12.34 USD，56.78元"
