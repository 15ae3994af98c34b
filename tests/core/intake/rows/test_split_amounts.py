"""An amount that the comma of its thousands cut in two is told by what stands behind it, where that can be no cell of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import write_csv
from tests.core.intake.staging import staged

from xiezhi.intake.rows.split_amounts import split_amounts


@pytest.mark.parametrize(("beside", "behind", "split"), [
    ("备注", "200.00", [2]), ("备注", "200", []), ("发放单位", "200.00", [2]), ("发放单位", "200", [2]),
    ("发放单位", "20.00", []), ("收款人姓名", "200.00", [2]), ("银行账号", "200", []),
])  # fmt: skip
def test_what_may_stand_behind_an_amount_says_whether_it_was_cut(
    beside: str, behind: str, split: list[int], tmp_path: Path
) -> None:
    """Of a column that nobody reads only 200.00 is believed, and no number is the end of an amount."""
    path = write_csv(tmp_path / "a.csv", [["P1", "1", behind]], header=["流水号", "补贴金额", beside])
    with staged(path) as (engine, stage, _):
        found = [row for marks in split_amounts(stage, "c1") for row in engine.rows(marks)]
    assert [(row["_row"], row["fault"], row["place"]) for row in found] == [(at, "amount=split_amount", 1) for at in split]


def test_where_other_signs_part_the_cells_no_comma_cut_anything(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["P1", "1", "200.00"]], header=["流水号", "补贴金额", "发放单位"], sep=";")
    with staged(path) as (_, stage, _):
        assert list(split_amounts(stage, "c1")) == []


def test_only_rows_of_both_halves_are_told_each_with_the_amounts_place(tmp_path: Path) -> None:
    """A whole amount before figures, and a piece of one before words, are what they are."""
    rows = [
        ["1500", "200.00"],
        ["1", "民政局"],
        ["1", "200.00"],
        ["12", "345.6"],
        ["-1", "200"],
        ["1", "2000.00"],
        ["", "200.00"],
    ]
    path = write_csv(tmp_path / "a.csv", rows, header=["补贴金额", "发放单位"])
    with staged(path) as (engine, stage, _):
        [marks] = split_amounts(stage, "c0")
        found = engine.rows(f"{marks} ORDER BY s._row")
    assert found == [{"_row": row, "fault": "amount=split_amount", "repair": None, "place": 0} for row in (4, 5, 6)]


def test_only_an_amount_with_a_cell_behind_it_can_be_cut(tmp_path: Path) -> None:
    """Neither words before words nor an amount at the end of its row."""
    path = write_csv(tmp_path / "a.csv", [["1", "200.00", "1"]], header=["发放单位", "主送单位", "补贴金额"])
    with staged(path) as (_, stage, _sheet):
        assert [list(split_amounts(stage, column)) for column in ("c0", "c2")] == [[], []]
