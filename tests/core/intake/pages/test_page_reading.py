"""How a page is taken apart: what a cell shows, which cells stand where, what stands around the tables; without a delivery."""

from __future__ import annotations

import pytest
from tests.core.intake.paging import table

from xiezhi.intake.pages.lines import PageLines
from xiezhi.intake.pages.parser import Page
from xiezhi.intake.pages.table import PageTable, Size
from xiezhi.intake.pages.visible_text import VisibleText


def parsed(*texts: str, hidden_too: bool = False) -> Page:
    page = Page(hidden_too=True) if hidden_too else Page()
    for text in texts:
        page.feed(text)
    page.close()
    return page


def around(page: Page) -> list[list[str]]:
    return page.lines.between(0, None)


@pytest.mark.parametrize(("cell", "shown"), [
    ("五百", "五百"),
    ("A&amp;B&lt;C", "A&B<C"),
    ("  栖萤村 \t\n 一组 ", "栖萤村 一组"),
    ("栖萤村&nbsp;&nbsp;一组", "栖萤村  一组"),
    ("<b>5</b>00<i>0</i>", "5000"),
    ("<b>五</b>\n百", "五 百"),
    ("<p>五百<p> 元 </p>", "五百\n元"),
    ("<p>500</p>200", "500\n200"),
    ("500<hr>200<br>100", "500\n200\n100"),
    ("<div><span>500</span><br/></div>\n", "500"),
    ("甲<span style='Display: Block'>乙</span>", "甲\n乙"),
    ("甲<span style='color: red'>乙</span>", "甲乙"),
    ("甲<p style='color: red'>乙</p>", "甲\n乙"),
    ("2521<sup>1</sup>", "2521[1]"),
    ("<s>300</s>400", "[300]400"),
    ("甲<option>乙", "甲\n乙"),
])  # fmt: skip
def test_a_cell_shows_its_text_in_lines(cell: str, shown: str) -> None:
    assert parsed(table([cell])).tables[0].rows == [[shown]]


@pytest.mark.parametrize(("cell", "shown"), [
    ("<pre>500\n200</pre>", "500\n200"),
    ("<pre>500\r\n200</pre>", "500\n200"),
    ("<pre><b>500</b>\n200</pre>", "500\n200"),
    ("<pre>500</pre>200\n元", "500\n200 元"),
    ("<textarea>栖萤村\n一组</textarea>", "栖萤村\n一组"),
    ("<pre>甲<textarea>乙</textarea>丙\n丁</pre>", "甲\n乙\n丙\n丁"),
    ("500</pre>200\n元", "500\n200 元"),
])  # fmt: skip
def test_line_ends_of_the_source_count_where_they_are_shown(cell: str, shown: str) -> None:
    assert parsed(table([cell])).tables[0].rows == [[shown]]


@pytest.mark.parametrize(("cell", "shown"), [
    ("500<span hidden>9</span>1", "5001"),
    ("500<span style='visibility :hidden'>9</span>1", "5001"),
    ("500<span style>9</span>1", "50091"),
    ("500<script>8</script>1<style>.a{}</style>", "5001"),
    ("<input hidden value=9>500", "500"),
    ("<noscript><img><b>9</b></noscript>500", "500"),
    ("<div hidden>甲<div>乙</div>丙</div>丁", "丁"),
    ("<div hidden><b>甲</div>乙", "乙"),
    ("<div hidden><div><b>甲</div>乙</div>丙", "丙"),
    ("<div hidden>甲</p>乙</div>丙", "丙"),
    ("<div hidden>甲</ruby>乙</div>丙", "丙"),
    ("<ruby>张<rt>zhang</ruby>三", "张三"),
    ("<ruby>张<rp>(<rt>zhang<rp>)</ruby>三", "张三"),
    ("<ruby>张<rt>zh</b>ang</rt></ruby>三", "张三"),
])  # fmt: skip
def test_what_is_not_shown_is_left_out_up_to_its_end(cell: str, shown: str) -> None:
    assert parsed(table([cell])).tables[0].rows == [[shown]]


@pytest.mark.parametrize(("cell", "shown"), [
    ("<select><option>元<option>万元</select>整", "元\n整"),
    ("<select><option>元<option selected>万<b>元</b></option></select>", "万元"),
    ("<select><option selected>元<option selected>万元<option>亿元</select>", "万元"),
    ("按<select>请选择<option>月</option></select>", "按\n月"),
    ("按<select></select>月", "按月"),
    ("按</select>月", "按月"),
    ("按<select><option>月<option>年", "按\n月"),
])  # fmt: skip
def test_of_a_list_to_choose_from_the_chosen_option_is_shown(cell: str, shown: str) -> None:
    assert parsed(table([cell])).tables[0].rows == [[shown]]


@pytest.mark.parametrize(("cell", "shown"), [
    ("<input value=五百>元", "[五百]元"),
    ("<input type=Number value=' 500 '>", "[500]"),
    ("<input>500", "500"),
    ("<input value>500", "500"),
    ("<input type=hidden value=9>500", "500"),
    ("<input type=Checkbox value=9>500", "500"),
    ("<input type value=9>500", "[9]500"),
])  # fmt: skip
def test_what_is_typed_into_a_field_stands_in_brackets(cell: str, shown: str) -> None:
    assert parsed(table([cell])).tables[0].rows == [[shown]]


def test_of_a_long_text_the_beginning_is_kept() -> None:
    text = VisibleText(5)
    taken = []
    for pieces in (["1234", "56", "7"], ["12345", "6"], ["1234", "56", "7"]):
        for piece in pieces:
            text.say(piece)
        taken.append(text.take())
    assert (taken, text.take()) == (["123456", "12345", "123456"], "")


def test_hidden_words_may_be_asked_for_and_programs_never() -> None:
    text = VisibleText(hidden_too=True)
    text.start("p", {"hidden": None})
    text.say("单位:万元")
    assert (text.unseen, text.choosing) == (False, False)
    text.start("script", {})
    text.say("var a")
    assert text.unseen
    text.end("script")
    text.end("p")
    text.start("select", {})
    assert (text.unseen, text.choosing) == (False, True)
    assert text.take() == "单位:万元"


@pytest.mark.parametrize(("written", "rows", "merged"), [
    (table(["甲", "乙"], ["1", "2"]), [["甲", "乙"], ["1", "2"]], []),
    ("<table><tr><td>甲<td>乙<tr><td>1<td>2", [["甲", "乙"], ["1", "2"]], []),
    ("<table><tr><td>甲<tr><td>AT&T", [["甲"], ["AT&T"]], []),
    ("<table><tr><th>甲</th></tr><td>1</td><td>2</td></table>", [["甲"], ["1", "2"]], []),
    (table(["甲", "<td colspan=3>乙", "丙"], ["1"]), [["甲", "乙", "", "", "丙"], ["1"]], []),
    (table(["<td rowspan=4>甲", "1"], ["2"], ["3"], ["4"], ["乙", "5"]),
     [["甲", "1"], ["", "2"], ["", "3"], ["", "4"], ["乙", "5"]], [((0, 0), (3, 0))]),
    (table(["<td rowspan=2>甲", "1"], ["2"], ["<td rowspan=2>乙", "3"], ["4"]),
     [["甲", "1"], ["", "2"], ["乙", "3"], ["", "4"]], [((0, 0), (1, 0)), ((2, 0), (3, 0))]),
    (table(["1", "<td rowspan=2 colspan=2>甲", "3"], ["2", "4"]), [["1", "甲", "", "3"], ["2", "", "", "4"]], [((0, 1), (1, 2))]),
    (table(["1", "2", "3", "<td rowspan=2>甲"], ["4", "5", "6"], ["7"]),
     [["1", "2", "3", "甲"], ["4", "5", "6", ""], ["7"]], [((0, 3), (1, 3))]),
    ("<table><tr><td>1<td rowspan=2>甲<td rowspan=2>乙<tr><td>2<tr><td>3</table>", [["1", "甲", "乙"], ["2", "", ""], ["3"]],
     [((0, 1), (1, 1)), ((0, 2), (1, 2))]),
    (table(["1", "<td rowspan=2>"], ["2"]), [["1", ""], ["2", ""]], []),
    (table(["<td rowspan=9>甲", "1"], ["2"], ["3"]), [["甲", "1"], ["", "2"], ["", "3"]], [((0, 0), (2, 0))]),
    (table(["1", "2"], ["3", "<td rowspan=9>甲"]), [["1", "2"], ["3", "甲"]], []),
    (table("<thead>", ["<td rowspan=9>姓名", "金额"], "</thead><tbody>", ["张三", "1"], "</tbody>"),
     [["姓名", "金额"], ["张三", "1"]], []),
    (table("<thead>", ["<td rowspan=9>姓名", "金额"], "</thead>", ["张三", "1"]), [["姓名", "金额"], ["张三", "1"]], []),
    (table("<thead>", ["<td rowspan=9>姓名", "金额"], "<tbody>", ["张三", "1"]), [["姓名", "金额"], ["张三", "1"]], []),
    (table("<tbody>", ["<td rowspan=2>甲", "1"], ["2"], "<tbody>", ["<td rowspan=9>乙", "3"], ["4"]),
     [["甲", "1"], ["", "2"], ["乙", "3"], ["", "4"]], [((0, 0), (1, 0)), ((2, 0), (3, 0))]),
    (table("<tr></tr>", ["1"]), [[], ["1"]], []),
])  # fmt: skip
def test_every_cell_stands_in_its_row_and_column(
    written: str, rows: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    [found] = parsed(written).tables
    assert (found.rows, found.merged, found.at) == (rows, merged, [1] * len(rows))


@pytest.mark.parametrize(("said", "columns"), [
    ("", 1), ("colspan", 1), ("colspan=''", 1), ("colspan=0", 1), ("colspan=1", 1), ("colspan=2", 2), ("colspan=' 3 '", 3),
    ("colspan=-2", 1), ("colspan=2.5", 1), ("colspan=２", 1), ("colspan=½", 1), ("colspan=1000", 1000), ("colspan=1001", 1000),
    (f"colspan={'9' * 5000}", 1000),
])  # fmt: skip
def test_a_cell_spans_what_a_browser_lets_it(said: str, columns: int) -> None:
    assert parsed(f"<table><tr><td {said}>甲</td></tr></table>").tables[0].rows == [["甲", *[""] * (columns - 1)]]


@pytest.mark.parametrize(("said", "last"), [("65533", 65_532), ("65534", 65_533), ("65535", 65_533)])
def test_so_do_its_rows(said: str, last: int) -> None:
    page = Page()
    page.feed(f"<table><tr><td rowspan={said}>甲</td>")
    assert page.tables[0].merged == [((0, 0), (last, 0))]


def test_the_size_of_a_page_is_known_while_a_row_is_open() -> None:
    page = Page()
    assert page.size == Size(0, 0)
    page.feed(table(["1", "2", "3"], ["4"], "<tr></tr>", ["<td rowspan=2>5", "<td rowspan=2>6"], "<tr></tr>"))
    assert page.size == Size(cells=4 + 2 + 1 + 3 + 3, columns=3)
    page.feed("<table><tr><td colspan=4>7</td>")
    assert page.size == Size(cells=13, columns=4)
    page.close()
    assert page.size == Size(cells=18, columns=4)


def test_tables_one_after_the_other_have_their_places_and_the_text_between_them() -> None:
    page = parsed(f"<h3>发放表</h3>{table(['1'])}第一页{table(['2'])}<p>注:<b>元</b></p>以下空白")
    assert [(one.start, one.end, one.at, one.hidden) for one in page.tables] == [(0, 2, [1], False), (2, 4, [3], False)]
    lines = [[["发放表"]], [], [["第一页"]], [], [["注:元"], ["以下空白"]]]
    assert [page.lines.between(at, at) for at in range(5)] == lines
    assert page.hidden == 0


def test_a_table_in_a_cell_is_a_table_and_part_of_what_the_cell_shows() -> None:
    page = parsed(f"<table><tr><td>说明<br>一式两份{table(['500'], ['200', ''])}经办<td>备注</table>")
    outer, inner = page.tables
    assert (outer.rows, inner.rows) == ([["说明\n一式两份\n500\n200\n经办", "备注"]], [["500"], ["200", ""]])
    assert (outer.holding, inner.holding) == ({(0, 0)}, set())
    assert [(one.start, one.end) for one in page.tables] == [(0, 4), (1, 3)]
    assert [page.lines.between(at, at) for at in range(5)] == [[], [["说明"], ["一式两份"]], [], [["经办"]], []]


def test_of_a_table_in_a_cell_ten_rows_are_shown_and_no_more_than_400_characters() -> None:
    many = table(*([str(at)] for at in range(12)))
    long = table(["长" * 399, "文字"])
    assert parsed(table([many, long])).tables[0].rows == [["\n".join(map(str, range(10))), "长" * 399 + "\n"]]


def test_a_cell_that_holds_only_a_hidden_table_holds_nothing_of_it() -> None:
    hidden = table(["7", "8"], begin="<table hidden>")
    page = parsed(table([f"500{hidden}", f"<div style='display:none'>{table(['1'])}</div>600"]))
    assert page.tables[0].rows == [["500", "600"]]
    assert [one.hidden for one in page.tables] == [False, True, True]


def test_in_a_hidden_table_nothing_is_said_beside_an_inner_one() -> None:
    page = parsed(f"<table hidden><tr><td>说明{table(['500'])}经办</table><table><tr><td>1</table>")
    assert ([one.hidden for one in page.tables], around(page)) == ([True, False, False], [])
    assert page.tables[0].rows == [["说明\n500\n经办"]]


@pytest.mark.parametrize(("body", "lines"), [
    ("发放表<br>单位:万元", [["发放表"], ["单位:万元"]]),
    ("<b>单位：</b><span>万元</span>", [["单位：万元"]]),
    ("<label>单位:</label><select><option>元<option selected>万元</select>", [["单位:"], ["万元"]]),
    ("<p hidden>单位:元</p><p>单位:万元</p>", [["单位:万元"]]),
    ("<tr><td>单位:</td><td>万元</td></tr></table>", [["单位:万元"]]),
    ("单位&#58;万元", [["单位:万元"]]),
    ("", []),
])  # fmt: skip
def test_text_without_a_table_is_lines(body: str, lines: list[list[str]]) -> None:
    page = parsed(body)
    assert (around(page), page.tables) == (lines, [])


def test_hidden_text_around_the_tables_is_taken_where_it_is_asked_for() -> None:
    assert around(parsed("<p hidden>单位:元</p><p>说明</p>", hidden_too=True)) == [["单位:元"], ["说明"]]


@pytest.mark.parametrize("body", [
    "<table>单位:万元<tr><td>1</td></tr></table>",
    "<table><tr><td>1</td></tr>单位:万元<tr><td>1</td></tr></table>",
    "<table><caption>单位:万元</caption><tr><td>1</td></tr></table>",
    "<table><tr>单位:万元<td>1</td></tr></table>",
])  # fmt: skip
def test_text_between_the_rows_of_a_table_stands_before_it(body: str) -> None:
    page = parsed("<table><tr><td>0</td></tr></table>" + body)
    assert (page.lines.between(2, 2), around(page)) == ([["单位:万元"]], [["单位:万元"]])


def test_it_is_no_part_of_the_line_before_the_table() -> None:
    assert around(parsed("发放表<table>单位:万元<tr><td>1</td></tr></table>")) == [["发放表"], ["单位:万元"]]


def test_text_between_the_rows_of_an_inner_table_stands_before_that() -> None:
    page = parsed("<table><tr><td>0<table><caption>单位:万元</caption><tr><td>1</td></tr></table></td></tr></table>")
    assert page.lines.between(1, 1) == [["0"], ["单位:万元"]]


def test_a_table_whose_end_was_forgotten_ends_where_another_begins() -> None:
    page = parsed(f"<table><tr><td>发放表</td></tr>{table(['1'])}")
    assert [(one.start, one.end, one.rows) for one in page.tables] == [(0, 2, [["发放表"]]), (2, 4, [["1"]])]


def test_what_is_hidden_is_counted_by_rows_and_cells() -> None:
    page = parsed("<table><tr hidden><td>1</td></tr><tr><td style='display:none'>2</td><td>3</td></tr></table>")
    assert (page.hidden, page.tables[0].rows) == (2, [["1"], ["2", "3"]])


def test_a_page_may_come_in_pieces() -> None:
    page = parsed("<p>单位:", "万元</p><tab", "le><tr><td>五", "百</td></tr></table>注:", "元")
    assert (page.tables[0].rows, around(page)) == ([["五百"]], [["单位:万元"], ["注:元"]])


@pytest.mark.parametrize("long", ["<div>{}</div>单位:万元", "{}<br>单位:万元"])
def test_a_long_line_does_not_swallow_the_next(long: str) -> None:
    pieces = [f"<b>{letter * 1000}</b>" for letter in "甲乙丙丁戊"]
    assert around(parsed(long.format("".join(pieces)))) == [["甲" * 400, "丁" * 400], ["单位:万元"]]


def test_lines_are_kept_by_their_place_and_blank_cells_left_out() -> None:
    lines = PageLines()
    lines.add(2, ["审核人:李四", " ", "第 1 页"])
    lines.add(0, ["发放表"])
    lines.add(1, ["", " "])
    assert lines.between(0, 1) == [["发放表"]]
    lines.add(1, ["单位:元"])
    assert lines.between(0, None) == [["发放表"], ["单位:元"], ["审核人:李四", "第 1 页"]]
    assert (lines.between(1, 1), lines.between(1, 2)) == ([["单位:元"]], [["单位:元"], ["审核人:李四", "第 1 页"]])
    assert (lines.before(-1), lines.before(1), lines.between(3, None)) == ([], [["发放表"], ["单位:元"]], [])


@pytest.mark.parametrize(("length", "parts"), [(399, [399]), (400, [400]), (401, [400, 400]), (1000, [400, 400])])
def test_of_a_long_line_the_beginning_and_the_end_are_kept(length: int, parts: list[int]) -> None:
    lines, text = PageLines(), "始" + "文" * (length - 2) + "末"
    lines.add(0, [text])
    [found] = lines.before(0)
    assert ([len(part) for part in found], found[0][0], found[-1][-1]) == (parts, "始", "末")
    assert all(part in text for part in found)


def numbered(*numbers: int) -> list[list[str]]:
    return [[str(number)] for number in numbers]


@pytest.mark.parametrize(("count", "kept"), [
    (9, [*range(9)]), (10, [*range(10)]), (11, [*range(11)]), (20, [*range(20)]), (21, [*range(10), *range(11, 21)]),
    (25, [*range(10), *range(15, 25)]),
])  # fmt: skip
def test_of_many_lines_those_nearest_to_a_table_are_kept(count: int, kept: list[int]) -> None:
    lines = PageLines()
    for number in range(count):
        lines.add(3, [str(number)])
    assert lines.between(3, 3) == numbered(*kept)
    assert lines.before(3) == numbered(*kept[-10:])


def test_of_lines_of_several_places_the_first_ten_and_the_last_ten_are_given() -> None:
    lines = PageLines()
    for number in range(40):
        lines.add(number // 20, [str(number)])
    assert lines.between(0, None) == numbered(*range(10), *range(30, 40))
    assert lines.before(0) == numbered(*range(10, 20))


@pytest.mark.parametrize(("count", "shown"), [
    (1, [0]), (10, [*range(10)]), (12, [*range(12)]), (20, [*range(20)]), (21, [*range(10), *range(11, 21)]),
    (25, [*range(10), *range(15, 25)]),
])  # fmt: skip
def test_the_first_and_last_rows_of_a_table_are_text_around_others(count: int, shown: list[int]) -> None:
    found = parsed(table(*([f"第 {at} 行", "", "甲<br>乙"] for at in range(count)))).tables[0]
    assert list(found.lines()) == [(1, [f"第 {at} 行", "甲", "乙"]) for at in shown]


def test_what_inner_tables_say_and_what_is_hidden_is_no_text_around_others() -> None:
    outer, inner, hidden = parsed(
        table(["说明", f"注{table(['500'])}"], [f"{table(['', '']).replace('<table', '<table hidden')}"])
    ).tables
    assert (list(outer.lines()), list(inner.lines()), list(hidden.lines())) == ([(1, ["说明"])], [(2, ["500"])], [])
    assert list(PageTable(0, True, Size(), rows=[["说明"]], at=[1]).lines()) == []
