"""A row that nobody has judged yet: what of each cell may be seen by whoever is about to deliver it."""

from __future__ import annotations

import pytest
from tests.core.intake.receiving import VILLAGE, citizen, contracts

from xiezhi.contracts.model import Field
from xiezhi.intake.sheets.masked_rows import MaskedRow, masked_row

TABLE = contracts().get("subsidy_payment").table()
OTHERS = {
    field.name: field
    for contract in ("house_insurance", "person_population", "bid_deposit", "med_settlement", "audit_event")
    for field in contracts().get(contract).table().fields
}


def known(name: str) -> Field:
    return next((field for field in TABLE.fields if field.name == name), None) or OTHERS[name]


def shown(**cells: str) -> MaskedRow:
    return masked_row(2, [known(name) for name in cells], list(cells.values()))


@pytest.mark.parametrize(
    ("name", "cell", "seen"),
    [
        ("village", VILLAGE, VILLAGE),
        ("nature", "TOP-UP", "TOP-UP"),
        ("nature", "top-up", "top-up"),
        ("nature", "常规", "常规"),
        ("agency", "民政局", "民…"),
        ("agency", "王明", "王…"),
        ("agency", "局", "*"),
        ("agency", "幸福路12号", "幸…"),
        ("agency", "Ana", "A…"),
        ("agency", "A1-" * 14, ("A1-" * 14)[:40]),
        ("payment_id", "P00001", "P00001"),
        ("bank_account", "6217000000000000001", "62…1"),
        ("bank_account", "62170000\u200b00000000001", "62…1"),
        ("bank_account", "12345678", "******"),
        ("bank_account", "6217 0000 0000 0000 001", "******"),
        ("person", citizen(1), f"{citizen(1)[:2]}…{citizen(1)[-1]}"),
        ("name", "王小明", "王**"),
        ("house", "岚溯省栖萤市流云县听雨镇望月村12号", "岚溯省栖萤市流云县******"),
        ("diagnosis", "I10", "******"),
        ("amount", "100.50", "100.50"),
        ("amount", "１００．５０", "100.50"),
        ("amount", "990101650101123", "99…3"),
        ("pay_date", "2021-03-15", "2021-03-15"),
        ("benefit_month", "2021年3月", "2021年3月"),
        ("birth_date", "1965-03-15", "1965-**-**"),
        ("paid_at", "2021-03-15 08:00:00", "2021-03-15 08:00:00"),
        ("reasoned", "是", "是"),
        ("agency", "", ""),
        ("village", " \u200b ", ""),
    ],
)
def test_a_cell_shows_what_its_field_and_its_shape_allow(name: str, cell: str, seen: str) -> None:
    assert shown(**{name: cell}) == MaskedRow(2, (seen,), ())


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("nature", "P00001"),
        ("village", "99010100100"),
        ("amount", "民政局"),
        ("name", "王小明1"),
        ("person", citizen(1)[:-1]),
        ("bank_account", "622848"),
        ("pay_date", "三月"),
        ("reasoned", "大概"),
    ],
)
def test_a_cell_of_another_shape_shows_nothing_and_says_where(name: str, cell: str) -> None:
    assert shown(**{name: cell}) == MaskedRow(2, ("******",), (name,))


def test_a_row_with_a_cell_that_is_not_of_its_column_shows_nothing_and_says_which() -> None:
    row = shown(village=VILLAGE, amount="民政局", agency="100.50", name="", pay_date="王小明")
    assert row == MaskedRow(2, ("******", "******", "******", "", "******"), ("amount", "pay_date"))


def test_cells_of_another_number_than_the_fields_are_no_row() -> None:
    for first in ("agency", "village"):
        with pytest.raises(ValueError, match="shorter"):
            masked_row(2, [TABLE.field(first), TABLE.field("amount")], ["民政局"])
