"""Which rows of a page are delivered, and what is said around them: its tables put together, the cells that reach over rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.paging import table, write_page
from tests.core.intake.reading import Read, read
from tests.core.intake.receiving import citizen

from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.files.readers import html_table
from xiezhi.intake.pages.around import Below, keep_words
from xiezhi.intake.pages.html_pages import Together, put_together
from xiezhi.intake.pages.lines import PageLines
from xiezhi.intake.pages.merged import repeat_down, rows_that_share
from xiezhi.intake.pages.parser import Page
from xiezhi.intake.sheets.footers import Footer, FooterKind
from xiezhi.intake.sheets.heading import KnownNames
from xiezhi.intake.sheets.sheet import BrokenRow, Heading, Part, Sheet
from xiezhi.intake.workbooks import merged_cells
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

NAMES = ["姓名", "身份证号", "补贴金额", "备注"]
SCORE = KnownNames.of([*NAMES, "银行账号", "村代码"])
PART = Part(Path("a.xls"), None, Path("a.xls"))
Line = list[str]


def person(number: int, amount: str = "5") -> Line:
    return ["张三", citizen(number), amount, "无"]


def together(body: str, score: KnownNames | None = SCORE) -> Together:
    page = Page()
    page.feed(body)
    page.close()
    return put_together(page, PART, Limits(), score)


def refusal(body: str) -> RefusedDelivery:
    with pytest.raises(RefusedDelivery) as refused:
        together(body)
    return refused.value


@pytest.mark.parametrize("score", [SCORE, None])
def test_tables_of_one_header_are_one_and_their_rows_are_numbered_through(score: KnownNames | None) -> None:
    first = table(["发放表"], NAMES, person(1), person(2))
    body = first + table(["发放表"], NAMES, person(3)) + table(person(4), person(5))
    rows = [(3, person(1)), (4, person(2)), (7, person(3)), (8, person(4)), (9, person(5))]
    assert together(body, score) == Together(Heading(NAMES, 2, [["发放表"]]), rows)


@pytest.mark.parametrize(("end", "read"), [
    (table(["李四", "6", "无"]), True), (table(["李四", "6"]), False), (table(["李四", "6", "无"], ["王五", "7"]), False),
    (table(["王五", "7", ""], ["李四", "6", "无"]), True),
])  # fmt: skip
def test_a_table_without_a_header_goes_on_where_all_its_rows_are_as_wide(end: str, read: bool) -> None:
    found = together(table(["姓名", "补贴金额", "备注"], ["张三", "5", "无"]) + end)
    assert (len(found.rows), found.rows[-1][1]) == (
        (2 + end.count("王五"), ["李四", "6", "无"]) if read else (1, ["张三", "5", "无"])
    )


def test_the_largest_table_says_what_the_header_is() -> None:
    menu = [["首页"], ["查询"], ["导出"], ["退出"], ["帮助"]]
    found = together(table(*menu) + table(["发放表"], NAMES, person(1)))
    assert found == Together(Heading(NAMES, 2, [["发放表"], *menu]), [(3, person(1))])


def test_a_page_without_a_table_has_no_header() -> None:
    assert refusal("<p>姓名</p>").code == "no_header"


@pytest.mark.parametrize(("other", "told"), [
    ([["甲", "乙", "丙"], ["1", "2", "3"]], True),
    ([["甲", "乙", "丙", "丁"], ["1"]], True),
    ([["甲"], ["1", "2", "3"]], True),
    ([["姓名", "银行账号", "丙"], ["李四", "1", "2"]], True),
    ([["甲", "乙"], ["1", "2"]], False),
    ([["甲", "乙", ""], ["1", "2", " "]], False),
    ([["甲", "乙", "丙"]], False),
    ([["姓名", "身份证号", "银行账号"]], False),
    ([["甲"], ["乙"], ["丙"]], False),
    ([], False),
])  # fmt: skip
@pytest.mark.parametrize("place", [1, 2])
def test_a_table_that_is_not_read_is_told_where_it_has_rows_of_three_columns(other: list[Line], told: bool, place: int) -> None:
    tables = [table(NAMES, person(1), person(2))]
    tables.insert(place - 1, table(*other))
    found = together("".join(tables))
    zh = f"网页里第 {place} 张表({len(other)} 行)的列不同,也没有认得的表头,没有读取"
    en = f"table {place} of the page ({len(other)} rows) has other columns and no known header: it was not read"
    assert found.notes == ([Words(zh=zh, en=en)] if told else [])
    assert (found.rows, found.heading.row) == ([(2, person(1)), (3, person(2))], 1)


def test_without_known_names_another_header_is_told_and_not_refused() -> None:
    found = together(table(NAMES, person(1), person(2)) + table(["甲", "乙", "丙"], ["1", "2", "3"]), None)
    assert ([number for number, _ in found.rows], len(found.notes)) == ([2, 3], 1)


@pytest.mark.parametrize(("place", "rows"), [(1, 1), (2, 2)])
def test_a_table_with_another_known_header_refuses_the_page(place: int, rows: int) -> None:
    other = table(["退款表"], ["姓名", "身份证号", "银行账号"], *[["李四", citizen(9), "1"]] * rows)
    tables = [table(NAMES, person(1), person(2), person(3), person(4))]
    tables.insert(place - 1, other)
    refused = refusal("".join(tables))
    assert (refused.code, refused.zh) == ("tables_differ", f"网页里第 {place} 张表({rows} 行)的表头与其他表不同")


def test_a_table_in_a_value_is_no_page_that_goes_on() -> None:
    inner = table(["1", "2", "3", "4"])
    found = together(table(NAMES, [*person(1)[:3], f"见表{inner}"], person(2)) + table(person(3)))
    assert found.rows == [(2, [*person(1)[:3], "见表\n1\n2\n3\n4"]), (3, person(2)), (4, person(3))]
    assert (found.notes, found.below) == ([], [])


def test_a_table_that_serves_the_layout_is_text_around_the_one_inside_it() -> None:
    head, foot = ["菜单", "发放表", "单位:元"], ["审核人:李四", "制表人:王五"]
    found = together(table(head, ["首页", table(NAMES, person(1), person(2), person(3)), "公告"], foot))
    titles = [["菜单  发放表  单位:元"], ["首页", "公告"]]
    below = [Footer(5, FooterKind.SIGNATURE, ("审核人:李四", "制表人:王五"))]
    assert found == Together(Heading(NAMES, 1, titles), [(at + 1, person(at)) for at in (1, 2, 3)], below=below)


def test_hidden_tables_are_read_and_counted() -> None:
    hidden = "<table style='display:none'>"
    found = together(table(NAMES, person(1)) + table(NAMES, person(2), begin=hidden) + table(person(3), begin=hidden))
    assert (found.hidden, [number for number, _ in found.rows]) == (2, [2, 4, 5])


def test_cells_over_several_rows_keep_to_the_rows_of_their_table() -> None:
    first = table(
        ["<td rowspan=2 colspan=2>发放表", "单位:元"],
        ["2024年3月"],
        NAMES,
        ["<td rowspan=2>张三", *person(1)[1:]],
        person(2)[1:],
    )
    second = table(NAMES, person(3), [*person(4)[:2], "<td rowspan=2>9", "无"], [*person(5)[:2], "无"])
    found = together(first + second)
    assert found.heading == Heading(NAMES, 3, [["发放表", "", "单位:元"], ["", "", "2024年3月"]])
    assert [number for number, _ in found.rows] == [4, 5, 7, 8, 9]
    assert found.merged == [((3, 0), (4, 0)), ((7, 2), (8, 2))]


def test_of_what_stands_before_another_table_only_units_are_said_of_this_one() -> None:
    summary = table(["村", "人数", "金额", "说明"], ["栖萤村", "3", "5", "单位:元"])
    body = (
        f"<p>金额单位:元</p><h3>汇总表(万元)</h3>{summary}<h3>明细表</h3><p>币种:人民币</p>{table(NAMES, person(1), person(2))}"
    )
    assert together(body).heading.title_rows == [["金额单位:元"], ["单位:元"], ["明细表"], ["币种:人民币"]]


@pytest.mark.parametrize(("before", "titles"), [
    (table(["导出时间", "2024-03-20"]), [["发放表"], ["导出时间", "2024-03-20"], ["单位:元"]]),
    (table(["导出时间"], ["2024-03-20"]), [["发放表"], ["导出时间"], ["2024-03-20"], ["单位:元"]]),
    (table(["导出时间", "2024-03-20", "第 1 页"]), [["发放表"], ["导出时间  2024-03-20  第 1 页"], ["单位:元"]]),
    (table(["导出时间"], ["2024-03-20", "第 1 页"]), [["单位:元"]]),
])  # fmt: skip
def test_a_line_of_cells_before_the_table_is_a_title(before: str, titles: list[Line]) -> None:
    assert together(f"<h3>发放表</h3>{before}<p>单位:元</p>{table(NAMES, person(1))}").heading.title_rows == titles


def test_of_many_lines_before_the_table_the_last_ten_are_titles() -> None:
    body = "".join(f"<p>第 {at} 条</p>" for at in range(12))
    assert together(body + table(NAMES, person(1))).heading.title_rows == [[f"第 {at} 条"] for at in range(2, 12)]


@pytest.mark.parametrize(("row", "stated"), [
    (["单位:万元", "栖萤村"], [["单位:万元"]]),
    (["单位", "万元"], [["单位", "单位:万元"]]),
    (["经办", "货币", "人民币元"], [["货币", "货币:人民币元"]]),
    (["单位", "万"], [["单位"]]),
    (["单位", "元氏县民政局"], [["单位"]]),
    (["补贴标准", "元"], []),
    (["Currency: CNY", "5"], [["Currency: CNY"]]),
    (["栖萤村", "5"], []),
])  # fmt: skip
def test_of_a_table_with_rows_of_its_own_only_units_are_kept(row: Line, stated: list[Line]) -> None:
    page, lines, every = Page(), PageLines(), PageLines()
    page.feed(table(row))
    page.close()
    keep_words(page.tables[0], lines, stated_only=True)
    keep_words(page.tables[0], every, stated_only=False)
    assert (lines.between(1, 1), every.between(1, 1)) == (stated, [row])


def test_lines_below_are_footers_once_and_numbered_on() -> None:
    below = Below([["单位:元"]], 4)
    lines = [
        ["单位:元"], ["审核人:李四"], ["合计", "2", "10.00"], ["审核人:李四"], ["© 县民政局"], ["金额单位为元", "返回首页"],
        ["第 1 页 共 1 页"], ["共2人"],
    ]  # fmt: skip
    below.put(lines, 5, step=1)
    below.put([["复核人:王五"], ["制表人:赵六"]], 12)
    assert below.footers == [
        Footer(5, FooterKind.SIGNATURE, ("审核人:李四",)),
        Footer(6, FooterKind.TOTAL, ("合计  2  10.00",)),
        Footer(7, FooterKind.NOTE, ("金额单位为元", "返回首页")),
        Footer(8, FooterKind.PAGE, ("第 1 页 共 1 页",)),
        Footer(9, FooterKind.NOTE, ("共2人",)),
        Footer(12, FooterKind.SIGNATURE, ("复核人:王五",)),
        Footer(12, FooterKind.SIGNATURE, ("制表人:赵六",)),
    ]


def test_what_stands_between_two_tables_is_below_the_first_and_the_end_below_the_last() -> None:
    body = (
        f"<p>单位:元</p>{table(NAMES, person(1))}<p>审核人:李四</p><p>制表人:王五</p>"
        f"{table(['共2人'], ['单位:元'], ['金额单位:元'], NAMES, person(2))}"
        "<p>复核人:李四</p><p>单位:元</p><p>第 2 页</p><table></table>"
    )
    found = together(body)
    assert found.rows == [(2, person(1)), (7, person(2))]
    assert [(one.row, *one.cells) for one in found.below] == [
        (3, "审核人:李四"), (3, "制表人:王五"), (3, "共2人"), (4, "金额单位:元"), (8, "复核人:李四"), (9, "第 2 页"),
    ]  # fmt: skip


@pytest.mark.parametrize(("merged", "amounts", "sharing"), [
    ([((1, 2), (2, 2))], {2}, {1, 2}),
    ([((1, 1), (2, 3))], {2}, {1, 2}),
    ([((1, 2), (2, 3))], {2}, {1, 2}),
    ([((1, 1), (2, 2))], {2}, {1, 2}),
    ([((1, 2), (2, 2))], {0, 2, 3}, {1, 2}),
    ([((1, 2), (4, 2))], {2}, {1, 2, 4}),
    ([((1, 0), (2, 1))], {2}, set()),
    ([((1, 3), (2, 3))], {2}, set()),
    ([((1, 2), (2, 2))], set(), set()),
    ([], {2}, set()),
])  # fmt: skip
def test_rows_beside_one_amount_share_it(merged: list[merged_cells.Range], amounts: set[int], sharing: set[int]) -> None:
    """The third row is blank: nobody's. The last cell of the second is missing."""
    rows = {
        1: ["张三", "1", "900", "无"],
        2: ["李四", "2"],
        3: ["", "", "", ""],
        4: ["王五", "4", "", ""],
        5: ["赵六", "5", "7", ""],
    }
    assert rows_that_share(merged, amounts, rows) == sharing


def test_a_page_without_rows_shares_nothing() -> None:
    assert rows_that_share([((1, 2), (2, 2))], {2}, {}) == frozenset()


@pytest.mark.parametrize(
    ("figures", "third"), [(set(), ["栖萤村", "栖萤村", "栖萤村"]), ({0}, ["栖萤村", "", ""]), ({1}, ["栖萤村"] * 3)]
)
def test_what_a_merged_cell_shows_is_each_rows_beside_it(figures: set[int], third: Line) -> None:
    rows = {0: ["", "一"], 1: ["栖萤村", "二"], 2: ["", "三"], 3: ["", "四"], 4: ["", "五"]}
    repeat_down([((1, 0), (3, 0))], figures, rows)
    assert [rows[at][0] for at in range(5)] == ["", *third, ""]


def test_it_is_not_repeated_into_totals_blank_rows_or_other_words() -> None:
    rows = {
        0: ["张三", "1", "栖萤村"],
        1: ["小计", "1", ""],
        2: ["", "", ""],
        3: ["李四", "2", "望溪村"],
        4: ["王五", "3"],
        5: ["赵六", "4", ""],
    }
    repeat_down([((0, 2), (5, 2))], set(), rows)
    assert [row[2:] for row in rows.values()] == [["栖萤村"], [""], [""], ["望溪村"], [], ["栖萤村"]]


def opened(path: Path, limits: Limits | None = None) -> Sheet:
    (path.parent / "scratch").mkdir(exist_ok=True)
    return next(open_delivered(path, limits or Limits(), path.parent / "scratch", looks_like_header=SCORE))


def rows_of(sheet: Sheet, batch_rows: int = 1000) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in sheet.batches(batch_rows) for row in batch.to_pylist()]


@pytest.mark.parametrize("batch_rows", [2, 1000])
def test_rows_of_a_page_come_in_batches_short_ones_filled_and_long_ones_broken(batch_rows: int, tmp_path: Path) -> None:
    long, longer = [*person(3), "", "多"], [*person(4), "多", ""]
    rows = [person(1), person(2)[:2], long, longer, [*person(5), "", ""]]
    found = read(write_page(tmp_path / "a.html", table(NAMES, *rows)), tmp_path, batch_rows=batch_rows)
    assert found.rows == [[(2, *person(1)), (3, *person(2)[:2], "", ""), (6, *person(5))]]
    assert found.broken == [BrokenRow(at, "\t".join(row), "column_count", tuple(row)) for at, row in ((4, long), (5, longer))]
    assert (found.sheets[0].notes, found.sheets[0].title_rows, found.sheets[0].format) == ([], [], "xls")


def test_a_row_that_shares_an_amount_is_broken_and_others_repeat_what_is_merged(tmp_path: Path) -> None:
    body = table(
        NAMES,
        person(1),
        ["<td rowspan=3>李四", citizen(2), "<td rowspan=2>3600", "无"],
        [citizen(3), "无"],
        [citizen(4), "7", "<td rowspan=2>补发"],
        ["王五", citizen(5), "8"],
    )
    sheet = opened(write_page(tmp_path / "a.html", body))
    sheet.amounts = frozenset({2})
    assert rows_of(sheet) == [(*person(1), 2), ("李四", citizen(4), "7", "补发", 5), ("王五", citizen(5), "8", "补发", 6)]
    shared = [(3, ["李四", citizen(2), "3600", "无"]), (4, ["李四", citizen(3), "", "无"])]
    assert list(sheet.broken) == [BrokenRow(at, "\t".join(row), "merged_amount", tuple(row)) for at, row in shared]


@pytest.mark.parametrize("kind", ["amounts", "figures"])
def test_an_area_over_several_rows_is_not_repeated(kind: str, tmp_path: Path) -> None:
    body = table(["姓名", "面积", "备注"], ["张三", "<td rowspan=2>3.5", "<td rowspan=2>水田"], ["李四"])
    sheet = opened(write_page(tmp_path / "a.html", body))
    setattr(sheet, kind, frozenset({1}))
    assert rows_of(sheet) == []
    assert [(one.row, one.reason) for one in sheet.broken] == [(2, "merged_amount"), (3, "merged_amount")]


@pytest.mark.parametrize(("rows", "refused"), [(3, False), (4, True)])
def test_merged_amounts_over_and_over_the_page_refuse_it(
    rows: int, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merged_cells, "MOST", 3)
    first = [*person(0)[:2], f"<td rowspan={rows}>5", "无"]
    body = table(NAMES, first, *([*person(at)[:2], "无"] for at in range(1, rows)))
    sheet = opened(write_page(tmp_path / "a.html", body))
    sheet.amounts = frozenset({2})
    if not refused:
        assert (rows_of(sheet), len(sheet.broken)) == ([], 3)
        return
    with pytest.raises(RefusedDelivery) as error:
        rows_of(sheet)
    assert (error.value.code, error.value.zh) == ("workbook_size", "工作簿过大:more than 3 rows under merged cells")


def test_what_is_said_below_comes_behind_the_footers_among_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = table(NAMES, person(1), ["合计", "", "5", ""]) + "<p>审核人:李四</p><p>制表人:王五</p><p>复核人:赵六</p>"
    path = write_page(tmp_path / "a.html", body)
    every = [(3, "合计"), (4, "审核人:李四"), (5, "制表人:王五"), (6, "复核人:赵六")]
    for most in (4, 3):
        monkeypatch.setattr(html_table, "MOST_FOOTERS", most)
        sheet = opened(path)
        assert rows_of(sheet) == [(*person(1), 2)]
        assert [(one.row, one.cells[0]) for one in sheet.footers] == every[:most]


@pytest.mark.parametrize(("hide", "titles"), [("", [["发放表"]]), ("hidden", [["单位:元"], ["发放表"]])])
def test_hidden_words_are_read_where_a_hidden_table_is(hide: str, titles: list[Line], tmp_path: Path) -> None:
    rows = [person(1), f"<tr {hide}><td>李四<td>{citizen(2)}<td {hide}>5<td></tr>"]
    body = f"<p hidden>单位:元</p><p>发放表</p>{table(NAMES, *rows, begin=f'<table {hide}>')}"
    sheet = opened(write_page(tmp_path / "a.html", body))
    told = Words(zh="网页中有 3 处不显示的行或单元格,也已读入", en="3 rows or cells that the page does not show were read, too")
    assert (sheet.title_rows, sheet.notes) == (titles, [told] if hide else [])


def test_notes_on_other_tables_go_before_what_is_hidden(tmp_path: Path) -> None:
    body = table(NAMES, person(1), f"<tr hidden>{''.join(f'<td>{cell}' for cell in person(2))}</tr>")
    found = opened(write_page(tmp_path / "a.html", body + table(["甲", "乙", "丙"], ["1", "2", "3"])))
    assert [note.zh[:9] for note in found.notes] == ["网页里第 2 张表", "网页中有 1 处不"]


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16")]
)
def test_a_page_of_any_encoding_begins_with_its_words(encoding: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>发放表{table(NAMES, person(1))}</body></html>", encoding)
    sheet = opened(path)
    assert (sheet.title_rows, sheet.header, rows_of(sheet)) == ([["发放表"]], NAMES, [(*person(1), 2)])
    assert (sheet.encoding or "").startswith(told)


def refusals(path: Path, limits: Limits) -> list[tuple[str, str]]:
    found: Read = read(path, path.parent, limits)
    return [(one.code, one.zh) for one in found.refused]


def test_a_page_may_be_an_eighth_of_a_workbook(tmp_path: Path) -> None:
    path = write_page(tmp_path / "a.html", table(NAMES, person(1)))
    size = path.stat().st_size
    assert refusals(path, Limits(max_workbook_bytes=size * 8)) == []
    assert refusals(path, Limits(max_workbook_bytes=size * 8 - 1)) == [("workbook_size", f"工作簿过大:{size} bytes")]


@pytest.mark.parametrize("end", ["</table>", ""])
def test_a_page_may_have_so_many_columns_and_cells(end: str, tmp_path: Path) -> None:
    """The first table has 2 rows of 4 cells, and each row counts as one more; the other one row of 5."""
    path = write_page(tmp_path / "a.html", "")
    path.write_text(table(NAMES, person(1)) + "<table><tr>" + "<td>页" * 5 + end, "utf-8")
    assert refusals(path, Limits(max_columns=5, max_workbook_cells=16)) == []
    assert refusals(path, Limits(max_columns=4)) == [("too_many_columns", "列数 5 超过上限 4")]
    assert refusals(path, Limits(max_workbook_cells=15)) == [("workbook_size", "工作簿过大:16 cells")]
