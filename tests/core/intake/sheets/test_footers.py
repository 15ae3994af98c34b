"""Which rows around a table are footers, by their cells alone; which begin a total or an example; and what is shown of one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.core.intake.receiving import citizen

from xiezhi.intake.sheets.footers import Footer, FooterKind, as_masked, footer_kind, is_example, is_total

TOTAL, SIGNATURE, NOTE, PAGE = FooterKind.TOTAL, FooterKind.SIGNATURE, FooterKind.NOTE, FooterKind.PAGE


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", " ", ""], None),
        (["合计", "", "", ""], TOTAL),
        (["", " 合计 ", "1,200.00", ""], TOTAL),
        (["合计", "壹仟贰佰元整", "", ""], TOTAL),
        (["合计", "—", "*", "…"], TOTAL),
        (["本页小计", "300", "合计", "1500"], TOTAL),
        (["合计", "1,200", "审核人:李四", ""], TOTAL),
        (["合计", "1,200", "审核人:", "李四"], TOTAL),
        (["合计", "李四", "1,200", ""], None),
        (["合计", "1,200", "李四", "审核人:"], None),
        (["栖萤村小计", "3户", "300.00", "-"], TOTAL),
        (["栖萤村小计", "叁佰元整", "300", ""], TOTAL),
        (["栖萤村小计", "", "300", ""], TOTAL),
        (["栖萤村小计", "叁佰元整", "", ""], None),  # figures in words alone may be a name
        (["栖萤村小计", "-", "", ""], None),
        (["栖萤村小计", "", "", ""], None),
        (["栖萤村小计", "300", "李四", ""], None),
        (["栖萤村小计", "李四", "300", ""], None),
        (["栖萤村", "300", "100", ""], None),
        (["栖萤村", "合计", "100", ""], None),
        (["第 1 页", "共 3 页", "", ""], PAGE),
        (["以下空白", "", "", ""], PAGE),
        (["第 1 页", "李四", "", ""], None),
        (["李四", "第 1 页", "", ""], None),
        (["说明:发放标准见文件。", "", "", ""], NOTE),
        (["", "备注:死亡人员已核减。", "", ""], NOTE),
        (["2、死亡人员已核减完毕。", "", "", ""], NOTE),
        (["说明:略", "说明:略", "", ""], None),
        (["李四", "说明:略", "", ""], None),
        (["审核人:李四", "", "", ""], SIGNATURE),
        (["审核人:", "李四", "制表人:", "王五"], SIGNATURE),
        (["审核人", "李四", "", ""], SIGNATURE),
        (["审核人:", "制表人:", "王五", ""], SIGNATURE),
        (["审核人:", "李四", "王五", ""], None),  # one name follows a label
        (["李四", "审核人:", "", ""], None),
        (["李四", "", "", ""], None),
        (["2021年4月1日", "", "", ""], SIGNATURE),
        (["审核人:李四", "2021年4月1日", "", ""], SIGNATURE),
        (["总计", "12人", "¥1,234.00元", "壹仟贰佰叁拾肆元整"], TOTAL),
        (["合计", "", "1,200", "制表:张三"], TOTAL),
        (["合计", "-", "/", "3户"], TOTAL),
        (["审核人:", "李四", "填表人:", "王五"], SIGNATURE),
        (["填报单位(盖章):岚溯县财政局", "", "", ""], SIGNATURE),
        (["打印时间:2024-05-01 10:00:00", "", "", ""], SIGNATURE),
        (["", "", "", "二〇二四年五月一日"], SIGNATURE),
        (["合计科技有限公司", "", "3", ""], None),
        (["会计", "李四", "", ""], None),
        (["负责人", "张三", "330", ""], None),
        (["王小计", "990101199001011234", "1", ""], None),
        (["小计", "张三", "62001", ""], None),
        (["说明:略", "张三", "2", ""], None),
        (["第 1 页", "张三", "2", ""], None),
        (["2024年5月1日", "张三", "2", ""], None),
    ],
)
def test_a_row_is_a_footer_only_where_every_cell_of_it_is_explained(cells: list[str], kind: FooterKind | None) -> None:
    assert footer_kind(cells, len(cells)) is kind


@pytest.mark.parametrize(
    ("cell", "two", "three"),
    [("合计", TOTAL, TOTAL), ("审核人:李四", SIGNATURE, SIGNATURE), ("说明:略去不计。", None, NOTE), ("以下空白", None, PAGE)],
)
def test_a_table_of_two_columns_may_say_anything_in_one_cell_but_totals_and_signatures(
    cell: str, two: FooterKind | None, three: FooterKind | None
) -> None:
    assert (footer_kind([cell, ""], 2), footer_kind([cell, "", ""], 3)) == (two, three)


@pytest.mark.parametrize(
    ("cells", "total", "example"),
    [
        (["合计", "李四", "300"], True, False),
        (["", " ", "总 计:", "李四"], True, False),
        (["Grand Total", "x"], True, False),
        (["李四", "合计"], False, False),
        (["合计科技有限公司", "300"], False, False),
        (["", ""], False, False),
        (["示例", "李四", "300"], False, True),
        (["", "例:A001", "李四"], False, True),
        (["李四", "示例"], False, False),
        (["例行-01", "李四"], False, False),
    ],
)
def test_totals_and_examples_begin_with_the_word(cells: Sequence[str], total: bool, example: bool) -> None:
    assert (is_total(cells), is_example(cells)) == (total, example)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (("合计", "", " 1,200.00 ", "3人"), "合计 1,200.00 3人"),
        (("审核人:李小四", "", "制表人: 王五", ""), "审核人:李** 制表人: 王*"),
        (("审核人:", "李小四"), "审核人: 李**"),
        (("填报单位:民政局", "李小四"), "填报单位:民政局 李**"),
        ((f"经办人身份证:{citizen(1)}",), f"经办人身份证:{citizen(1)[:2]}…{citizen(1)[-1]}"),
        (("说明:" + "略" * 60,), "说明:" + "略" * 37),
    ],
)
def test_a_receipt_repeats_a_footer_with_names_and_numbers_masked(cells: tuple[str, ...], shown: str) -> None:
    assert as_masked(Footer(9, SIGNATURE, cells)) == shown
