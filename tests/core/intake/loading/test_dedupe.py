"""When a delivered row and one that the lake holds say the same."""

from __future__ import annotations

import pytest
from tests.core.intake.receiving import contracts

from xiezhi.contracts.kinds import Unsound
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.loading.dedupe import equal

NAMES = ("payment_id", "agency")


@pytest.mark.parametrize(
    ("delivered", "held", "same"),
    [
        ("('P1', '民政局')", "('P1', '民政局')", True),
        ("('P1', NULL)", "('P1', NULL)", True),
        ("('P1', NULL)", "('P1', '民政局')", False),
        ("('P1', '民政局')", "('P2', '民政局')", False),
    ],
)
def test_two_empty_cells_are_the_same(delivered: str, held: str, same: bool) -> None:
    table = contracts().get("subsidy_payment").table()
    rows = " , ".join(f"(VALUES {one}) AS {name}({', '.join(NAMES)})" for name, one in (("s", delivered), ("l", held)))
    with DuckDB(threads=1) as engine:
        assert engine.value(f"SELECT {equal(table, NAMES)} FROM {rows}") is same


def test_a_column_that_is_never_empty_is_compared_plainly() -> None:
    """Only that lets the engine pass over files."""
    table = contracts().get("subsidy_payment").table()
    assert equal(table, NAMES) == 's."payment_id" = l."payment_id" AND s."agency" IS NOT DISTINCT FROM l."agency"'


def test_a_required_identity_may_be_empty_only_where_an_unsound_one_is_kept() -> None:
    table = contracts().get("subsidy_payment").table()
    kept = table.field("person").model_copy(update={"unsound_": Unsound.NULL})
    for fields, sign in ((table.fields, "="), ((kept,), "IS NOT DISTINCT FROM")):
        assert equal(table.model_copy(update={"fields": fields}), ("person",)) == f's."person" {sign} l."person"'
