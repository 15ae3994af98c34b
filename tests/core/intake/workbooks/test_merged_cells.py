"""Which cells lie under merged ones, what they hide, and whose a value is that stands beside several rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from xiezhi.intake.workbooks import merged_cells
from xiezhi.intake.workbooks.merged_cells import Covered, Range, TooManyMerged, repeats_in

DOWN_B: Range = ((1, 1), (3, 1))
"""B2:B4."""


def hiding(table: Sequence[Sequence[str]], *ranges: Range, left: int = 0) -> list[int]:
    """The rows (from 0) that hold a value which nobody sees."""
    covered = Covered(ranges, len(table), left)
    return [row for row, cells in enumerate(table) if covered.hides(row, cells)]


@pytest.mark.parametrize(("second", "third", "hidden"), [
    ("", "", []), ("900", "", [2]), ("", "900", [3]), ("900", "901", [2, 3]),
    ("100", "100", []), (" 100 ", "", []), ("  ", "", []), ("100", "10", [3]),
])  # fmt: skip
def test_another_value_than_is_shown_is_hidden(second: str, third: str, hidden: list[int]) -> None:
    table = [["张三", "金额", "甲"], ["李四", "100 ", "乙"], ["王五", second, "丙"], ["赵六", third, "丁"], ["钱七", "7", "戊"]]
    assert hiding(table, DOWN_B) == hidden


@pytest.mark.parametrize(("cells", "hidden"), [
    (["1", "甲", "", "", "9"], False), (["1", "甲", "乙", "", "9"], True), (["1", "甲", "", "乙", "9"], True),
    (["1", "甲", "甲", "甲", "9"], False), (["1", "甲", "乙", "乙", "9"], True), (["1", "", "乙", "", ""], True),
])  # fmt: skip
def test_a_cell_merged_to_the_right_covers_its_own_columns_only(cells: list[str], hidden: bool) -> None:
    assert Covered([((0, 1), (0, 3))], 1, 0).hides(0, cells) is hidden


def test_a_merged_cell_of_the_first_column_shows_its_value_in_the_rows_below() -> None:
    assert hiding([["甲村", "1"], ["甲村", "2"], ["乙村", "3"]], ((0, 0), (2, 0))) == [2]


def test_a_block_of_rows_and_columns_shows_its_first_cell() -> None:
    assert hiding([["甲", "甲", "1"], ["甲", "乙", "2"], ["", "甲", "3"], ["丙", "丁", "4"]], ((0, 0), (2, 1))) == [1]


def test_each_row_is_asked_for_all_merged_cells_over_it() -> None:
    table = [["甲", "5", "x"], ["", "6", "x"], ["乙", "", "x"]]
    assert hiding(table, ((0, 1), (1, 1)), ((0, 0), (1, 0))) == [1]
    assert hiding(table, ((0, 0), (1, 0)), ((0, 1), (1, 1))) == [1]


def test_columns_are_those_of_the_sheet_though_its_rows_begin_further_right() -> None:
    """A reader leaves out the empty columns at the left: here A."""
    table = [["张三", "100", "1"], ["李四", "900", "2"]]
    assert hiding(table, ((0, 2), (1, 2)), left=1) == [1]
    assert hiding(table, ((0, 3), (1, 3)), left=1) == [1]
    assert hiding([["张三", "100"], ["李四", "100"]], ((0, 2), (1, 2)), left=1) == []


def test_a_merged_cell_that_begins_left_of_all_values_shows_nothing() -> None:
    assert hiding([["张三", "1"], ["", "2"]], ((0, 0), (0, 1)), left=1) == [0]
    assert hiding([["", "1"], ["张三", "2"]], ((0, 0), (1, 1)), left=1) == [1]


def test_a_merged_cell_right_of_all_values_hides_none() -> None:
    assert hiding([["张三", "1"], ["李四", "2"]], ((0, 2), (1, 3))) == []


def test_only_the_rows_of_merged_cells_have_any() -> None:
    covered = Covered([DOWN_B, ((6, 0), (6, 1))], 9, 0)
    assert [row in covered for row in range(9)] == [False, True, True, True, False, False, True, False, False]


@pytest.mark.parametrize(("last", "together"), [((0, 3), False), ((1, 0), True), ((1, 3), True)])
def test_rows_are_together_where_a_merged_cell_reaches_down(last: tuple[int, int], together: bool) -> None:
    assert Covered([((0, 0), last)], 5, 0).rows_together is together


def test_what_reaches_down_to_a_row() -> None:
    covered = Covered([DOWN_B, ((2, 2), (3, 2)), ((3, 3), (3, 4)), ((3, 0), (4, 0))], 9, 1)
    assert {row: list(covered.reaching(row)) for row in range(6)} == {
        0: [], 1: [(1, 0)], 2: [(1, 0), (2, 1)], 3: [(1, 0), (2, 1)], 4: [], 5: [],
    }  # fmt: skip


AMOUNTS = {1: ["甲", "900"], 2: ["乙", ""], 3: ["丙", " "]}


@pytest.mark.parametrize(("rows", "shared"), [
    (AMOUNTS, [1, 2, 3]),
    (AMOUNTS | {2: ["乙", "900"]}, [1, 2, 3]),
    (AMOUNTS | {2: ["乙", "900"], 3: ["丙", "900"]}, []),
    (AMOUNTS | {2: ["乙", "900"], 3: ["丙", "900"], 0: ["", ""], 4: ["丁", ""], 5: ["戊", ""]}, []),
])  # fmt: skip
def test_an_amount_is_shared_by_all_its_rows_where_one_of_them_has_none(rows: dict[int, list[str]], shared: list[int]) -> None:
    covered = Covered([DOWN_B], 9, 0)
    assert [row for row in range(6) if covered.shares(row, {1}, rows)] == shared
    assert covered.shares(0, {1}, rows) is False


@pytest.mark.parametrize(("amounts", "shared"), [({1}, False), ({2}, True), ({3}, True), ({4}, False), ({1, 3}, True)])
def test_only_amounts_under_the_merged_cell_are_shared(amounts: set[int], shared: bool) -> None:
    covered = Covered([((0, 3), (1, 4))], 2, 1)
    assert covered.shares(0, amounts, {0: ["李四", "", "9", "", ""], 1: ["王五", "", "", "", ""]}) is shared


def test_of_an_amount_merged_to_the_end_of_the_sheet_the_rows_that_are_there_count() -> None:
    rows = {0: ["900"], 1: [""], 2: ["900"]}
    assert [Covered([((0, 0), (1_048_575, 0))], 3, 0).shares(row, {0}, rows) for row in range(3)] == [True] * 3
    full = {0: ["900"], 1: ["900"], 2: ["900"], 5: [""]}
    assert Covered([((0, 0), (1_048_575, 0))], 3, 0).shares(0, {0}, full) is False


@pytest.mark.parametrize(("ranges", "refused"), [
    ([(1, 6)], False), ([(1, 7)], True), ([(1, 3), (4, 6)], False), ([(1, 3), (4, 7)], True), ([(1, 3), (1, 4)], True),
    ([(n, n) for n in range(6)], False), ([(n, n) for n in range(7)], True),
    ([(1, 6), (200, 300)], False), ([(96, 1_048_575)], False),
])  # fmt: skip
def test_rows_under_merged_cells_are_counted_once_for_each(
    ranges: list[tuple[int, int]], refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the sheet: whole columns are merged, too, to the last row that a program knows."""
    monkeypatch.setattr(merged_cells, "MOST", 6)
    made: list[Range] = [((top, 0), (bottom, 1)) for top, bottom in ranges]
    if refused:
        with pytest.raises(TooManyMerged, match="more than 6 rows under merged cells"):
            Covered(made, 100, 0)
    else:
        assert [row in Covered(made, 100, 0) for row in range(ranges[0][0], min(ranges[0][1], 99) + 1)].count(False) == 0


@pytest.mark.parametrize(("cells", "said"), [
    (["", "王小明", ""], True), (["王小明"], True), (["", "", ""], False), ([], False),
    (["", "小计", "100"], False), (["", "审核人:李四", ""], False), (["合计", "王小明", "乙"], False),
    (["", "合计科技", "1"], True),
])  # fmt: skip
def test_what_a_merged_cell_shows_is_said_of_rows_with_something_of_their_own(cells: list[str], said: bool) -> None:
    assert repeats_in(cells) is said
