"""What a title says of its table, a total, a number of persons or a month, is held against the rows. It sets nothing aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, payment, write_csv
from tests.core.intake.staging import staged
from tests.core.intake.stated.test_receive_units import book

from xiezhi.intake.stated.above import stated_above

BLANK = [""] * (len(HEADER) - 1)
ROWS = [payment(at, 补贴金额="300.00") for at in range(1, 5)]


def told(site: Site, path: Path, title: str, rows: list[list[str]] = ROWS) -> list[tuple[str, bool]]:
    [receipt] = site.receive(book(path, [[title, *BLANK]], rows))
    assert (receipt.refused, receipt.set_aside) == (False, 0), receipt.refusal
    return [(one.expectation, one.kept) for one in receipt.expectations if one.expectation.startswith("stated")]


SUM, COUNT = "statedTotal = sum", "statedCount = rows"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("共4人,合计金额1200.00元", [(SUM, True), (COUNT, True)]),
        ("共5人,合计金额1200.00元", [(SUM, True), (COUNT, False)]),
        ("共4人,合计金额1,500元", [(SUM, False), (COUNT, True)]),
        ("本次共发放资金0.12万元", [(SUM, True)]),
        ("发放总额:0.15万元", [(SUM, False)]),
        ("合计:１２００元", [(SUM, True)]),
        ("共 4 笔", [(COUNT, True)]),
        ("发放标准金额300元/人", []),
        ("全年累计发放金额14400元", []),
        ("预算总额50000元", []),
        ("2021年3月补贴发放明细表", []),
        ("发放人数:4 发放标准300元", [(COUNT, True)]),
        ("预算人数:5", []),
        ("发放人数:5", [(COUNT, False)]),
        ("共3户", []),
        ("共 2 页", []),
    ],
)
def test_a_title_is_held_against_the_rows(title: str, expected: list[tuple[str, bool]], site: Site, tmp_path: Path) -> None:
    assert told(site, tmp_path / "a.xlsx", title) == expected


def test_the_receipt_says_both_sums(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [["共4人,合计金额1500.00元", *BLANK]], ROWS))
    [said] = [one.zh for one in receipt.expectations if one.expectation == SUM]
    assert said == "表上写的“合计金额1500.00元”与所读各行之和 1,200.00 元不符,相差 300.00 元"
    assert said in site.lake.paths.receipt(1, "html").read_text("utf-8")


def test_a_person_of_two_rows_is_one(site: Site, tmp_path: Path) -> None:
    rows = [*ROWS, ["P9", *ROWS[0][1:]]]
    for count, kept in ((4, True), (5, True), (3, False)):
        assert told(site, tmp_path / f"{count}.xlsx", f"共{count}人", rows) == [(COUNT, kept)]


def test_a_note_below_the_table_is_held_as_well(site: Site, tmp_path: Path) -> None:
    rows = [*ROWS, ["注:本表共4人,合计金额1500元。", *BLANK]]
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [], rows))
    assert [(one.expectation, one.kept) for one in receipt.expectations if one.zh] == [(SUM, False), (COUNT, True)]


@pytest.mark.parametrize(
    ("title", "name", "month"),
    [
        ("2025年3月补贴发放明细", "a", "2025-03"),
        ("补贴发放明细", "2025年3月明细", "2025-03"),
        ("补贴发放明细", "明细202503", "2025-03"),
        ("补贴发放明细", "明细_2025-03", "2025-03"),
        ("2021年3月补贴发放明细", "a", None),
        ("2025年1-3月补贴发放明细", "a", None),
        ("2025年1月至3月补贴发放明细", "a", None),
        ("2025年3月、4月补贴发放明细", "a", None),
        ("制表日期:2025年3月10日", "a", None),
        ("填报时间:2025年3月", "a", None),
        ("截至2025年3月", "a", None),
        ("补贴发放明细", "明细20250310", None),
        ("补贴发放明细", "明细2025-03-10", None),
    ],
)
def test_rows_that_are_all_of_other_months_are_told(title: str, name: str, month: str | None, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / f"{name}.xlsx", [[title, *BLANK]], ROWS))
    notes = [note.zh for note in receipt.notes]
    assert receipt.accepted == 4
    assert [month in note and "2021-03" in note for note in notes if month] == ([True] if month else [])
    assert bool(notes) == bool(month)


@pytest.mark.parametrize(
    ("title", "kept"), [("预算单位民政局共5人", [False]), ("预算民政单位共5人", []), ("预算单位民政局共4人", [True])]
)
def test_a_word_farther_before_a_number_says_nothing_of_it(title: str, kept: list[bool], tmp_path: Path) -> None:
    rows = [["流水号", "发放单位"], *([f"P{at}", "民政局"] for at in range(4))]
    with staged(write_csv(tmp_path / "a.csv", rows, header=[title, ""])) as (engine, stage, sheet):
        assert [one.kept for one in stated_above(engine, stage, sheet)] == kept
