"""What people write around a table is named and left out: totals, signatures, notes, page numbers. Totals are held to account."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.intake.receiving import HEADER, Site, payment, write_csv
from tests.core.intake.staging import staged
from tests.core.intake.stated.test_receive_units import book as workbook

from xiezhi.intake import tabular
from xiezhi.intake.receipts.receipt import ExpectationResult, Receipt
from xiezhi.intake.sheets.footers import Footer, FooterKind, footer_kind
from xiezhi.intake.stated.totals import stated_totals

AMOUNT = HEADER.index("补贴金额")


def total(label: str, amount: str) -> list[str]:
    row = [label, *[""] * (len(HEADER) - 1)]
    row[AMOUNT] = amount
    return row


def stated(receipt: Receipt) -> list[ExpectationResult]:
    return [one for one in receipt.expectations if one.expectation == "statedTotal = sum"]


FOOT = [
    total("合    计", "300.00"),
    ["单位负责人(签章):", "", "", "审核人:李四", "", "", "制表人:", "王五", "", "填表日期:2021年4月1日", ""],
    ["注:本表一式三份,由乡镇财政所填报。", *[""] * 10],
    ["1、死亡人员已核减,以民政部门名册为准。", *[""] * 10],
    ["", "", "", "", "", "第 1 页", "", "共 1 页", "", "", ""],
]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_footers_are_named_and_left_out(site: Site, tmp_path: Path, ending: str) -> None:
    rows = [payment(at, 补贴金额="100.00") for at in (1, 2, 3)]
    path = tmp_path / f"a{ending}"
    written = write_csv(path, rows + FOOT) if ending == ".csv" else workbook(path, [], rows + FOOT)
    [receipt] = site.receive(written)
    assert (receipt.delivered, receipt.accepted + receipt.repaired, receipt.set_aside, receipt.reasons) == (3, 3, 0, [])
    assert [(one.row, one.kind) for one in receipt.left_out] == [
        (5, "footer_total"),
        (6, "footer_signature"),
        (7, "footer_note"),
        (8, "footer_note"),
        (9, "footer_page"),
    ]
    assert receipt.left_out[0].said == "合    计 300.00"
    account = pq.read_table(site.lake.paths.receipt(1, "rows.parquet")).to_pylist()
    assert [(row["row"], row["word"]) for row in account if row["outcome"] == "left_out"] == [
        (one.row, one.kind) for one in receipt.left_out
    ]
    assert [(one.kept, one.zh) for one in stated(receipt)] == [(True, "1 处合计都与所读各行之和一致(第 5 行 300.00 元)")]
    assert "合计行" in site.lake.paths.receipt(1, "html").read_text("utf-8")


def test_a_total_that_does_not_agree_is_said_with_both_sums(site: Site, tmp_path: Path) -> None:
    rows = [payment(1, 补贴金额="100.00"), payment(2, 补贴金额="50"), total("总计", "1,150.00元")]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    [one] = stated(receipt)
    assert (one.field, one.kept, one.zh) == (
        "amount",
        False,
        "第 4 行的合计是 1,150.00 元,以上各行之和是 150.00 元,相差 1,000.00 元",
    )


def test_amounts_that_cannot_be_read_are_said_beside_the_difference(site: Site, tmp_path: Path) -> None:
    rows = [payment(1, 补贴金额="100.00"), payment(2, 补贴金额="五十"), total("总计", "150")]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert "另有 1 行的金额读不出" in stated(receipt)[0].zh
    assert (len(receipt.left_out), receipt.notes) == (1, [])


def test_a_row_set_aside_for_another_cell_still_counts_in_the_sum(site: Site, tmp_path: Path) -> None:
    rows = [payment(1, 补贴金额="100.00"), payment(2, 补贴金额="50", 身份证号="990101********1234"), total("总计", "150")]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.set_aside, stated(receipt)[0].kept) == (1, True)


def test_totals_of_pages_and_villages_sum_what_stands_above_them(site: Site, tmp_path: Path) -> None:
    rows = [
        payment(1, 补贴金额="100"),
        payment(2, 补贴金额="100"),
        total("栖萤村小计", "200"),
        payment(3, 补贴金额="70"),
        total("本页小计", "70"),
        total("合计", "270"),
    ]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.delivered, [one.kept for one in stated(receipt)]) == (3, [True])
    rows[4] = total("本页小计", "71")
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", rows))
    assert stated(receipt)[0].zh.startswith("第 6 行的合计是 71.00 元")


def test_a_total_in_the_unit_of_its_sheet(site: Site, tmp_path: Path) -> None:
    header = ["补贴金额(万元)" if name == "补贴金额" else name for name in HEADER]
    rows = [payment(1, 补贴金额="0.01"), payment(2, 补贴金额="0.02"), total("合计", "0.03")]
    [receipt] = site.receive(workbook(tmp_path / "a.xlsx", [], rows, header=header))
    assert [(one.kept, "300.00 元" in one.zh) for one in stated(receipt)] == [(True, True)]


def test_a_header_alone_is_said_to_be_no_rows(site: Site, tmp_path: Path) -> None:
    for rows in ([], [total("合计", "0.00")]):
        [receipt] = site.receive(write_csv(tmp_path / f"{len(rows)}.csv", rows))
        assert (receipt.refused, receipt.delivered) == (False, 0)
        assert [note.zh for note in receipt.notes] == ["只有表头,没有数据行:没有任何内容入湖"]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8), st.sampled_from(["赵六", "990101199001011234", "BX-2024-1"]))
def test_no_row_with_a_name_or_a_number_of_somebody_is_a_footer(cells: list[str], somebody: str) -> None:
    assert footer_kind([somebody, *cells], len(cells) + 1) is None


@pytest.mark.parametrize("said", ["示例", "例", "例:A001", "(示例)", "【样例】", "填写示例", "示例1", "范例:如下"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_example_of_a_template_is_no_payment(said: str, ending: str, site: Site, tmp_path: Path) -> None:
    rows, path = [payment(2, 流水号=said), payment(1)], tmp_path / f"a{ending}"
    [receipt] = site.receive(write_csv(path, rows) if ending == ".csv" else workbook(path, [], rows))
    assert ([reason.reason for reason in receipt.reasons], receipt.accepted) == (["example_row"], 1)


@pytest.mark.parametrize("key", ["例行-01", "示例村1", "A例", "样本1", "(2024)1号"])
def test_a_key_that_begins_like_an_example_is_a_key(key: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1, 流水号=key)]))
    assert (receipt.delivered, receipt.set_aside) == (1, 0)


def test_a_total_is_read_below_its_own_column_alone(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["P1", "3", "100"], ["P2", "4", "50"]], header=["流水号", "发放单位", "补贴金额"])
    short, whole = (Footer(at, FooterKind.TOTAL, cells) for at, cells in ((2, ("小计", "3")), (4, ("合计", "7", "150"))))
    with staged(path) as (engine, stage, _):
        assert stated_totals(engine, stage, [short]) == []
        [agrees] = stated_totals(engine, stage, [short, whole])
        [differs] = stated_totals(engine, stage, [replace(whole, cells=("合计", "7", "151"))])
    assert (agrees.field, agrees.kept, agrees.found) == ("amount", True, 0)
    assert (differs.field, differs.kept, differs.found) == ("amount", False, 100)


def test_of_many_footers_the_first_are_listed_and_the_receipt_says_so(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "MOST_TOLD", 1)
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1, 补贴金额="9"), total("小计", "9"), total("合计", "9")]))
    assert (len(receipt.left_out), len(receipt.notes)) == (1, 1)
    assert receipt.notes[0].zh.startswith("不是数据的行共 2 行")
