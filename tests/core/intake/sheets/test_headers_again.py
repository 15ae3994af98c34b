"""A header below the first, or above it: from how many names it is one, and what the refusal says of it. Without a lake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from tests.core.intake.receiving import contracts

from xiezhi.contracts.header_matching import map_header
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.sheets.second_headers import check_second_headers, quick_names
from xiezhi.intake.sheets.sheet import Heading, Limits, Part, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery

TABLE = contracts().get("canteen_purchase").table()
HEADER = ["采购单号", "学校名称", "采购日期", "食材名称", "数量", "单价"]


class Bare(Sheet):
    """A sheet of nothing but its header."""

    format = "csv"

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        return iter(())


def sheet(
    header: Sequence[str] = HEADER, above: Sequence[list[str]] = (), *, member: str | None = None, name: str | None = None
) -> Sheet:
    part = Part(Path("a.csv"), member, Path("a.csv"))
    return Bare(part, Heading(list(header), len(above) + 1, list(above)), Limits(), Path(), sheet=name)


def refusal(found: Sheet, *below: Sequence[str | None], unit: str = "元") -> RefusedDelivery | None:
    """What is said of the rows `below` that a reader gave, the first of them row 9, where prices are read in `unit`."""
    used = [UnitUsed(field="unit_price", unit=unit, source="title")]
    rows = [(at, list(cells)) for at, cells in enumerate(below, start=9)]
    try:
        check_second_headers(found, TABLE, map_header(TABLE, found.header), used, rows)  # type: ignore[arg-type]
    except RefusedDelivery as refused:
        return refused
    return None


def said(found: Sheet, *below: Sequence[str | None], unit: str = "元") -> str:
    """The differences alone."""
    refused = refusal(found, *below, unit=unit)
    return refused.zh.partition("前面的表头不同(")[2].removesuffix(")") if refused else ""


def test_the_names_worth_a_closer_look_are_plain_and_each_once() -> None:
    table = TABLE.model_copy(update={"fields": tuple(one for one in TABLE.fields if one.name == "quantity")})
    names = quick_names(table, ["序 号", "数量", "单价(元)", "(空)"])
    assert names == ["quantity", "单价", "序号", "数量", "采购数量", "重量"]


def test_the_refusal_says_where_and_the_first_three_differences_from_the_left() -> None:
    refused = refusal(sheet(), ["P1", "甲校", "2021-03-01", "米", "1", "2"], ["单价", "数量", "食材名称", "采购日期"])
    assert refused is not None
    assert (refused.code, refused.place) == ("header_again", Place("a.csv", None, 10))
    assert refused.zh == "第 10 行又是一个表头,与前面的表头不同(“单价”不在原来的列;“数量”不在原来的列;“食材名称”不在原来的列)"
    assert refused.en == (
        "row 10 is a header again, and differs from the first (“单价” stands in another column; "
        "“数量” stands in another column; “食材名称” stands in another column)"
    )


def test_a_header_above_the_header_is_told_by_its_own_row() -> None:
    refused = refusal(sheet(above=[["二〇二一年三月采购明细"], ["数量", "单价", "食材名称", "采购日期"]]))
    assert refused is not None
    assert refused.place == Place("a.csv", None, 2)


@pytest.mark.parametrize(
    ("member", "name", "where"),
    [("三月.csv", None, "三月.csv"), ("三月.xlsx", "明细", "明细"), (None, "明细", "明细"), (None, None, None)],
)
def test_the_place_is_the_sheet_else_the_member_of_an_archive(member: str | None, name: str | None, where: str | None) -> None:
    refused = refusal(sheet(member=member, name=name), HEADER[::-1])
    assert refused is not None
    assert refused.place == Place("a.csv", where, 9)


@pytest.mark.parametrize(
    ("columns", "again", "is_one"),
    [
        (5, ["数量", "学校名称", "采购日期"], True),  # three names, more than half of the columns
        (6, ["数量", "学校名称", "采购日期"], False),  # half of them
        (3, ["学校名称", "采购单号"], False),  # two names may be anything
        (6, ["数量", "学校名称", "采购日期", "备注"], True),  # three of four are known
        (6, ["数量", "学校名称", "采购日期", "备注", "说明"], False),  # three of five
        (6, ["数量", "学校名称", "采购日期", "米", "面", "油"], False),
        (5, ["重量", "食堂名称", "采购日期"], True),  # under other names than the first
        (5, ["数量", None, "学校名称", "  ", "采购日期", " "], True),  # what is blank is no cell
        (5, [" 数量 ", "学校名称", "采购日期 "], True),
    ],
)
def test_from_how_many_names_a_row_is_a_header(columns: int, again: list[str | None], is_one: bool) -> None:
    assert bool(said(sheet(HEADER[:columns]), again)) is is_one


def test_a_column_that_only_this_sheet_knows_is_a_name_too() -> None:
    own = [*HEADER[:2], "验收人", "仓库"]
    assert said(sheet(own), ["学校名称", "采购单号", "验收人", "仓库"]) == "“学校名称”不在原来的列;“采购单号”不在原来的列"
    assert said(sheet(own), own) == ""


def test_a_name_that_stands_twice_below_is_in_another_column() -> None:
    assert said(sheet(), ["采购单号", "学校名称", "采购日期", "食材名称", "数量", "单价", "单价"]) == "“单价”不在原来的列"


def test_a_new_name_below_is_told_once_and_not_by_its_unit() -> None:
    assert said(sheet(HEADER[:5]), [*HEADER[:5], "单价(万元)"]) == "“单价”不在原来的列"


@pytest.mark.parametrize(
    ("first", "again", "unit", "differs"),
    [
        ("单价", "单价", "元", ""),
        ("单价", "单价(元)", "元", ""),
        ("单价(元)", "单价(元)", "元", ""),
        ("单价(元)", "单价", "元", ""),
        ("单价", "单价(万元)", "元", "“单价”的单位是 万元,前面是 元"),
        ("单价(万元)", "单价", "万元", "“单价”的单位是 元,前面是 万元"),
        ("单价(万元)", "单价(元)", "万元", "“单价”的单位是 元,前面是 万元"),
        ("单价", "单价(美元)", "元", "“单价”的单位是 美元,前面是 元"),
        ("单价", "单价(人民币)", "元", ""),
        ("单价", "单价", "万元", ""),  # a title said so, and stands above both
    ],
)
def test_another_unit_of_the_price_is_another_header(first: str, again: str, unit: str, differs: str) -> None:
    assert said(sheet([*HEADER[:5], first]), [*HEADER[:5], again], unit=unit) == differs


@pytest.mark.parametrize(
    ("first", "again", "differs"),
    [
        ("数量", "数量(公斤)", ""),
        ("数量", "数量(斤)", "“数量”的单位是 斤,前面是 公斤"),
        ("数量(斤)", "数量", "“数量”的单位是 公斤,前面是 斤"),
        ("数量(斤)", "数量(斤)", ""),
    ],
)
def test_another_weight_is_another_header(first: str, again: str, differs: str) -> None:
    assert said(sheet([*HEADER[:4], first, "单价"]), [*HEADER[:4], again, "单价"]) == differs


def test_a_difference_of_units_is_said_in_english_too() -> None:
    refused = refusal(sheet(), [*HEADER[:5], "单价(千元)"])
    assert refused is not None
    assert refused.en.endswith("differs from the first (“单价” is in 千元, above in 元)")
