"""Stray quotes: every physical row is read as it is written, and a true quoted cell of several lines stays one."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xiezhi.intake.encoding import Utf8File
from xiezhi.intake.quotes import without_stray_quotes

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
