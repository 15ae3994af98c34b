"""What a page says around its table is read as a sheet's titles and last lines are: units, totals, months; never as a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.paging import amounts, paid, table, write_page
from tests.core.intake.receiving import HEADER, Site, payment
from tests.core.intake.stated.test_receive_units import book

UNIT = "单位:万元"


@pytest.mark.parametrize("body", [
    f"<h3>发放表</h3><p>{UNIT}</p>{paid(1)}",
    f"<div align=center>发放表</div><div align=right>{UNIT}</div>{paid(1)}",
    f"发放表<br>{UNIT}{paid(1)}",
    f"<p>发放表<br>{UNIT}<br>制表:张三</p>{paid(1)}",
    f"<b>单位：</b><span>万元</span>{paid(1)}",
    f"<label>单位:</label><select><option>元<option selected>万元</select>{paid(1)}",
    f"<pre>发放表\n{UNIT}\n</pre>{paid(1)}",
    f"<p>{UNIT}{paid(1)}",
    paid(1).replace("<table>", f"<table><caption>3月发放({UNIT})</caption>"),
    paid(1).replace("<table>", f"<table>{UNIT}"),
    paid(1).replace("</tr>", f"</tr>{UNIT}", 1),
    table([UNIT]) + paid(1),
    table(["补贴发放表", UNIT]) + "<hr>" + paid(1),
    table(["发放表<br>" + UNIT]) + paid(1),
    table([UNIT], ["导出时间", "2024-03-20"], ["经办", "张三"], ["审核", "李四"]) + paid(1),
    table(["<td>发放表<br>" + UNIT], [f"<td>{paid(1)}</td>"]),
    table(f"<tr><td>{UNIT}{paid(1)}</td></tr>"),
    table(f"<tr><td><h3>发放表</h3><p>{UNIT}</p><div>{paid(1)}</div></td></tr>"),
    f"<p>{UNIT}</p>" + "".join(f"<p>第 {at} 条说明</p>" for at in range(9)) + paid(1),
    "".join(f"<p>菜单 {at}</p>" for at in range(99)) + f"<p>{UNIT}</p>{paid(1)}",
    f"<p>{UNIT}</p>" + table(["村", "人数", "金额", "备注"], ["栖萤村", "3", "5", ""]) + "<h3>明细表</h3>" + paid(1),
    table(["导出时间", "2024-03-20"], ["单位", "万元"]) + paid(1),
    table(["发放表", UNIT, "第 1 页", "2021年3月"]) + paid(1),
    f"<p>{'说明很长,' * 300}{UNIT}</p>" + paid(1),
    f"<div style='display:none'>加载中<p>请稍候</div><p>{UNIT}</p>{paid(1)}",
])  # fmt: skip
def test_a_unit_before_the_table_is_its_unit(body: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.refused, receipt.delivered, amounts(site)) == (False, 1, {"P00001": 5_000_000})


def test_so_is_one_in_the_title_of_the_page(site: Site, tmp_path: Path) -> None:
    site.receive(write_page(tmp_path / "a.xls", paid(1), head=f"<title>发放表({UNIT})</title>"))
    assert amounts(site) == {"P00001": 5_000_000}


@pytest.mark.parametrize(
    "around", ["<div style='display:none'>{}</div>", "<body style='visibility:hidden'>{}", "<section hidden>{}"]
)
def test_what_heads_a_hidden_table_is_as_hidden_as_its_rows(around: str, site: Site, tmp_path: Path) -> None:
    """A page of tabs shows one; the others are read, so their units are."""
    [receipt] = site.receive(write_page(tmp_path / "a.xls", around.format(f"<script>1</script><p>{UNIT}</p>{paid(1)}")))
    assert (receipt.refused, amounts(site)) == (False, {"P00001": 5_000_000})
    assert any("1 处不显示" in note.zh for note in receipt.notes)


@pytest.mark.parametrize("body", [
    f"<p style='display:none'>{UNIT}</p>",
    f"<div hidden><span><p>{UNIT}</p></div>",
    f"<script>var t = '{UNIT}';</script><style>.a:after {{content: '{UNIT}'}}</style>",
    f"<!-- {UNIT} --><template><p>{UNIT}</p></template><noscript>{UNIT}</noscript>",
    f"<select><option>元</option><option>{UNIT}</option></select>",
    f"<table style='display:none'><tr><td>{UNIT}</td></tr></table>",
    f"<nav><ul><li>{UNIT}</li></ul></nav>",
    f"<p>{UNIT}</p>" + "<p>说明</p>" * 20,
    table(["村", "人数", "金额(万元)", "备注"], ["栖萤村", "3", "5", ""]),
    table(["村", "金额(万元)"], ["栖萤村", "5"]),
    "<h3>汇总表(万元)</h3>" + table(["村", "人数", "金额", "备注"], ["栖萤村", "3", "5", ""]) + "<h3>明细表</h3>",
    table(["姓名", "<input>", "身份证号", "<input>", "发放日期", "<input>", "银行账号", "", "村代码", "", "所属月份", ""]),
])  # fmt: skip
def test_what_is_not_shown_or_is_another_tables_is_no_unit_of_this_one(body: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body + paid(1)))
    assert (receipt.refused, amounts(site)) == (False, {"P00001": 500})


@pytest.mark.parametrize("after", [
    "<p>注:金额单位为万元</p>",
    "<div>制表人:张三</div><div>单位:万元</div>",
    "注:金额单位为万元",
    table(["注:金额单位为万元"]),
    table(["甲", "乙", "丙", "丁"], ["1", "2", "3", "单位:万元"]),
    f"<p>单位:万元</p>{paid(2)}",
    f"<p>单位:元</p>{paid(2)}<p>单位:万元</p>{paid(3)}",
    table(["导出时间", "2024-03-20"], ["单位", "万元"]),
    table(["发放表"], ["单位:万元"], HEADER, payment(2)),
    paid(2).replace("<table>", "<table><caption>单位:万元</caption>"),
    "<p>金额单位:美元</p>",
])  # fmt: skip
def test_a_unit_that_comes_too_late_refuses_the_page(after: str, site: Site, tmp_path: Path) -> None:
    """Nobody reads the end first; and what heads a later table may be said of that one alone."""
    [receipt] = site.receive(write_page(tmp_path / "a.xls", paid(1) + after))
    assert receipt.refusal is not None
    assert receipt.refusal.code in ("unit_contradictory", "unit_foreign")


def test_the_same_unit_may_be_said_again(site: Site, tmp_path: Path) -> None:
    body = f"<p>{UNIT}</p>{paid(1)}<p>{UNIT}</p>{paid(2)}<p>注:金额单位为万元</p>"
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.refused, amounts(site)) == (False, {"P00001": 5_000_000, "P00002": 5_000_000})
    assert [one.said for one in receipt.left_out] == ["注:金额单位为万元"]


def test_lines_below_are_left_out_and_told_if_they_say_anything_of_the_table(site: Site, tmp_path: Path) -> None:
    body = paid(1, 2) + "<div>合计:10.00元</div><p>审核人:李四 </p><p>第 1 页 共 1 页</p><p>© 县民政局</p><a href=x>返回首页</a>"
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.delivered, receipt.accepted, receipt.set_aside) == (2, 2, 0)
    assert [(one.row, one.kind) for one in receipt.left_out] == [(4, "footer_total"), (5, "footer_signature"), (6, "footer_page")]


def test_what_is_said_of_the_sum_and_the_month_is_held_against_the_rows(site: Site, tmp_path: Path) -> None:
    body = f"<h3>2024年5月发放表</h3>{paid(1, 2)}<p>共3人,合计金额12.00元</p>"
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert any("2024-05" in note.zh for note in receipt.notes)
    assert len([one for one in receipt.expectations if not one.kept and ("12.00" in one.zh or "3 人" in one.zh)]) == 2


def test_words_around_a_table_are_no_rows_of_it(site: Site, tmp_path: Path) -> None:
    body = (
        f"<h3>发放表</h3><p>单位:元</p><p>说明</p>{table(['发放表'], HEADER, payment(1), payment(2, 补贴金额='x'))}<p>注:元</p>"
    )
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.delivered, [reason.row for reason in receipt.reasons]) == (2, [4])


def test_a_unit_of_a_page_is_refused_as_a_sheets_is(site: Site, tmp_path: Path) -> None:
    [page] = site.receive(write_page(tmp_path / "a.xls", f"<p>金额单位:美元</p>{paid(1)}"))
    [sheet] = site.receive(book(tmp_path / "a.xlsx", [["金额单位:美元"]], [payment(1)]))
    assert page.refusal is not None
    assert sheet.refusal is not None
    assert (page.refusal.code, page.refusal.zh) == (sheet.refusal.code, sheet.refusal.zh)


@pytest.mark.parametrize("body", [
    table(f"<tr><td>{paid(1)}</td></tr>"),
    table("<tr><td>菜单<td>发放表<td>退出</tr>", f"<tr><td>首页<br>查询<td>{paid(1)}<td>公告</tr>", "<tr><td>©<td><td></tr>"),
    table(f"<tr><td>{table(['导出时间', '2024-03-20'])}</td></tr>", f"<tr><td>{paid(1)}</td></tr>"),
    table(f"<tr><td>{table(f'<tr><td>{paid(1)}</td></tr>')}</td></tr>"),
    table(f"<tr><td>{paid(1)}</td></tr>", "<tr><td>审核人:李四</td></tr>", "<tr><td>2024年3月</td></tr>", "<tr><td>©</tr>"),
    f"<table><tr><td>发放表</td></tr>{paid(1)}",
])  # fmt: skip
def test_a_table_that_stands_in_another_is_read_as_if_it_stood_alone(body: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.refused, receipt.set_aside, amounts(site)) == (False, 0, {"P00001": 500})
    assert not any("张表" in note.zh for note in receipt.notes)


def test_a_table_inside_a_value_is_part_of_what_the_cell_shows(site: Site, tmp_path: Path) -> None:
    """Two amounts of one cell are none; in a cell that need not be filled they would be lost without a word."""
    hidden = table(["7", "8", "9"], begin="<table hidden>")
    cells = [
        table(["500"], ["200"]),
        f"500{table(['200'])}",
        table(["500"]),
        f"500{hidden}<div style='display:none'>{table(['1'])}",
    ]
    body = table(HEADER, *(payment(at, 补贴金额=cell) for at, cell in enumerate(cells, start=1)), payment(9))
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert [(one.reason, one.count) for one in receipt.reasons] == [("amount_malformed", 2)]
    assert amounts(site) == {"P00003": 50_000, "P00004": 50_000, "P00009": 10_950}
    assert not any("网页" in note.zh for note in receipt.notes)


def test_a_value_may_stand_in_a_table_as_wide_as_the_header(site: Site, tmp_path: Path) -> None:
    inner = table([str(at) for at in range(len(HEADER))])
    rows = [[*payment(1), f"现金{inner}"], [*payment(2), ""]]
    body = table([*HEADER, "备注"], *rows) + table([*payment(3), ""])
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.delivered, list(amounts(site))) == (3, ["P00001", "P00002", "P00003"])


def test_a_total_in_a_table_of_its_own_is_held_against_no_column(site: Site, tmp_path: Path) -> None:
    header = ["流水号", "补贴金额", *(name for name in HEADER if name not in ("流水号", "补贴金额"))]
    rows = [[one[0], "5", *one[1:6], *one[7:]] for one in (payment(1), payment(2))]
    [receipt] = site.receive(write_page(tmp_path / "a.xls", table(header, *rows) + table(["合计", "2", "10.00"])))
    assert [one.said for one in receipt.left_out] == ["合计  2  10.00"]
    assert all(one.kept for one in receipt.expectations)
