"""Where the header stands: by the names that are known, else by its look; and the units that stand in a row below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.intake.sheets.heading import KnownNames, find_heading
from xiezhi.intake.sheets.sheet import Heading, Part
from xiezhi.kernel.errors import Place, RefusedDelivery

PART = Part(Path("a.csv"), None, Path("a.csv"))
KNOWN = KnownNames.of(["姓名", "金额"])


def found(rows: list[list[str]], known: KnownNames | None = None) -> tuple[list[str], int, int]:
    """The names, the header's row, and how many rows are taken up."""
    heading, taken = find_heading(rows, PART, None, 100, known)
    return heading.names, heading.row, taken


def refused(rows: list[list[str]], *, part: Part = PART, sheet: str | None = None, most: int = 100) -> RefusedDelivery:
    with pytest.raises(RefusedDelivery) as caught:
        find_heading(rows, part, sheet, most, KNOWN)
    return caught.value


def test_two_known_names_make_a_header_of_a_row_that_stands_below_another() -> None:
    rows = [["某街道", "某社区"], ["姓名", "金额"], ["张三", "1"]]
    assert found(rows, KNOWN) == (["姓名", "金额"], 2, 2)


def test_one_known_name_is_none_where_the_table_has_more_columns() -> None:
    rows = [["姓名"], ["甲项", "乙项"], ["张三", "1"], ["李四", "2"]]
    assert found(rows, KNOWN) == (["甲项", "乙项"], 2, 2)


def test_one_known_name_is_the_header_of_a_table_of_one_column() -> None:
    assert found([["某街道"], ["姓名"], ["张三"]], KNOWN) == (["姓名"], 2, 2)
    assert found([["某街道"], [""], ["姓名"], ["张三"]], KNOWN) == (["姓名"], 3, 3)


def test_a_table_of_one_column_without_a_known_name_has_the_first_name_for_its_header() -> None:
    assert found([["2021"], ["名单"], ["张三"]], KNOWN) == (["名单"], 2, 2)


def test_a_name_is_known_in_any_width_and_case_and_with_brackets_behind_it() -> None:
    known = KnownNames.of(["Amount", "姓名"])
    cells = ["ＡＭＯＵＮＴ（元）", "姓 名", "amount[元]", "", "(备注)", "姓名全称"]
    assert known(cells) == 3


@pytest.mark.parametrize("known", [None, KNOWN])
def test_the_header_stands_among_the_first_twenty_rows(known: KnownNames | None) -> None:
    header, data = ["姓名", "金额", "日期"], [["张三", "1", "2021-03-01"]] * 30
    titles = [[f"第{at}行说明", "", ""] for at in range(1, 20)]
    assert found([*titles, header, *data], known) == (header, 20, 20)
    assert refused([*titles, ["以上为说明", "", ""], header, *data]).zh == "前 20 行中找不到表头"


@pytest.mark.parametrize("rows", [[], [["", ""], ["", " "]], [["1", "2"], ["3", "4"]]])
def test_a_file_without_a_header_is_refused_by_its_name(rows: list[list[str]]) -> None:
    part = Part(Path("b.zip"), "三月/名册.xlsx", Path("x"))
    assert (refused(rows).code, refused(rows).place) == ("no_header", Place("a.csv"))
    assert refused(rows, part=part).place == Place("b.zip", "三月/名册.xlsx")
    assert refused(rows, part=part, sheet="明细").place == Place("b.zip", "明细")


def test_a_header_may_have_as_many_columns_as_are_allowed_and_not_one_more() -> None:
    rows = [["姓名", "金额", "备注", ""], ["张三", "1", "无", ""]]
    heading, taken = find_heading(rows, PART, None, 3, KNOWN)
    assert (heading, taken) == (Heading(["姓名", "金额", "备注"], 1), 1)
    part = Part(Path("b.zip"), "名册.xlsx", Path("x"))
    assert refused(rows, most=2).zh == "列数 3 超过上限 2"
    assert refused(rows, most=2, part=part).place == Place("b.zip", "名册.xlsx")
    assert refused(rows, most=2, part=part, sheet="明细").place == Place("b.zip", "明细")


def test_what_stands_above_the_header_is_kept_as_titles() -> None:
    rows = [["补贴发放表", "", ""], ["单位:万元", "", ""], ["姓名", "金额", "备注"], ["张三", "1", ""], ["李四", "2", "无"]]
    assert find_heading(rows, PART, None, 100, None) == (Heading(["姓名", "金额", "备注"], 3, rows[:2]), 3)


FIVE = ["张三", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["某县补贴发放表"], ["二〇二一年三月"], list("甲乙丙丁戊"), FIVE, FIVE], 3),  # two titles above two rows
        ([["某县财政局", "发放表"], list("甲乙丙丁戊"), FIVE, FIVE], 2),  # two of five columns
        ([["姓名", "金额", "单价"], FIVE, FIVE], 1),  # three of five columns
        ([["姓名", "金额"], ["张三", "1", "2"], ["李四", "3", "4"]], 1),  # two of three columns
        ([["名册"], ["姓名", "金额"], ["张三", "1"], ["李四", "2"]], 2),  # one of two columns
        ([["", ""], ["", ""], ["", ""], ["名册", ""], ["姓名", "金额"], ["张三", "1"]], 5),  # blank rows have no width
        ([["张三", "1"], ["姓名", "金额"], ["李四", "2"]], 2),  # a number is no name
        ([["2021年3月1日", "某县"], ["姓名", "金额"], ["李四", "2"]], 2),  # a day is none
        ([["填报人:李四", "某县"], ["姓名", "金额"], ["李四", "2"]], 2),  # what has a label is none
        ([["长" * 61, "某县"], ["姓名", "金额"], ["李四", "2"]], 2),
        ([["长" * 60, "某县"], ["姓名", "金额"], ["李四", "2"]], 1),
        ([["名册", "名册"], ["姓名", "金额"], ["李四", "2"]], 2),  # a title that fills its merged cells
        ([["基本", "基本", "发放", "发放"], ["姓名", "单位", "金额", "备注"], ["李四", "某局", "2", "无"]], 2),
        ([["姓名", "金额", "金额"], ["李四", "2", "3"]], 1),  # more than half are different
    ],
)
def test_the_first_row_of_different_names_about_as_wide_as_the_data_is_the_header(rows: list[list[str]], row: int) -> None:
    assert found(rows)[1:] == (row, row)


def test_a_name_that_stands_again_is_numbered_and_a_column_without_one_stays_so() -> None:
    rows = [["姓名", "金额", "", "金额", "", "金额", "备注", "", " "], ["张三", "1", "2", "3", "4", "5", "", "", ""]]
    assert found(rows) == (["姓名", "金额", "", "金额_2", "", "金额_3", "备注"], 1, 1)


def test_a_header_without_rows_is_one() -> None:
    assert found([["姓名", "金额"]]) == (["姓名", "金额"], 1, 1)
    assert found([["姓名", "金额"], ["", "万元"]]) == (["姓名", "金额(万元)"], 1, 2)


GROUPED = [["姓名", "费用", "", ""], ["", "总额", "基金", "个人"]]
"""A header in two rows: 姓名 reaches over both, 费用 over three columns."""
JOINED = ["姓名", "费用总额", "费用基金", "费用个人"]
PAID = ["张三", "1", "2", "3"]


@pytest.mark.parametrize("below", [[], [PAID], [PAID, PAID]])
def test_two_rows_that_fill_each_others_blanks_are_one_header(below: list[list[str]]) -> None:
    assert found([*GROUPED, *below]) == (JOINED, 1, 2)
    short = [["姓名", "费用"], GROUPED[1]]
    assert found([*short, *below]) == (JOINED, 1, 2)


def test_the_upper_of_two_rows_may_be_too_narrow_for_a_header_of_its_own() -> None:
    rows = [
        ["补贴发放表", "", "", "", "", ""],
        ["姓名", "费用", "", "", "", ""],
        ["", "总额", "基金", "个人", "大病", "救助"],
        *([["张三", "1", "2", "3", "4", "5"]] * 3),
    ]
    names = ["姓名", "费用总额", "费用基金", "费用个人", "费用大病", "费用救助"]
    assert find_heading(rows, PART, None, 100, None) == (Heading(names, 2, rows[:1]), 3)
    assert found(rows[1:]) == (names, 1, 2)


@pytest.mark.parametrize(
    ("rows", "names", "row"),
    [
        # the rows go on in words: the second may be one of them
        ([["姓名", "住址", ""], ["", "某县", "某镇"], ["张三", "某县", "某乡"]], ["姓名", "住址"], 1),
        # the second row holds a number
        ([["姓名", "金额", ""], ["", "100", "无"], ["张三", "200", ""]], ["姓名", "金额"], 1),
        # groups above names that are whole without them
        ([["基本情况", "", "费用", ""], ["姓名", "单位", "总额", "基金"], ["张三", "某局", "1", "2"]],
         ["姓名", "单位", "总额", "基金"], 2),
        # a column that neither row names
        ([["姓名", "", "住址", ""], ["", "", "某县", "某镇"], ["李四", "5", "某县", ""]], ["姓名", "", "住址"], 1),
        # a group that begins where the second row does not go on
        ([["姓名", "", "住址", ""], ["", "女", "某县", "某镇"], ["李四", "男", "某县", "5"]], ["姓名", "", "住址"], 1),
    ],
)  # fmt: skip
def test_other_rows_of_words_are_no_two_rows_of_one_header(rows: list[list[str]], names: list[str], row: int) -> None:
    assert found(rows) == (names, row, row)


@pytest.mark.parametrize(
    ("known", "names"),
    [
        (["姓名", "金额"], ["姓名", "身份证号", "金额", "备注", "说明"]),
        (["基本姓名", "发放金额"], ["基本姓名", "基本身份证号", "发放金额", "发放备注", "说明"]),
        (["说明"], ["基本姓名", "基本身份证号", "发放金额", "发放备注", "说明"]),
    ],
)
def test_a_group_is_left_out_where_the_names_alone_are_better_known(known: list[str], names: list[str]) -> None:
    rows = [
        ["基本", "", "发放", "", "说明"],
        ["姓名", "身份证号", "金额", "备注", ""],
        ["张三", "1", "2", "无", "无"],
    ]
    assert found(rows, KnownNames.of(known)) == (names, 1, 2)


def test_a_name_without_its_group_keeps_the_unit_of_money_that_the_group_states() -> None:
    rows = [
        ["姓名", "发放(万元)", "", "占比(%)", "", "其他", ""],
        ["", "金额", "补发(元)", "比例", "名次", "说明", "备注"],
        ["张三", "1", "2", "3", "4", "无", "无"],
    ]
    known = KnownNames.of(["姓名", "金额", "补发", "比例", "名次", "说明", "备注"])
    assert found(rows, known) == (["姓名", "金额(万元)", "补发(元)", "比例", "名次", "说明", "备注"], 1, 2)


def test_units_in_a_row_of_their_own_belong_to_the_names_above_them() -> None:
    assert found([["姓名", "金额"], ["", "万元"], ["张三", "1"]]) == (["姓名", "金额(万元)"], 1, 2)


def test_a_row_of_units_may_be_shorter_than_the_header_and_name_other_units_too() -> None:
    rows = [["人数", "金额", "备注"], ["人", "（万元）"], ["5", "1", "无"]]
    assert found(rows) == (["人数(人)", "金额(万元)", "备注"], 1, 2)
    rows = [["人数", "金额", ""], ["人", "万元", "元"], ["5", "1", "2"]]
    assert found(rows) == (["人数(人)", "金额(万元)"], 1, 2)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (["", "万元", "万"], ["流水号", "费用总额(万元)", "支付金额(万)"]),
        (["", "万元", "万元(含税)"], ["流水号", "费用总额(万元)", "支付金额(万元 含税)"]),
        (["文本", "万元", "元（含税）"], ["流水号(文本)", "费用总额(万元)", "支付金额(元 含税)"]),
        (["文本", "万元", "数字"], ["流水号", "费用总额", "支付金额"]),  # one of three
    ],
)
def test_each_cell_of_a_row_of_units_is_read_as_in_the_header(row: list[str], names: list[str]) -> None:
    """One that was left out would be read in the contract's unit, 10,000 times as much or as little."""
    assert found([["流水号", "费用总额", "支付金额"], row, ["A1", "1", "2"]])[0] == names


def test_a_header_of_two_rows_may_have_its_units_below() -> None:
    rows = [["流水号", "费用", "", ""], ["", "总额", "基金", "个人"], ["", "万元", "万元", "元"], ["A1", "1", "2", "3"]]
    assert found(rows) == (["流水号", "费用总额(万元)", "费用基金(万元)", "费用个人(元)"], 1, 3)


@pytest.mark.parametrize(
    "row",
    [
        ["张三", "某街道", "元"],
        ["张三", "元", ""],  # one of two
        ["1", "元", "万元"],
        ["公斤", "亩", "人"],
        ["万", "", ""],  # a surname
        ["", "元 旦", ""],
    ],
)
def test_a_row_with_other_things_than_units_of_money_is_no_row_of_units(row: list[str]) -> None:
    names = ["编号", "币种", "计价单位"]
    assert found([names, row, ["2", "元", "元"]]) == (names, 1, 1)
