"""A row that nobody has judged yet: what of each cell may be seen by whoever is about to deliver it."""

from __future__ import annotations

import pytest
from tests.core.intake.receiving import VILLAGE, citizen, contracts

from xiezhi.contracts.model import Field
from xiezhi.intake.masked_rows import MaskedRow, masked_row

TABLE = contracts().get("subsidy_payment").table()


def shown(**cells: str) -> MaskedRow:
    fields: list[Field] = [TABLE.field(name) for name in cells]
    return masked_row(2, fields, list(cells.values()))


@pytest.mark.parametrize(
    ("name", "cell", "seen"),
    [
        ("village", VILLAGE, VILLAGE),
        ("agency", "民政局", "民…"),
        ("agency", "局", "*"),
        ("payment_id", "P00001", "P00001"),
        ("bank_account", "6217000000000000001", "62…1"),
        ("bank_account", "6217 0000 0000 0000 001", "******"),
        ("person", citizen(1), f"{citizen(1)[:2]}…{citizen(1)[-1]}"),
        ("name", "王小明", "王**"),
        ("amount", "100.50", "100.50"),
        ("agency", "", ""),
    ],
)
def test_a_cell_shows_what_its_field_and_its_shape_allow(name: str, cell: str, seen: str) -> None:
    assert shown(**{name: cell}) == MaskedRow(2, (seen,), ())


def test_a_row_with_a_cell_that_is_not_of_its_column_shows_nothing_and_says_which() -> None:
    row = shown(village=VILLAGE, amount="民政局", agency="100.50", name="")
    assert (row.odd, set(row.cells)) == (("amount",), {"******", ""})
