"""Which character separates the cells of a text, where its header stands and where its data begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.intake.files import dialect
from xiezhi.intake.files.dialect import FileLayout, cells_of, find_delimiter, find_layout
from xiezhi.intake.files.encoding import Utf8File
from xiezhi.intake.sheets.sheet import Heading, Limits, Part
from xiezhi.kernel.errors import Place, RefusedDelivery


def delivered(text: str, folder: Path, before: str = "") -> Utf8File:
    """A file of this text, which begins behind `before`."""
    path = folder / "a.csv"
    path.write_bytes((before + text).encode())
    return Utf8File(path, len(before.encode()), path.stat().st_size, "utf-8")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("姓名,金额\n张三,1\n", ","),
        ("姓名;金额,元;月份\n张三;1,5;1\n李四;2,5;2\n", ";"),
        ("姓名|金额;元|月份\n张三|1;5|1\n李四|2;5|2\n", "|"),
        ("姓名;金额\n张三;1,5\n李四;2\n", ";"),
    ],
)
def test_of_two_characters_that_every_row_has_the_one_of_more_columns_separates(
    text: str, delimiter: str, tmp_path: Path
) -> None:
    assert find_delimiter(delivered(text, tmp_path)) == delimiter


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "~", "\x01", "\x1f", "\x1e", "\x1c", "#", "!", "$", ":", " "])
@pytest.mark.parametrize("text", ["姓名_金额\n张三_1\n\n李四_2\n", "姓名_金额", "惠农补贴发放表\n姓名_金额_月份\n张三_1_3月\n"])
def test_any_of_fifteen_characters_may_separate(text: str, delimiter: str, tmp_path: Path) -> None:
    assert find_delimiter(delivered(text.replace("_", delimiter), tmp_path)) == delimiter


STRAY = '姓名;编号;备注\n张三;"A1;甲,乙,丙\n李四;A2;丁,戊,己\n王五;A3;庚,辛,壬\n'
"""Of the rows only those without the stray quote say what separates."""

QUOTED = '2024年3月,惠农补贴,发放表\n"姓名";编号\n"张三";A1\n"李四";A2\n'


@pytest.mark.parametrize(("text", "delimiter"), [
    ("", ","), ("姓名\n张三\n", ","), ("姓名\n张.三\n", ","), ('张三;"1', ";"),
    (STRAY, ";"), (QUOTED, ";"), ('"甲,乙";1\n"丙,丁";2\n', ";"), ("姓名;备注;\n张三;;1,5\n李四;;2,5\n", ";"),
    ("姓名,标段;包\n张三,1;2\n", ","), ("姓名,时:分\n张三,08:30\n李四,09:15\n", ","), ("姓 名;时:分\n张 三;08:30\n", ";"),
    ("2024年,3月,惠农,补贴,发放表\n" * 2 + "张三;1,5\n" * 3, ";"), ("2024年,3月,发放表\n" * 2 + "张三;1,5\n" * 3, ";"),
    ("民政局\n发放表\n2024年\n甲,乙\n" + "张三;1\n" * 6, ";"),
    ("姓名;备注\n张三;甲,乙,丙,丁,戊\n李四;无\n王五;己,庚,辛,壬,癸\n", ";"),
    ("发放表,三月\n" + (";" * 25 + "," + ";" * 24 + "\n") * 2 + (";" * 25 + "1,5" + ";" * 24 + "\n"), ";"),
])  # fmt: skip
def test_what_separates_most_rows_alike_wins_and_a_usual_character_before_an_unusual_one(
    text: str, delimiter: str, tmp_path: Path
) -> None:
    """Titles, texts and numbers hold the others: a few in a row, or some in a few rows."""
    assert find_delimiter(delivered(text, tmp_path)) == delimiter


def test_what_stands_before_the_text_says_nothing_of_it(tmp_path: Path) -> None:
    text = delivered("姓名;金额\n张三;1\n", tmp_path, before="甲,乙,丙\n" * 9)
    assert find_delimiter(text) == ";"
    assert find_layout(text, Part(text.path, None, text.path), Limits(), None) == FileLayout(
        ";", Heading(["姓名", "金额"], 1, []), 2, text.start + len("姓名;金额\n".encode()), 1
    )


def laid_out(above: str, below: str, folder: Path, limits: Limits | None = None) -> FileLayout:
    """The layout of a text with a mark before it; its data begin behind `above`, header included."""
    text = delivered(above + below, folder, before="\ufeff")
    layout = find_layout(text, Part(text.path, None, text.path), limits or Limits(), None)
    assert layout.data_start == 3 + len(above.encode())
    return layout


@pytest.mark.parametrize(("above", "below", "delimiter", "titles", "names"), [
    ("姓名,金额\n", "张三,1\n李四,2\n", ",", [], ["姓名", "金额"]),
    ("姓名,金额\n", "", ",", [], ["姓名", "金额"]),
    ("姓名;金额", "", ";", [], ["姓名", "金额"]),
    ("姓名\t金额\r\n", "张三\t1\r\n", "\t", [], ["姓名", "金额"]),
    ("姓名|金额\r", "张三|1\r李四|2", "|", [], ["姓名", "金额"]),
    ("发放表\n\n姓名,金额\n", "张三,1\n" * 300, ",", [["发放表"], []], ["姓名", "金额"]),
    ('"发放\n表",\n姓名,"补贴\n金额"\n', '张三,"1\n"\n', ",", [["发放\n表", ""]], ["姓名", "补贴\n金额"]),
    ("姓名,补贴,,备注\n,金额,月份,\n", "张三,1,3月,无\n", ",", [], ["姓名", "补贴金额", "补贴月份", "备注"]),
])  # fmt: skip
def test_the_data_begin_behind_the_header(
    above: str, below: str, delimiter: str, titles: list[list[str]], names: list[str], tmp_path: Path
) -> None:
    row, taken = len(titles) + 1, len(titles) + (2 if ",金额,月份" in above else 1)
    layout = laid_out(above, below, tmp_path)
    assert layout == FileLayout(delimiter, Heading(names, row, titles), len(names), layout.data_start, taken)


@pytest.mark.parametrize(("below", "names", "width"), [
    ("", [], 2), ("张三,1\n", [], 2), ("张三,1\n" * 5, [], 2), ("张三\n李四\n", [], 2), ("\n,,,,\n", [], 2),
    ("张三,1,甲\n李四,2,乙\n", [""], 3), ("张三,1,甲\n李四,,乙\n", [""], 3), ("张三,1,甲\n\n,,\n李四,2,乙\n", [""], 3),
    ("张三,1,甲\n李四,2,\n", [], 3), ("张三,,\n李四,2,乙\n", [], 3), ("张三,1,\n李四,2, \n", [], 3),
    ("张三,1,甲,\n李四,2,乙,\n", [""], 4), ("张三,1,,丙\n李四,2,,丁\n", ["", ""], 4),
    ("张三,1,甲\n李四,2,乙\n王五,3\n", [], 3), ("张三,1,甲\n李四,2\n王五,3\n", [], 2),
    ("张三,1,甲\n李四,2,乙,\n王五,3,丙\n", [""], 3),
    ("张三,1,800.00\n李四,2,300\n", [], 3), ("张三,-1,800\n李四,+12,300.5\n", [], 3), ("张三,￥ 123,800\n李四,$1,300\n", [], 3),
    ("张三,1,800\n李四,2,乙\n", [], 3), ("张三,1234,800\n李四,2024,300\n", [""], 3), ("张三,1,80\n李四,2,3000\n", [""], 3),
    ("张三,甲,800\n李四,乙,300\n", [""], 3), ("1,张三,800\n2,李四,300\n", [""], 3), ("张三,0,800.\n李四,0,300.\n", [""], 3),
])  # fmt: skip
def test_a_column_without_a_name_is_one_if_every_row_fills_it(below: str, names: list[str], width: int, tmp_path: Path) -> None:
    """But not what may be the rest of an amount: 1,800.00."""
    layout = laid_out("姓名,金额\n", below, tmp_path)
    assert layout == FileLayout(",", Heading(["姓名", "金额", *names], 1, []), width, layout.data_start, 1)


def test_as_many_columns_as_are_allowed(tmp_path: Path) -> None:
    below = "张三,1,\n李四,2,\n"
    assert laid_out("姓名,金额\n", below, tmp_path, Limits(max_columns=3)).width == 3
    with pytest.raises(RefusedDelivery) as found:
        laid_out("姓名,金额\n", below, tmp_path, Limits(max_columns=2))
    assert (found.value.code, found.value.zh) == ("too_many_columns", "列数 3 超过上限 2")
    assert found.value.place == Place(file=str(tmp_path / "a.csv"))


def test_a_first_record_that_has_no_end_in_sight_refuses_the_file(tmp_path: Path) -> None:
    """A megabyte is looked at; any cell within it may be as long."""
    with pytest.raises(RefusedDelivery) as found:
        laid_out(f"姓名,金额{'x' * (1 << 20)}\n", "张三,1\n", tmp_path)
    assert (found.value.code, found.value.zh) == ("record_too_long", "第 1 行起的一条记录超过 1048576 字节,或引号未闭合")
    assert found.value.place == Place(file=str(tmp_path / "a.csv"), row=1)


def test_a_row_that_is_cut_where_the_first_look_ends_says_nothing_of_the_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "_SAMPLE", len("姓名,金额\n张三,1,甲\n李".encode()))
    layout = laid_out("姓名,金额\n", "张三,1,甲\n李四,2,乙\n", tmp_path)
    assert layout == FileLayout(",", Heading(["姓名", "金额", ""], 1, []), 3, layout.data_start, 1)


@pytest.mark.parametrize(("text", "cells"), [
    ("", []), ("\n", []), ("张三,1\n", ["张三", "1"]), ('"张,三",\r\n', ["张,三", ""]), ('"张三,1', ["张三,1"]),
    ('张"三,1', ['张"三', "1"]), ('"张\n三",1\n', ["张\n三", "1"]),
])  # fmt: skip
def test_the_cells_of_one_record(text: str, cells: list[str]) -> None:
    assert cells_of(text, ",") == cells


def test_the_cells_of_one_record_by_another_character() -> None:
    assert cells_of("张三;1,5\n", ";") == ["张三", "1,5"]
