"""Facts over lakes of before: a column that contracts came to have later is read as NULL, and no rule breaks off."""

from __future__ import annotations

import pytest

from tests.content.test_rules import FACTS, shipped, tables
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.tables import TableRef
from xiezhi.rules.facts import facts_in_order
from xiezhi.runs.facts import build_facts, open_lake

ADDED = {
    "bid": {"agent", "bidder_name", "representative"},
    "bid_deposit": {"payer_kind"},
    "death_registry": {"status", "status_date"},
    "dibao_member": {"status_date"},
    "enterprise": {"former", "parent", "status_date"},
    "enterprise_person": {"assigned"},
    "fiscal_payroll": {"earned_month", "left_on", "nature"},
    "house_insurance": {"agency", "agent_no", "former_policy", "house", "status", "surrendered"},
    "med_settlement": {"hospital_code"},
    "ocds_award": {"related_lots"},
    "ocds_bid": {"related_lots"},
    "procurement": {"approval", "instalment", "region", "status"},
    "region": {"merged_into"},
    "subsidy_item": {"beneficiary", "heirs", "period", "valid_from", "valid_to"},
    "subsidy_payment": {"nature"},
}
"""Columns that tables did not have from the beginning; whoever adds one to a contract adds it here."""


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_built_over_a_lake_without_the_later_columns(fact: str) -> None:
    content = shipped()
    wanted = list(facts_in_order(content.facts, [fact]))
    older = {
        name: TableRef(
            name,
            (),
            {column: kind for column, kind in columns.items() if column.removesuffix("_grade") not in ADDED.get(name, ())},
        )
        for name, columns in tables().items()
    }
    with DuckDB(threads=1) as engine:
        open_lake(engine, older, wanted)
        build_facts(engine, wanted, {one.name: set(one.columns) for one in wanted}, older)
        assert engine.value(f"SELECT count(*) FROM {fact}") == 0


def test_every_added_column_is_one() -> None:
    assert {table: columns - set(tables()[table]) for table, columns in ADDED.items() if columns - set(tables()[table])} == {}
