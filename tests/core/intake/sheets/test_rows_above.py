"""What stands above a header: titles and labels of a form are read as such; rows of data are never lost there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, citizen, payment
from tests.core.intake.sheets.test_second_headers import write

DEATHS = ["身份证号", "姓名", "死亡日期", "信息来源"]


def death(number: int) -> list[str]:
    return [citizen(number), "王小明", "2024-01-05", "火化"]


def sheet(path: Path, above: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> Path:
    """Rows above the header of payments, all as wide as it."""
    first, *more = [*above, HEADER, *rows]
    return write(path, [[*row, *[""] * (len(HEADER) - len(row))] for row in more], [*first, *[""] * (len(HEADER) - len(first))])


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html"])
@pytest.mark.parametrize(("above", "rows"), [
    ([payment(1)], "1"),
    ([payment(1), payment(2), payment(3)], "1–3"),
    ([["惠农补贴发放明细"], payment(1), [""], payment(2)], "2–4"),
    ([DEATHS, death(1), death(2)], "2–3"),
    ([["流水号", "补贴项目编码", "补贴金额"], ["P1", "ELD80", "100", citizen(1)]], "2"),
    ([payment(1, 身份证号="", 姓名="", 收款人姓名="")], "1"),
])  # fmt: skip
def test_rows_of_data_above_the_header_refuse_the_sheet(
    above: list[list[str]], rows: str, ending: str, site: Site, tmp_path: Path
) -> None:
    """A sort that took the header along, or another table on the sheet: they would vanish as lines of title."""
    [receipt] = site.receive(sheet(tmp_path / f"a{ending}", above, [payment(8)]))
    assert receipt.refusal is not None
    if receipt.refusal.code != "header_again":  # a header of other columns above is told as such
        assert receipt.refusal.code == "rows_above"
        assert f"第 {rows} 行" in receipt.refusal.zh
    assert site.rows("subsidy_payment") == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html"])
@pytest.mark.parametrize("above", [
    [["惠农补贴发放明细表"], ["填报单位：县民政局", "", "2024年3月", "", "单位：元"]],
    [["填报单位", "县民政局", "填表人", "张三", "填报日期", "2024-03-31", "联系电话", "0371-1234567"]],
    [["乡镇", "栖霞镇", "期数", "3", "人数", "120", "总额", "12000"]],
    [[str(number) for number in range(1, len(HEADER) + 1)]],
    [["示例", *payment(1)[1:]]],
    [["编号", "文本", "文本", "代码", "年月", "日期", "金额", "文本", "文本", "代码", "文本"]],
])  # fmt: skip
def test_titles_and_labels_above_it_do_not(above: list[list[str]], ending: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(sheet(tmp_path / f"a{ending}", above, [payment(8)]))
    assert receipt.refusal is None, receipt.refusal
    assert [row["amount"] for row in site.rows("subsidy_payment")] == [10_850]
