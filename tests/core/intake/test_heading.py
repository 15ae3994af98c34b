"""Where the header stands: by the names that are known, else by its look; and the units that stand in a row below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.intake.heading import KnownNames, find_heading
from xiezhi.intake.sheet import Part

PART = Part(Path("a.csv"), None, Path("a.csv"))
KNOWN = KnownNames.of(["姓名", "金额"])


def found(rows: list[list[str]], known: KnownNames | None = None) -> tuple[list[str], int, int]:
    """The names, the header's row, and how many rows are taken up."""
    heading, taken = find_heading(rows, PART, None, 100, known)
    return heading.names, heading.row, taken


def test_two_known_names_make_a_header_of_a_row_that_stands_below_another() -> None:
    rows = [["某街道", "某社区"], ["姓名", "金额"], ["张三", "1"]]
    assert found(rows, KNOWN) == (["姓名", "金额"], 2, 2)


def test_one_known_name_is_none_where_the_table_has_more_columns() -> None:
    rows = [["姓名"], ["甲项", "乙项"], ["张三", "1"], ["李四", "2"]]
    assert found(rows, KNOWN) == (["甲项", "乙项"], 2, 2)


def test_one_known_name_is_the_header_of_a_table_of_one_column() -> None:
    assert found([["某街道"], ["姓名"], ["张三"]], KNOWN) == (["姓名"], 2, 2)


def test_units_in_a_row_of_their_own_belong_to_the_names_above_them() -> None:
    assert found([["姓名", "金额"], ["", "万元"], ["张三", "1"]]) == (["姓名", "金额(万元)"], 1, 2)


@pytest.mark.parametrize("row", [["张三", "某街道", "元"], ["1", "元", "万元"], ["公斤", "亩", "人"]])
def test_a_row_with_other_things_than_units_of_money_is_no_row_of_units(row: list[str]) -> None:
    names = ["编号", "币种", "计价单位"]
    assert found([names, row, ["2", "元", "元"]]) == (names, 1, 1)
