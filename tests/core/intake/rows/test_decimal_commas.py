"""Amounts with a decimal comma: refused where the column writes so, never read the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, payment, write_csv
from tests.core.intake.staging import staged

from xiezhi.intake.rows.decimal_commas import check_decimal_commas
from xiezhi.kernel.errors import Place, RefusedDelivery


def amounts(path: Path, written: list[str], sep: str) -> Path:
    return write_csv(path, [payment(number, 补贴金额=text) for number, text in enumerate(written, 1)], sep=sep)


@pytest.mark.parametrize(
    ("written", "sep"),
    [
        (["1.250", "2.500", "1.000"], ";"),
        (["1.250,50", "300,50", "12,500"], ";"),
        (["1.250,50", "1.250"], ","),
        (["300,5", "12,500"], "\t"),
        (["12,500", "1.234.567,00元"], ","),
    ],
)
def test_a_column_with_decimal_commas_is_refused(written: list[str], sep: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(amounts(tmp_path / "a.csv", written, sep))
    assert receipt.refusal is not None
    assert (receipt.refusal.code, site.rows("subsidy_payment")) == ("decimal_comma", [])
    assert "补贴金额" in receipt.refusal.zh


@pytest.mark.parametrize(
    ("written", "sep", "held"),
    [
        (["1.250", "2.500", "1.000"], ",", [125, 250, 100]),  # decimals of three places, as databases write them
        (["1.250", "1250.500"], ";", [125, 125050]),
        (["1,250.50", "12,500"], ";", [125050, 1250000]),
        (["300", "12,500"], ";", [30000, 1250000]),
        (["300.5", "300,5"], ",", [30050]),  # one slip among amounts with a point
    ],
)
def test_other_columns_are_read(written: list[str], sep: str, held: list[int], site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(amounts(tmp_path / "a.csv", written, sep))
    assert receipt.refusal is None
    assert [row["amount"] for row in site.rows("subsidy_payment", "amount, _delivery, _row")] == held
    assert receipt.set_aside == len(written) - len(held)


@pytest.mark.parametrize(("written", "sep", "shown"), [
    (["2.500,5", "1.250,5"], ",", "(如 1.250,5)"), (["2.500", "1.250"], ";", "(如 1.250)"), (["1.250"], ",", ""),
    (["1.250", "1.5"], ";", ""),
])  # fmt: skip
def test_the_first_number_of_its_kind_is_shown(written: list[str], sep: str, shown: str, tmp_path: Path) -> None:
    rows = [[f"P{number}", text] for number, text in enumerate(written)]
    said = refusal(write_csv(tmp_path / "a.csv", rows, header=["采购单号", "数量"], sep=sep))
    assert (shown in said, bool(said)) == (True, bool(shown))


def test_a_decimal_comma_among_words_refuses_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["P1", "1.250,50"]], header=["采购单号", "食材名称"], sep=";")
    assert refusal(path) == ""


def test_the_refusal_names_file_sheet_and_column(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["P1", "1.250,5"]], header=["采购单号", "数量"])
    places = [("三月.csv", None, "三月.csv"), ("三月.xlsx", "明细", "明细"), (None, "明细", "明细"), (None, None, None)]
    with staged(path, "canteen_purchase") as (engine, stage, sheet):
        for member, name, where in places:
            sheet.member, sheet.sheet = member, name
            with pytest.raises(RefusedDelivery) as refused:
                check_decimal_commas(engine, stage, sheet)
            assert (refused.value.code, refused.value.place) == ("decimal_comma", Place(str(path), where))
    assert refused.value.zh == "“数量”一列用逗号作小数点(如 1.250,5),1.250 是一千二百五十还是一点二五分不清"


def refusal(path: Path) -> str:
    with staged(path, "canteen_purchase") as (engine, stage, sheet):
        try:
            check_decimal_commas(engine, stage, sheet)
        except RefusedDelivery as refused:
            return refused.zh if refused.code == "decimal_comma" else refused.code
    return ""
