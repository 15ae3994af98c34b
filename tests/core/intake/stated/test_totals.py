"""Totals that a sheet states against the sums of its rows: which sums they may mean, and what is said of each outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.core.intake.receiving import payment, write_csv
from tests.core.intake.staging import staged

from xiezhi.intake.receipts.receipt import ExpectationResult
from xiezhi.intake.sheets.footers import Footer, FooterKind
from xiezhi.intake.stated.totals import stated_totals

HEADER = ["流水号", "补贴金额", "发放单位"]
AMOUNTS = {2: "100.00", 3: "200.00", 5: "30.00", 6: "20", 9: "", 10: "", 11: "200", 13: "999999999", 14: "999999999"}
"""Rows of the sheet; those between them are totals."""


def total(row: int, *cells: str, kind: FooterKind = FooterKind.TOTAL) -> Footer:
    return Footer(row, kind, cells)


Results = Callable[..., list[ExpectationResult]]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """What is said of totals of one sheet, which is read once."""
    rows = [[f"P{at}", AMOUNTS[at], ""] if at in AMOUNTS else ["小计", "1", ""] for at in range(2, 15)]
    with staged(write_csv(tmp_path_factory.mktemp("totals") / "a.csv", rows, header=HEADER)) as (engine, stage, _):
        yield lambda *footers: stated_totals(engine, stage, footers)


def agreed(places: int, row: int, yuan: str) -> ExpectationResult:
    return ExpectationResult(
        field="amount",
        expectation="statedTotal = sum",
        severity="warning",
        found=0,
        kept=True,
        zh=f"{places} 处合计都与所读各行之和一致(第 {row} 行 {yuan} 元)",
        en=f"{places} total(s) agree with the rows that were read (row {row}: {yuan} yuan)",
    )


@pytest.mark.parametrize(
    ("footers", "said"),
    [
        ([total(4, "小计", "300"), total(7, "合计", "350.00元")], agreed(2, 7, "350.00")),
        ([total(4, "小计", "300"), total(7, "小计", "50")], agreed(2, 7, "50.00")),
        ([total(4, "小计", "300"), total(7, "小计", "50"), total(8, "合计", "350")], agreed(3, 8, "350.00")),
        ([total(4, "小计", "300"), total(7, "合计", "")], agreed(1, 4, "300.00")),
        ([total(4, "小计", "300"), total(7, "合计")], agreed(1, 4, "300.00")),
        ([total(4, "小计", "见附件"), total(7, "合计", "350")], agreed(1, 7, "350.00")),
        ([total(4, "小计", "299", kind=FooterKind.SIGNATURE), total(7, "合计", "350")], agreed(1, 7, "350.00")),
        ([total(4, "小计", "300")], agreed(1, 4, "300.00")),
    ],
)
def test_a_total_agrees_with_all_rows_above_it_or_those_since_the_last(
    footers: list[Footer], said: ExpectationResult, results: Results
) -> None:
    assert results(*footers) == [said]


@pytest.mark.parametrize(
    "footers",
    [
        [],
        [total(4, "小计"), total(7, "合计", " ")],
        [total(4, "小计", "见附件")],
        [total(7, "审核人:", "350", kind=FooterKind.SIGNATURE)],
    ],
)
def test_where_no_total_states_an_amount_nothing_is_said(footers: list[Footer], results: Results) -> None:
    assert results(*footers) == []


@pytest.mark.parametrize(
    ("footers", "row", "said", "above", "apart", "found", "others"),
    [
        ([total(4, "小计", "300"), total(7, "合计", "360")], 7, "360.00", "350.00", "10.00", 1000, ""),
        ([total(4, "小计", "300"), total(7, "合计", "1,348.50")], 7, "1,348.50", "350.00", "998.50", 99850, ""),
        ([total(4, "小计", "299"), total(7, "小计", "51"), total(8, "合计", "350")], 4, "299.00", "300.00", "1.00", -100, "7"),
        ([total(7, "合计", "350"), total(8, "合计", "351")], 8, "351.00", "350.00", "1.00", 100, ""),
    ],
)
def test_the_first_total_that_does_not_agree_is_said_with_the_sum_of_the_rows_above(
    footers: list[Footer], row: int, said: str, above: str, apart: str, found: float, others: str, results: Results
) -> None:
    assert results(*footers) == [
        ExpectationResult(
            field="amount",
            expectation="statedTotal = sum",
            severity="warning",
            found=found,
            kept=False,
            zh=f"第 {row} 行的合计是 {said} 元,以上各行之和是 {above} 元,相差 {apart} 元"
            + (f";第 {others} 行的合计也不符" if others else ""),
            en=f"the total in row {row} is {said} yuan, the rows above sum to {above} yuan, {apart} yuan apart"
            + (f"; nor do the totals in row {others}" if others else ""),
        )
    ]


@pytest.mark.parametrize(
    ("said", "found", "sum_", "zh", "en"),
    [
        ("55", 500, "50.00", "上一合计以下", "since the last total"),
        ("48", -200, "50.00", "上一合计以下", "since the last total"),
        ("199", 14900, "50.00", "上一合计以下", "since the last total"),
        ("201", -14900, "350.00", "以上", "above"),
    ],
)
def test_a_total_of_a_part_is_compared_with_the_nearer_of_both_sums(
    said: str, found: float, sum_: str, zh: str, en: str, results: Results
) -> None:
    """Since the last total 50 yuan were paid, 350 in all; the sentence names the sum that it is compared with."""
    [one] = results(total(4, "小计", "300"), total(7, "小计", said))
    assert (one.kept, one.found) == (False, found)
    assert f"{zh}各行之和是 {sum_} 元" in one.zh
    assert f"the rows {en} sum to {sum_} yuan" in one.en


def test_rows_whose_amount_cannot_be_read_are_counted_down_to_the_total(results: Results) -> None:
    [found] = results(total(7, "小计", "350"), total(12, "合计", "750"), total(15, "合计", "1"))
    assert (
        found.zh
        == "第 12 行的合计是 750.00 元,以上各行之和是 550.00 元,相差 200.00 元(另有 2 行的金额读不出);第 15 行的合计也不符"
    )
    assert found.en == (
        "the total in row 12 is 750.00 yuan, the rows above sum to 550.00 yuan, 200.00 yuan apart"
        " (2 rows have no amount that can be read); nor do the totals in row 15"
    )


def test_a_total_may_be_larger_than_an_amount_may_be(results: Results) -> None:
    """Of one payment a thousand million is no amount, of a county's it is."""
    assert results(total(12, "合计", "550"), total(15, "小计", "1999999998")) == [agreed(2, 15, "1,999,999,998.00")]


def test_every_money_column_has_its_own_result_and_rows_with_another_fault_are_summed(tmp_path: Path) -> None:
    header = ["结算流水号", "身份证号", "费用总额", "基金支付金额"]
    rows = [["J1", "990101", "30", "20"], ["J2", payment(2)[1], "12", "10"]]
    with staged(write_csv(tmp_path / "a.csv", rows, header=header), "med_settlement") as (engine, stage, _):
        found = stated_totals(engine, stage, [total(4, "合计", "", "42", "31")])
    assert [(one.field, one.kept, one.found) for one in found] == [("total_fee", True, 0), ("fund_pay", False, 100)]
