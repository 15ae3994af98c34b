"""HTML pages with several tables: printed pages are one table, another table is never lost without a word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.core.intake.reading import read
from tests.core.intake.receiving import HEADER, Site, payment

Table = Sequence[Sequence[str]]


def page(path: Path, *tables: Table) -> Path:
    """An .xls that is HTML; a row of one cell spans the table."""
    written = "".join(f"<table>{''.join(map(_row, table))}</table><hr>" for table in tables)
    path.write_text(f"<html><meta charset=utf-8><body>{written}</body></html>", encoding="utf-8")
    return path


def _row(cells: Sequence[str]) -> str:
    span = f" colspan={len(HEADER)}" if len(cells) == 1 else ""
    return "<tr>" + "".join(f"<td{span}>{cell}</td>" for cell in cells) + "</tr>"


FOOT = ["合计", "", "", "", "", "", "300.00", "", "", "", ""]


@pytest.mark.parametrize("tables", [
    [[HEADER, payment(1)], [HEADER, payment(2)], [HEADER, payment(3)]],
    [[["导航"]], [HEADER, payment(1), payment(2)], [HEADER, payment(3)]],
    [[HEADER, payment(1)], [HEADER, payment(2), payment(3)], [["审核人:", "李四"]]],
    [[["发放表"], HEADER, payment(1)], [["发放表"], HEADER, payment(2), payment(3)]],
    [[HEADER, payment(1)], [payment(2), payment(3)]],
    [[HEADER, payment(1), payment(2)], [HEADER, payment(3)], [FOOT]],
])  # fmt: skip
def test_printed_pages_are_one_table(tables: list[Table], site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(page(tmp_path / "a.xls", *tables))
    assert (receipt.refused, receipt.delivered, receipt.set_aside) == (False, 3, 0)
    assert [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")] == ["P00001", "P00002", "P00003"]


def test_rows_are_numbered_through_the_pages(site: Site, tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", [["发放表"], HEADER, payment(1)], [["发放表"], HEADER, payment(2, 补贴金额="x")])
    [receipt] = site.receive(path)
    assert [reason.row for reason in receipt.reasons] == [6]


@pytest.mark.parametrize("other", [
    [[HEADER[1], HEADER[0], *HEADER[2:]], payment(2)],
    [[*HEADER, "项目名称"], [*payment(2), ""]],
    [["姓名", "身份证号", "银行账号"], ["赵六", "990101199001011234", "1"]],
])  # fmt: skip
@pytest.mark.parametrize("first", [False, True])
def test_a_table_with_another_header_refuses_the_page(other: Table, first: bool, site: Site, tmp_path: Path) -> None:
    tables: list[Table] = [[HEADER, payment(1), payment(3)], other]
    [receipt] = site.receive(page(tmp_path / "a.xls", *(reversed(tables) if first else tables)))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "tables_differ"
    assert f"第 {1 if first else 2} 张表" in receipt.refusal.zh


def test_units_of_a_later_page_count(site: Site, tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", [["单位:元"], HEADER, payment(1)], [["单位:万元"], HEADER, payment(2)])
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.code == "unit_contradictory"


@pytest.mark.parametrize(("other", "told"), [
    ([["甲", "乙", "丙", "丁"], ["1", "2", "3", "4"]], True),
    ([["制表人", "李四"], ["日期", "5 月"]], False),
    ([["首页", "查询", "导出"]], False),
    ([["P00003", "李四", "100.00"]], True),  # the next page's row, its last cells not written
    ([["第 1 页", "共 2 页", "打印日期:2024-03-01"]], False),
])  # fmt: skip
def test_a_table_that_nobody_knows_is_named_unless_it_is_layout(other: Table, told: bool, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(page(tmp_path / "a.xls", [HEADER, payment(1), payment(2)], other))
    assert (receipt.refused, receipt.delivered) == (False, 2)
    assert any("第 2 张表" in note.zh for note in receipt.notes) == told


@pytest.mark.parametrize(("cell", "kept"), [
    ("2521<sup>1</sup>", None), ("<s>300</s>400", None), ("<del>300</del>", None), ("<b>2521</b>", 252100),
    ("<i>25</i>21", 252100),
])  # fmt: skip
def test_footnotes_and_what_is_struck_out_are_no_digits(cell: str, kept: int | None, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(page(tmp_path / "a.xls", [HEADER, payment(1, 补贴金额=cell), payment(2)]))
    held = {row["payment_id"]: row["amount"] for row in site.rows("subsidy_payment", "payment_id, amount")}
    assert (held.get("P00001"), receipt.set_aside) == (kept, int(kept is None))


@pytest.mark.parametrize("how", ["hidden", "style='display: none'", 'style="Visibility:hidden"'])
def test_what_a_page_does_not_show_is_read_and_told(how: str, site: Site, tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", [HEADER, payment(1), payment(2)])
    path.write_text(path.read_text("utf-8").replace("<tr><td>P00002", f"<tr {how}><td>P00002"), "utf-8")
    [receipt] = site.receive(path)
    assert receipt.accepted == 2
    assert any("1 处不显示" in note.zh for note in receipt.notes)
    [plain] = site.receive(page(tmp_path / "b.xls", [HEADER, payment(3)]))
    assert not any("不显示" in note.zh for note in plain.notes)


@pytest.mark.parametrize(("rows", "refused"), [(0, []), (1, ["tables_differ"])])
def test_another_known_header_without_rows_is_no_delivery_that_is_lost(rows: int, refused: list[str], tmp_path: Path) -> None:
    other = [["姓名", "身份证号", "银行账号"], *([["赵六", "1", "2"]] * rows)]
    path = page(
        tmp_path / "a.xls", [["流水号", "姓名", "金额", "备注"], ["P1", "张三", "5", "无"], ["P2", "李四", "6", "无"]], other
    )
    known = {"流水号", "姓名", "金额", "身份证号", "银行账号"}
    found = read(path, tmp_path, looks_like_header=lambda row: len(known & set(row)))
    assert found.codes == refused
    assert found.rows == [[(2, "P1", "张三", "5", "无"), (3, "P2", "李四", "6", "无")]][rows:]
