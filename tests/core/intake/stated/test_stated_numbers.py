"""What titles and notes state of a table's sums and numbers of rows, to the last digit and word of what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.intake.receiving import citizen, write_csv
from tests.core.intake.staging import staged

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import ExpectationResult
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.footers import Footer, FooterKind
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.intake.stated.above import stated_above

Staged = tuple[DuckDB, Stage, Sheet]
SUM, COUNT = "statedTotal = sum", "statedCount = rows"


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    """Five payments of 250.00 to four persons, one of them without a day; and a row that has a cell too many."""
    days = ["2021-03-15"] * 4 + ["待定"]
    persons = [citizen(number) for number in (1, 2, 3, 3, 4)]
    rows = [[f"P{at}", *cells, "250.00"] for at, cells in enumerate(zip(persons, days, strict=True))]
    path = tmp_path_factory.mktemp("payments") / "a.csv"
    header = ["流水号", "身份证号", "发放日期", "补贴金额"]
    with staged(write_csv(path, [*rows, ["P9", citizen(9), "2021-03-15", "250.00", "多"]], header=header)) as made:
        assert (made[1].total, len(made[2].broken)) == (5, 1)
        yield made


@pytest.fixture(scope="module")
def settlements(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    rows = [["S1", "600", "400", "200"], ["S2", "200", "100", "100"]]
    header = ["结算流水号", "费用总额", "基金支付金额", "个人支付金额"]
    path = tmp_path_factory.mktemp("settlements") / "a.csv"
    with staged(write_csv(path, rows, header=header), "med_settlement") as made:
        yield made


def told(of: Staged, *titles: list[str], footers: tuple[Footer, ...] = ()) -> list[ExpectationResult]:
    engine, stage, sheet = of
    sheet.title_rows, sheet.footers = list(titles), list(footers)
    return stated_above(engine, stage, sheet)


def a_sum(text: str, apart: str = "", *, less: bool = False) -> ExpectationResult:
    """What is told of an amount that is held against 1250 yuan, from which it is so far `apart`."""
    fen = float(apart or 0) * 100
    agrees_zh, agrees_en = (f"不符,相差 {apart} 元", "does not agree") if apart else ("一致", "agrees")
    return ExpectationResult(
        field="amount",
        expectation=SUM,
        severity="warning",
        found=-fen if less else fen,
        kept=not apart,
        zh=f"表上写的“{text}”与所读各行之和 1,250.00 元{agrees_zh}",
        en=f"“{text}” above or below the table {agrees_en} with the sum of the rows, 1,250.00 yuan",
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (["合计金额1250.00元"], a_sum("合计金额1250.00元")),
        (["", "合计金额", " 合计金额", " １，２５０元 "], a_sum("合计金额 1,250元")),
        (["共发放1,500元"], a_sum("共发放1,500元", "250.00")),
        (["合计:1000元"], a_sum("合计:1000元", "250.00", less=True)),
        (["合计1250.01元"], a_sum("合计1250.01元", "0.01")),
        (["合计1250元,其中发放总额1251元"], a_sum("其中发放总额1251元", "1.00")),  # what differs is told
        (["合计1252元,其中发放总额1251元"], a_sum("合计1252元", "2.00")),
        (["合计1250元,其中发放总额1250.00元"], a_sum("合计1250元")),
        (["补贴合计12百元"], a_sum("补贴合计12百元")),
        (["补贴合计11百元"], a_sum("补贴合计11百元", "150.00", less=True)),
    ],
)
def test_an_amount_is_told_with_its_words_and_both_sums(title: list[str], expected: ExpectationResult, payments: Staged) -> None:
    assert told(payments, title) == [expected]


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("0.125万元", True),
        ("0.13万元", True),  # 1250 is 0.125, just half a digit off
        ("0.12万元", True),
        ("0.14万元", False),
        ("0.130万元", False),
        ("1千元", True),
        ("2千元", False),
        ("0万元", True),
    ],
)
def test_a_rounded_amount_may_be_off_by_half_of_its_last_digit(amount: str, kept: bool, payments: Staged) -> None:
    assert [one.kept for one in told(payments, [f"合计金额{amount}"])] == [kept]


@pytest.mark.parametrize(
    "title", ["合计1百亿元", "预算总额5000元", "年度发放总额5000元", "合计300元/人", "预算人数:9", "补贴发放表"]
)
def test_what_is_not_plainly_of_this_table_is_not_held_against_it(title: str, payments: Staged) -> None:
    assert told(payments, [title]) == []


def a_count(said: int, apart: int) -> ExpectationResult:
    return ExpectationResult(
        field=None,
        expectation=COUNT,
        severity="warning",
        found=apart,
        kept=not apart,
        zh=f"表上写的是 {said} 人(条),所读的是 6 行{',可能缺行或多行' if apart else ''}",
        en=f"the table is said to have {said} persons or rows, 6 rows were read{': some lack or are more' if apart else ''}",
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("共6条", a_count(6, 0)),  # with the row that could not be read
        ("共5条", a_count(5, 0)),
        ("共4人", a_count(4, 0)),  # one was paid twice
        ("共3人", a_count(3, -3)),
        ("发放人数:7", a_count(7, 1)),
        ("共5条,人数:8", a_count(8, 2)),  # what differs is told
        ("共9条,人数:8", a_count(9, 3)),
        ("共5条,人数:4", a_count(5, 0)),
    ],
)
def test_a_number_is_of_rows_or_of_persons(title: str, expected: ExpectationResult, payments: Staged) -> None:
    assert told(payments, [title]) == [expected]


def test_amounts_are_told_before_numbers_and_titles_before_notes(payments: Staged) -> None:
    note = Footer(7, FooterKind.NOTE, ("注:本表共8人", "合计金额1251元"))
    assert told(payments, ["共7人"], footers=(note,)) == [a_sum("合计金额1251元", "1.00"), a_count(7, 1)]


def test_the_one_total_says_how_many(payments: Staged) -> None:
    total = Footer(7, FooterKind.TOTAL, ("合计", "8人", "9.00"))
    assert told(payments, footers=(total,)) == [a_count(8, 2)]
    assert told(payments, footers=(total, total)) == []


@pytest.mark.parametrize("kind", [FooterKind.SIGNATURE, FooterKind.PAGE])
def test_a_footer_that_is_no_note_is_held_to_account_elsewhere(kind: FooterKind, payments: Staged) -> None:
    assert told(payments, footers=(Footer(7, kind, ("合计金额9元,共9人",)),)) == []


@pytest.mark.parametrize(
    ("title", "field", "found"),
    [
        ("费用总额800元", "total_fee", 0),
        ("基金支付总额500元", "fund_pay", 0),
        ("个人支付总额300元", "self_pay", 0),
        ("个人支付总额310元", "self_pay", 1000),
        ("费用总额900元", "total_fee", 10_000),
    ],
)
def test_an_amount_is_held_against_the_column_that_comes_closest(title: str, field: str, found: int, settlements: Staged) -> None:
    assert [(one.field, one.found, one.kept) for one in told(settlements, [title])] == [(field, found, not found)]


def test_a_table_without_money_and_persons_is_held_to_its_rows_alone(tmp_path: Path) -> None:
    with staged(write_csv(tmp_path / "a.csv", [["P1", "民政局"], ["P2", "民政局"]], header=["流水号", "发放单位"])) as made:
        assert [(one.expectation, one.found) for one in told(made, ["共3笔,合计金额500元"])] == [(COUNT, 1)]
        assert told(made, ["合计金额500元"]) == []
