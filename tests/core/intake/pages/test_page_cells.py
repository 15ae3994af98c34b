"""A cell of a page says what a browser shows: lines apart, one option of several, nothing that is not shown; merged cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.paging import amounts, paid, table, without, write_page
from tests.core.intake.receiving import HEADER, VILLAGE, Site, citizen, payment

from xiezhi.intake.files.delivered import Limits
from xiezhi.intake.files.delivered import open_delivered as opened
from xiezhi.intake.pages.merged import rows_that_share
from xiezhi.intake.pages.parser import Page
from xiezhi.kernel.errors import RefusedDelivery


def reasons(site: Site, path: Path) -> list[tuple[str | None, str, int]]:
    [receipt] = site.receive(path)
    return [(one.column, one.reason, one.count) for one in receipt.reasons]


@pytest.mark.parametrize("cell", [
    "500<p>200</p>", "<div>500</div><div>200</div>", "500<ul><li>200</ul>", "<p>500<p>200", "<h4>500</h4>200", "500<hr>200",
    "<span style='display: block'>500</span><span style='display:block'>200</span>",
    "<span style='display:block'>500</span>200", "<span style='display:block'><span>5</span>00</span>200",
    "<dl><dt>500<dd>200</dl>",
    "<label>500</label><label>200</label>", "<button>500</button>200", "500<textarea>200</textarea>", "500<input value=200>",
    "<input value='500'>", "<pre>500\n200</pre>", "500<center>200</center>", "<section>500</section>200", "500<sup>2</sup>",
])  # fmt: skip
def test_what_stands_in_lines_of_its_own_is_not_glued(cell: str, site: Site, tmp_path: Path) -> None:
    path = write_page(tmp_path / "a.xls", table(HEADER, payment(1, 补贴金额=cell), payment(2)))
    assert reasons(site, path) == [("amount", "amount_malformed", 1)]


@pytest.mark.parametrize("cell", [
    "<p>500</p>", "<div> 500 </div>\n", "<div><span>500</span></div>", "500<br>", "<textarea>500</textarea>", "<b>5</b>00",
    "<select><option>500</option><option>900</option></select>", "<select><option>900<option selected>500<option>9</select>",
    "<select><option>900<optgroup label=a><option selected=selected>500</option></optgroup></select>",
    "500<script>document.write('9')</script>", "500<style>.a{}</style>", "500<span style='display:none'>9<i>9</span>",
    "500<datalist><option>9</datalist>", "500<input type=hidden value=9><input type=checkbox value=8>",
    "500<p style='display:none'><b>9<p>9</p></p>", "\n  500\n  ", "5<wbr>00", "500<template>9</template>",
    "<p hidden>9<p>500", "<ul><li hidden>9<li>500</ul>", "<p hidden>9<div>500</div>",
])  # fmt: skip
def test_what_is_shown_alone_is_the_value(cell: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_page(tmp_path / "a.xls", table(HEADER, payment(1, 补贴金额=cell))))
    assert (receipt.set_aside, amounts(site)) == (0, {"P00001": 50_000})


@pytest.mark.parametrize(("column", "cell", "reason"), [
    ("所属月份", "<p>2024-1</p><p>2</p>", ("benefit_month", "date_malformed", 1)),
    ("发放日期", "<div>2024-03-1</div><div>5</div>", ("pay_date", "date_malformed", 1)),
    ("姓名", "<div>张伟民</div><div>李秀英</div>", ("name", "name_several", 1)),
    ("姓名", "张伟民<br>李秀英", ("name", "name_several", 1)),
])  # fmt: skip
def test_days_and_names_in_two_lines_are_not_one(
    column: str, cell: str, reason: tuple[str, str, int], site: Site, tmp_path: Path
) -> None:
    path = write_page(tmp_path / "a.xls", table(HEADER, payment(1, **{column: cell}), payment(2)))
    assert reasons(site, path) == [reason]


@pytest.mark.parametrize("cell", [
    "<ruby>张伟民<rt>zhang</rt></ruby>", "<ruby>张<rp>(</rp><rt>zhang</rt><rp>)</rp>伟民<rt>wei</ruby>", "<div>张伟民</div>",
    "张伟民<br>(户主)", "张\n  伟民",
])  # fmt: skip
def test_readings_and_remarks_are_no_part_of_a_name(cell: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_page(tmp_path / "a.xls", table(HEADER, payment(1, 姓名=cell, 收款人姓名="张伟民"))))
    assert (receipt.set_aside, site.rows("subsidy_payment", "payee_agrees")) == (0, [{"payee_agrees": "same"}])


def test_a_header_may_stand_in_blocks(site: Site, tmp_path: Path) -> None:
    named = [f"<div>{name[:2]}</div><div>{name[2:]}</div>" for name in HEADER]
    named[HEADER.index("补贴金额")] = "<p>补贴金额</p><p>(万元)</p>"
    site.receive(write_page(tmp_path / "a.xls", table(named, payment(1, 补贴金额="5"))))
    assert amounts(site) == {"P00001": 5_000_000}


def tall(rows: int, text: str) -> str:
    return f"<td rowspan={rows}>{text}</td>"


def test_an_amount_of_several_rows_is_nobodys(site: Site, tmp_path: Path) -> None:
    first, *below = (payment(at) for at in (1, 2, 3, 4))
    first[HEADER.index("补贴金额")] = tall(3, "3600")
    rows = [first, *(without(row, "补贴金额") for row in below[:2]), below[2]]
    assert reasons(site, write_page(tmp_path / "a.xls", table(HEADER, *rows))) == [(None, "merged_amount", 3)]
    assert amounts(site) == {"P00004": 10_450}


def test_so_is_one_that_need_not_be_given(site: Site, tmp_path: Path) -> None:
    """The first row would have it, the others none: nobody would ask."""
    header = [
        "结算流水号",
        "身份证号",
        "定点机构名称",
        "就诊类别",
        "入院日期",
        "出院日期",
        "费用总额",
        "基金支付金额",
        "个人支付金额",
    ]
    rows = [[f"S{at}", citizen(at), "第一医院", "住院", "2024-02-01", "2024-02-05", "1000", "600", "400"] for at in range(3)]
    rows[0][6] = tall(2, "2000")
    del rows[1][6]
    assert reasons(site, write_page(tmp_path / "a.xls", table(header, *rows))) == [(None, "merged_amount", 2)]


@pytest.mark.parametrize(("body", "numbers"), [
    (table(HEADER, payment(1, 补贴金额=tall(3, "5"))), [1]),
    (table(HEADER, payment(1, 补贴金额=f"<td rowspan={'9' * 5000} colspan=-1>5</td>")), [1]),
    (paid(1) + table(HEADER, payment(2, 补贴金额=tall(9, "5"))) + paid(3), [1, 2, 3]),
    (table(HEADER, payment(1, 补贴金额=tall(2, "5")), "<tr></tr>", payment(2, 补贴金额="5")), [1, 2]),
    (table("<thead>", [tall(9, name) for name in HEADER], "</thead><tbody>", payment(1, 补贴金额="5")), [1]),
    (table(HEADER, "<tbody>", payment(1, 补贴金额=tall(5, "5")), "</tbody><tbody>", payment(2, 补贴金额="5")), [1, 2]),
])  # fmt: skip
def test_a_cell_reaches_no_farther_than_its_rows(body: str, numbers: list[int], site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.set_aside, amounts(site)) == (0, {f"P{at:05d}": 500 for at in numbers})


def test_what_is_merged_and_no_amount_is_each_rows(site: Site, tmp_path: Path) -> None:
    """The village behind the amounts is the last filled column: what reaches down there reaches no third row."""
    header = [name for name in HEADER if name != "发放单位"]
    one, two, three = (payment(at, 姓名="张三", 身份证号=citizen(1))[:-1] for at in (1, 2, 3))
    one[1:3], one[-1] = [tall(2, citizen(1)), tall(2, "张三")], tall(2, VILLAGE)
    [receipt] = site.receive(write_page(tmp_path / "a.xls", table(header, one, [two[0], *two[3:-1]], three)))
    assert (receipt.delivered, receipt.set_aside) == (3, 0)
    found = site.rows("subsidy_payment", "name, village, person")
    assert len({(row["name"], row["village"], row["person"]) for row in found}) == 1


def test_a_subtotal_beside_a_merged_cell_is_still_one(site: Site, tmp_path: Path) -> None:
    header = ["村代码", *(name for name in HEADER if name != "村代码")]
    rows = [[VILLAGE, *without(payment(at, 补贴金额="5"), "村代码")] for at in (1, 2, 3)]
    rows[0][0] = tall(3, VILLAGE)
    body = table(header, rows[0], rows[1][1:], ["小计", *[""] * 5, "10", *[""] * 3], rows[2])
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.set_aside, [one.kind for one in receipt.left_out]) == (0, ["footer_total"])


def test_a_cell_without_its_row_begins_one(site: Site, tmp_path: Path) -> None:
    body = table(HEADER, "".join(f"<td>{cell}</td>" for cell in payment(1)) + "</tr>", payment(2))
    [receipt] = site.receive(write_page(tmp_path / "a.xls", body))
    assert (receipt.delivered, receipt.set_aside) == (2, 0)


def test_a_page_that_was_cut_keeps_its_last_cell(site: Site, tmp_path: Path) -> None:
    path = write_page(tmp_path / "a.xls", "")
    body = table(HEADER, payment(1), payment(2))
    path.write_text(path.read_text("utf-8").replace("</body></html>", body.removesuffix("</td></tr></table>")), "utf-8")
    [receipt] = site.receive(path)
    assert (receipt.delivered, receipt.set_aside) == (2, 0)
    assert [row["agency"] for row in site.rows("subsidy_payment", "agency, _delivery, _row")] == ["民政局", "民政局"]


@pytest.mark.parametrize(("body", "limits", "code"), [
    (table("<tr><td colspan=900></td><td colspan=900></td><td colspan=900></td></tr>") + paid(1), Limits(), "too_many_columns"),
    ("<table><tr>" + "<td colspan=900>" * 3, Limits(), "too_many_columns"),
    (table(*["<tr><td colspan=900></td></tr>"] * 99) + paid(1), Limits(max_workbook_cells=50_000), "workbook_size"),
])  # fmt: skip
def test_a_short_tag_that_stands_for_many_cells_is_bounded(body: str, limits: Limits, code: str, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    with pytest.raises(RefusedDelivery) as refused:
        next(opened(write_page(tmp_path / "a.xls", body), limits, tmp_path / "scratch"))
    assert refused.value.code == code


def rows(*tables: str) -> list[list[list[str]]]:
    page = Page()
    page.feed("".join(tables))
    page.close()
    return [one.rows for one in page.tables]


def test_a_cell_that_reaches_down_keeps_its_place_in_those_rows_alone() -> None:
    body = table([tall(2, "甲"), "1"], ["2"], ["乙", "3"])
    assert rows(body) == [[["甲", "1"], ["", "2"], ["乙", "3"]]]


def test_a_row_is_counted_with_its_cells() -> None:
    page = Page()
    page.feed(table(["1", "2"], "<tr></tr>", ["<td colspan=3>"]))
    page.close()
    assert (page.size.cells, page.size.columns) == (8, 3)


def test_an_amount_beside_rows_of_fewer_cells_is_nobodys() -> None:
    body = {1: ["a", "1", "x", "9"], 2: ["b", "2"], 3: ["c", "3", "y", "4"]}
    assert rows_that_share([((1, 3), (2, 3))], {1, 3}, body) == {1, 2}


@pytest.mark.parametrize(("said", "shown"), [
    ("五百  \n 元", "五百 元"), ("<p>五百<p> 元 </p>", "五百\n元"), ("<br><br> 五百<br> <br>元<br>", "五百\n元"),
    (" 五百 ", "五百"), ("<select><option>五百<option>元", "五百"), ("<select><option>五百<option selected>元", "元"),
])  # fmt: skip
def test_a_text_is_what_is_shown_in_lines(said: str, shown: str) -> None:
    assert rows(f"<table><tr><td>{said}") == [[[shown]]]
