"""Stray quotes: every physical row is read as it is written, and a true quoted cell of several lines stays one."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xiezhi.intake.files import quotes
from xiezhi.intake.files.encoding import Utf8File
from xiezhi.intake.files.quotes import without_stray_quotes

HEAD = "姓名,编号,金额,备注\n"
SOUND = "张三,A1,100,无\n李四,A2,200,无\n"


def rows(text: str, folder: Path, delimiter: str = ",") -> list[list[str]]:
    """The rows as any CSV reader takes them after the mending."""
    path = folder / "t.csv"
    path.write_bytes(text.encode())
    whole = Utf8File(path, 0, path.stat().st_size, "utf-8")
    with without_stray_quotes(whole, delimiter, folder) as (proven, _):
        mended = proven.path.read_bytes()[proven.start :].decode()
    return list(csv.reader(io.StringIO(mended, newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"低保"科,A3,300,无', ['"低保"科', "A3", "300", "无"]),
        ('王五,A3,300,"5寸管', ["王五", "A3", "300", '"5寸管']),
        ('"王五,A3,300,无', ['"王五', "A3", "300", "无"]),
        ('王五,"A3,300,无', ["王五", '"A3', "300", "无"]),
        ('王五",A3,300,无', ['王五"', "A3", "300", "无"]),
        ('王五,A3,300,6" 管', ["王五", "A3", "300", '6" 管']),
        ('"王""五,A3,300,无', ['"王""五', "A3", "300", "无"]),
        ('"王""五",A3,300,无', ['王"五', "A3", "300", "无"]),
        ('"王五","A3","3,000","甲,乙"', ["王五", "A3", "3,000", "甲,乙"]),
        ('"甲,乙",A3,300,"x', ["甲,乙", "A3", "300", '"x']),
        ('王五,A3,300,"说\\"好\\""', ["王五", "A3", "300", '说"好"']),
        ("'王五',A3,300,“无”", ["'王五'", "A3", "300", "“无”"]),
        (',A3,300,"5寸管', ["", "A3", "300", '"5寸管']),
    ],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_line_is_read_as_it_is_written(line: str, cells: list[str], place: str, tmp_path: Path) -> None:
    first, second = SOUND.splitlines(keepends=True)
    text = HEAD + {"first": f"{line}\n{SOUND}", "middle": f"{first}{line}\n{second}", "last": SOUND + line}[place]
    found = rows(text, tmp_path)
    assert len(found) == 4
    assert found[{"first": 1, "middle": 2, "last": 3}[place]] == cells
    assert [row for row in found[1:] if row != cells] == [["张三", "A1", "100", "无"], ["李四", "A2", "200", "无"]]


def test_a_stray_quote_in_the_last_cell_of_two_rows(tmp_path: Path) -> None:
    text = HEAD + '张三,A1,100,"甲\n李四,A2,200,乙"\n'
    assert [row[1] for row in rows(text, tmp_path)] == ["编号", "A1", "A2"]


def test_two_stray_quotes_do_not_make_one_cell_of_the_rows_between(tmp_path: Path) -> None:
    text = HEAD + '"张三,A1,100,无\n李四,A2,200,无\n王五",A3,300,无\n'
    assert [row[1] for row in rows(text, tmp_path)] == ["编号", "A1", "A2", "A3"]


def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    text = HEAD + '张三,A1,100,"第一行\n第二行\n\n第四行"\n"李\n四",A2,200,无\n'
    assert rows(text, tmp_path)[1:] == [["张三", "A1", "100", "第一行\n第二行\n\n第四行"], ["李\n四", "A2", "200", "无"]]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('张三,A1,100,"甲,乙\n丙"', ["张三", "A1", "100", "甲,乙\n丙"]),
        ('张三,"甲,乙\n丙,丁",100,无', ["张三", "甲,乙\n丙,丁", "100", "无"]),
        ('"甲,乙\n丙,丁",A1,100,无', ["甲,乙\n丙,丁", "A1", "100", "无"]),
        ('张三,"甲,\n\n,乙",100,"丙"', ["张三", "甲,\n\n,乙", "100", "丙"]),
    ],
)
def test_a_cell_of_several_lines_may_hold_delimiters(line: str, cells: list[str], tmp_path: Path) -> None:
    assert rows(f"{HEAD}{SOUND}{line}\n{SOUND}", tmp_path)[3] == cells
    assert len(rows(f"{HEAD}{line}\n{SOUND}", tmp_path)) == 4


def test_where_every_cell_is_quoted_nothing_else_is_a_record(tmp_path: Path) -> None:
    """Both lines have as many cells as others, but no quotes around them."""
    table = [["x", "y", "z"], ["1", "", "甲,乙,丙\n丁,戊,己"], ["2", ",,,\n,,,\n,,,", ""]]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    assert rows(out.getvalue(), tmp_path) == table


def test_a_cell_of_several_lines_beside_a_stray_quote(tmp_path: Path) -> None:
    text = HEAD + '张三,A1,100,"第一行\n第二行"\n"李四,A2,200,无\n王五,A3,300,"甲\n乙"\n'
    found = rows(text, tmp_path)
    assert [row[1] for row in found[1:]] == ["A1", "A2", "A3"]
    assert (found[1][3], found[3][3]) == ("第一行\n第二行", "甲\n乙")


def test_other_delimiters_and_line_ends(tmp_path: Path) -> None:
    assert rows('a\tb\r\n"x\t1\r\ny\t2\r\n', tmp_path, "\t") == [["a", "b"], ['"x', "1"], ["y", "2"]]
    assert rows('a|b\r"x|1\ry|2', tmp_path, "|") == [["a", "b"], ['"x', "1"], ["y", "2"]]


def test_a_sound_file_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"x,y","z ""q"""\n', encoding="utf-8")
    whole = Utf8File(path, 0, path.stat().st_size, "utf-8")
    with without_stray_quotes(whole, ",", tmp_path) as (proven, mended):
        assert (proven, mended) == (whole, [])


CELLS = st.text(st.sampled_from('ab",\\ \n1'), max_size=6)


@settings(max_examples=60, deadline=None)
@given(table=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_what_a_csv_writer_wrote_comes_back_or_is_left_in_its_lines(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str, str]]
) -> None:
    """No row is lost: a file without line breaks in its cells keeps its number of rows and their cells."""
    flat = [[cell.replace("\n", " ") for cell in row] for row in table]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *flat])
    assert rows(text.getvalue(), tmp_path_factory.mktemp("q")) == [["x", "y", "z"], *flat]


OPENED_AND_CLOSED = re.compile(r'(?:^|[,\n])"(?:[^"]|"")*\n(?:[^"]|"")*"(?=[,\n])')
"""A cell that begins with a quote, and a quote at the end of a cell in a later line: as well one cell of two lines."""


@settings(max_examples=60, deadline=None)
@given(table=st.lists(st.lists(st.text(st.sampled_from('ab"1'), max_size=4), min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_writer_that_never_quotes_is_read_row_by_row(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    lines = [",".join(row) for row in table]
    text = "\n".join(["x,y,z", *lines]) + "\n"
    assume(not OPENED_AND_CLOSED.search(text))
    found = rows(text, tmp_path_factory.mktemp("q"))
    assert len(found) == len(lines) + 1


def told(text: str, folder: Path, delimiter: str = ",", before: str = "") -> tuple[list[list[str]], list[int]]:
    """The rows after the mending and the lines whose quotes were taken as written; nothing is left in the scratch folder."""
    path, scratch = folder / "t.csv", folder / "scratch"
    scratch.mkdir(exist_ok=True)
    path.write_bytes((before + text).encode())
    whole = Utf8File(path, len(before.encode()), path.stat().st_size, "gb18030")
    with without_stray_quotes(whole, delimiter, scratch) as (proven, lines):
        assert (proven.size, proven.encoding) == (proven.path.stat().st_size, "gb18030")
        mended = proven.path.read_bytes()[proven.start :].decode()
    assert not list(scratch.iterdir())
    return list(csv.reader(io.StringIO(mended, newline=""), delimiter=delimiter)), lines


def test_lines_are_counted_as_they_stand_in_the_file(tmp_path: Path) -> None:
    """Lines within a cell, blank ones and those looked at in vain count like others."""
    whole, torn = '张三,A1,100,"甲\n乙\n丙"\n', '李四,A2,200,"5寸管\n\n王五,A3,300,无\n'
    text = f'{HEAD}{whole}{torn}赵六,A4,400,"丁\n戊"\n"孙七,A5,500,无\n周八,A6,600,"己'
    assert told(text, tmp_path) == (
        [
            ["姓名", "编号", "金额", "备注"], ["张三", "A1", "100", "甲\n乙\n丙"], ["李四", "A2", "200", '"5寸管'], [],
            ["王五", "A3", "300", "无"], ["赵六", "A4", "400", "丁\n戊"], ['"孙七', "A5", "500", "无"],
            ["周八", "A6", "600", '"己'],
        ],
        [5, 10, 11],
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", SOUND, f'"甲","乙"\n{SOUND}', f"{SOUND}\x01,\x02,\x03,\n", f'{SOUND}{"x" * 99},"{"y" * 99}",1,\n']
)
def test_a_text_without_stray_quotes_is_left_where_it_is(text: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    whole = Utf8File(path, 3, path.stat().st_size, "utf-8-sig")
    with without_stray_quotes(whole, ",", tmp_path) as (proven, lines):
        assert (proven, lines, list(tmp_path.iterdir())) == (whole, [], [path])


CONTROLS = "\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10\x11"


@pytest.mark.parametrize("text", [SOUND, f"张三,{'甲' * 99},100,无\n", '"张三",A1\n'])
@pytest.mark.parametrize("before", ["\ufeff", '"甲\n', f'{CONTROLS}"\n'], ids=["mark", "quote", "controls"])
def test_what_stands_before_the_text_says_nothing_of_it(
    before: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a text without a quote copied because a line of it is longer than what is read at once."""
    monkeypatch.setattr(quotes, "_BLOCK", 96)
    path = tmp_path / "t.csv"
    path.write_bytes((before + text).encode())
    whole = Utf8File(path, len(before.encode()), path.stat().st_size, "utf-8")
    with without_stray_quotes(whole, ",", tmp_path) as (proven, lines):
        assert (proven, lines) == (whole, [])


def test_what_stands_before_the_text_is_not_copied_with_it(tmp_path: Path) -> None:
    assert told(f'{SOUND}"王五,A3,300,无\n', tmp_path, before='"甲,"乙"\n') == (
        [["张三", "A1", "100", "无"], ["李四", "A2", "200", "无"], ['"王五', "A3", "300", "无"]], [3],
    )  # fmt: skip


def test_a_copy_that_is_gone_already_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'{HEAD}{SOUND}"王五,A3,300,无\n', encoding="utf-8")
    with without_stray_quotes(Utf8File(path, 0, path.stat().st_size, "utf-8"), ",", tmp_path) as (proven, lines):
        proven.path.unlink()
    assert (lines, list(tmp_path.iterdir())) == ([4], [path])


def test_a_cell_of_several_lines_needs_a_row_beside_it_that_proves_it(tmp_path: Path) -> None:
    assert told('"甲\n乙"\n', tmp_path) == ([['"甲'], ['乙"']], [1])
    assert told('无\n"甲\n乙"\n', tmp_path) == ([["无"], ["甲\n乙"]], [])


STRAY = '王五,A3,300,"5寸管\n'


@pytest.mark.parametrize("rest", [
    pytest.param("赵六,A4,400,无\n" * 9, id="the first quote of all stands far down"),
    pytest.param(f"赵六,A4,400,{'无' * 99}\n", id="a line is longer than what is read at once"),
    pytest.param("赵六,A4,400,\x01\n" * 9, id="a control character first stands far down"),
    pytest.param(f"赵六,A4,400,{CONTROLS}\n", id="every control character occurs"),
])  # fmt: skip
@pytest.mark.parametrize("stray", ["above", "below"])
def test_a_stray_quote_is_found_wherever_it_stands(
    rest: str, stray: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotes, "_BLOCK", 96)
    text = HEAD + SOUND + (STRAY + rest if stray == "above" else rest + STRAY)
    found, lines = told(text, tmp_path)
    assert lines == [4 if stray == "above" else 4 + rest.count("\n")]
    assert found == [[cell.rstrip("\n") for cell in line.split(",")] for line in text.splitlines()]


@pytest.mark.parametrize(("lines", "one"), [(2, True), (19, True), (200, True), (201, False)])
def test_a_cell_of_more_than_two_hundred_lines_is_none(lines: int, one: bool, tmp_path: Path) -> None:
    note = [f"第{number}行" for number in range(1, lines + 1)]
    found, stray = told(f'{HEAD}{SOUND * 40}王五,A3,300,"{chr(10).join(note)}"\n{SOUND}', tmp_path)
    assert found[-2:] == [["张三", "A1", "100", "无"], ["李四", "A2", "200", "无"]]
    if one:
        assert (found[81:-2], stray) == ([["王五", "A3", "300", "\n".join(note)]], [])
    else:
        assert found[81:-2] == [["王五", "A3", "300", f'"{note[0]}'], *([line] for line in note[1:-1]), [f'{note[-1]}"']]
        assert stray == [82]


@pytest.mark.parametrize(("lines", "cells"), [
    ('王五,"A3,300\n甲,乙"', [["王五", '"A3', "300"], ["甲", '乙"']]),
    ('王五,A3,300,"甲\n乙",丙', [["王五", "A3", "300", '"甲'], ['乙"', "丙"]]),
    ('王五,A3,300,甲"\n"乙', [["王五", "A3", "300", '甲"'], ['"乙']]),
    ('王五,A3,300,"甲\n\n乙', [["王五", "A3", "300", '"甲'], [], ["乙"]]),
])  # fmt: skip
def test_lines_that_make_no_row_together_stay_apart(lines: str, cells: list[list[str]], tmp_path: Path) -> None:
    assert told(f"{HEAD}{SOUND}{lines}\n", tmp_path)[0][3:] == cells


@pytest.mark.parametrize(("line", "cells"), [
    ('王五,A3,"说\\"好\\""', ["王五", "A3", '"说\\"好\\""']),
    ('王五,A3,300,"说\\"好', ["王五", "A3", "300", '"说\\"好']),
    ('王五,A3,300,说\\"好\\"', ["王五", "A3", "300", '说\\"好\\"']),
    ('"说\\"好\\"","A3","3,00","\\"甲\\""', ['说"好"', "A3", "3,00", '"甲"']),
])  # fmt: skip
def test_a_backslash_stands_for_a_quote_only_where_the_row_is_whole_by_it(line: str, cells: list[str], tmp_path: Path) -> None:
    assert told(f"{HEAD}{SOUND}{line}\n{STRAY}", tmp_path)[0][3] == cells


@pytest.mark.parametrize("item", ["第一条", "甲,乙"])
def test_a_long_cell_in_a_small_table_stays_one(item: str, tmp_path: Path) -> None:
    """Its lines are more than the rows, and none of them is as wide."""
    note = "\n".join([item] * 19)
    last = ["王五", "A3", "300", note]
    assert rows(f'{HEAD}{SOUND}王五,A3,300,"{note}"\n', tmp_path)[-1] == last


def test_of_two_columns_a_line_of_two_cells_is_a_row(tmp_path: Path) -> None:
    text = '姓名,金额\n"张三,100\n李四,200\n王五",300\n'
    assert told(text, tmp_path) == ([["姓名", "金额"], ['"张三', "100"], ["李四", "200"], ['王五"', "300"]], [2])


def test_of_one_column_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    assert told('备注\n无\n"甲\n乙"\n"丙\n', tmp_path) == ([["备注"], ["无"], ["甲\n乙"], ['"丙']], [5])


def test_a_table_of_one_column_stays_one_though_some_texts_have_delimiters(tmp_path: Path) -> None:
    text = "备注\n" + "无\n" * 60 + "甲,乙\n" * 3
    assert rows(f'{text}"甲\n乙"\n"丙\n', tmp_path)[-2:] == [["甲\n乙"], ['"丙']]


NOTE = '王五,A3,300,"甲\n乙"\n'
"""A row of four cells, in two lines."""


@pytest.mark.parametrize("above", [
    "惠农补贴发放表\n民政局\n2024年3月\n",
    '"惠农补贴发放表"\n"民政局"\n"2024年3月"\n', '"民政局","3月"\n"制表","张三"\n', "\n" * 9,
    '"惠农补贴发放表"\n\n\n',
])  # fmt: skip
def test_titles_do_not_say_how_many_cells_a_row_has(above: str, tmp_path: Path) -> None:
    found, lines = told(f"{above}{HEAD}{SOUND}{NOTE}", tmp_path)
    assert (found[-1], lines) == (["王五", "A3", "300", "甲\n乙"], [])
    if above.count("\n") == 3:
        found, lines = told(f"{above}{HEAD}{NOTE}", tmp_path)
        assert (found[-1], lines) == (["王五", "A3", "300", "甲\n乙"], [])


def test_the_ends_of_cells_of_several_lines_do_not_either(tmp_path: Path) -> None:
    """They look like rows of six cells, and there are more of them than of rows in one line."""
    note = '"甲,乙\n丙,丁,戊,己",A1,100\n'
    assert told(f"备注,编号,金额\n无,A2,200\n{note * 3}", tmp_path) == (
        [["备注", "编号", "金额"], ["无", "A2", "200"], *[["甲,乙\n丙,丁,戊,己", "A1", "100"]] * 3], [],
    )  # fmt: skip


@pytest.mark.parametrize(("head", "note", "cells"), [
    ('"姓名","备注"\n', '"张三","甲,乙\n丙,丁"\n', ["张三", "甲,乙\n丙,丁"]),
    ('"姓名","编号","备注"\n', '"张三","A1","甲\n乙,丙,丁,戊,己,庚\n辛"\n', ["张三", "A1", "甲\n乙,丙,丁,戊,己,庚\n辛"]),
    ('"姓名","编号","备注"\n', '"张三","A1","甲,乙\n丙,丁,戊"\n', ["张三", "A1", "甲,乙\n丙,丁,戊"]),
])  # fmt: skip
@pytest.mark.parametrize("rows_above", [0, 1, 3])
def test_where_every_cell_is_quoted_a_line_that_is_not_is_within_one(
    head: str, note: str, cells: list[str], rows_above: int, tmp_path: Path
) -> None:
    found, lines = told(head * (1 + rows_above) + note * (1 + rows_above), tmp_path)
    assert (found[1 + rows_above :], lines) == ([cells] * (1 + rows_above), [])
