"""Separated text: every dialect and encoding comes back cell for cell, with its row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.core.intake.reading import read

from xiezhi.intake.files.delivered import Limits

HEADER = ["姓名", "身份证号", "金额"]


def written(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cn", "Co", "Cc"]) | st.sampled_from(list('\n\r\t",;|')), max_size=8)
_ROW = st.tuples(st.sampled_from(["张三", "x", "0", "甲 乙"]), _CELL, _CELL)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(rows=[("张三", "\r0", "")] * 2, encoding="utf-8", delimiter=",", end="\n")
@example(rows=[("张三", "", "\U00010000")], encoding="utf-16-le", delimiter=",", end="\n")
@example(rows=[("张三", "", ",\r")], encoding="utf-8", delimiter=",", end="\n")
@given(
    rows=st.lists(_ROW, min_size=1, max_size=40),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_comes_back(tmp_path: Path, rows: list[tuple[str, ...]], encoding: str, delimiter: str, end: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    found = read(written(tmp_path, out.getvalue(), encoding), tmp_path, batch_rows=7)
    assert not found.codes
    assert found.sheets[0].header == HEADER
    assert found.sheets[0].delimiter == delimiter
    assert found.rows[0] == [(number, *row) for number, row in enumerate(rows, 2)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(widths=st.lists(st.integers(0, 5), min_size=1, max_size=60), batch=st.integers(1, 9))
def test_rows_keep_their_numbers_among_ragged_and_blank_ones(tmp_path: Path, widths: list[int], batch: int) -> None:
    lines = [",".join(f"v{n}" for n in range(width)) for width in widths]
    sound = [f"a,b,{n}" for n in range(60)]  # so that three cells are what rows have
    path = written(tmp_path, "\n".join(["c1,c2,c3", *sound, *lines]) + "\n")
    found = read(path, tmp_path, Limits(max_record_bytes=64), batch_rows=batch)
    numbered = list(enumerate(widths, 62))
    assert [row[0] for row in found.rows[0]][60:] == [row for row, width in numbered if width == 3]
    assert sorted(broken.row for broken in found.broken) == [row for row, width in numbered if width not in (0, 3)]
    assert found.sheets[0].blank_rows == widths.count(0)


def test_titles_units_blanks_and_totals(tmp_path: Path) -> None:
    above = "2025年发放表,,\n单位:元,,填报日期:2025-01-01\n\n姓名,身份证号,金额\n"
    below = '张三,1,2\n,,\n"王\n五",2,3\n本页合计,,5\n合计:5\n赵六,3,4\n'
    found = read(written(tmp_path, above + below), tmp_path)
    sheet = found.sheets[0]
    assert (sheet.header, sheet.header_row) == (HEADER, 4)
    assert sheet.title_rows[0][0] == "2025年发放表"
    assert found.rows[0] == [(5, "张三", "1", "2"), (7, "王\n五", "2", "3"), (10, "赵六", "3", "4")]
    assert not found.broken
    assert [footer.row for footer in sheet.footers] == [8, 9]
    assert sheet.blank_rows == 1


def test_a_company_whose_name_begins_like_a_total_is_data(tmp_path: Path) -> None:
    found = read(written(tmp_path, "姓名,金额\n合计科技有限公司,1\n总计 ,2\n"), tmp_path)
    assert [row[1] for row in found.rows[0]] == ["合计科技有限公司"]


def test_a_header_in_two_rows_is_joined(tmp_path: Path) -> None:
    text = "姓名,补贴,,备注\n,金额,月份,\n张三,10,2025-01,x\n李四,20,2025-02,\n"
    found = read(written(tmp_path, text), tmp_path)
    assert found.sheets[0].header == ["姓名", "补贴金额", "补贴月份", "备注"]
    assert [row[0] for row in found.rows[0]] == [3, 4]


def test_known_names_find_a_header_of_years(tmp_path: Path) -> None:
    known = {"2021", "2022", "xm"}
    found = read(written(tmp_path, "表\nxm,2021,2022\n张三,1,2\n"), tmp_path, looks_like_header=lambda row: len(known & set(row)))
    assert found.sheets[0].header == ["xm", "2021", "2022"]


def test_header_names_given_twice_get_a_number(tmp_path: Path) -> None:
    assert read(written(tmp_path, "金额,金额,名\n1,2,x\n"), tmp_path).sheets[0].header == ["金额", "金额_2", "名"]


def test_empty_cells_too_many_do_no_harm(tmp_path: Path) -> None:
    few = read(written(tmp_path, "a,b\n1,2\n3,4,\n5,6,,\n7,8,x\n" + "1,2\n" * 9), tmp_path)
    assert [row[0] for row in few.rows[0]] == [2, 3, 4, *range(6, 15)]
    assert [(broken.row, broken.reason, broken.cells) for broken in few.broken] == [(5, "column_count", ("7", "8", "x"))]
    all_rows = read(written(tmp_path, "a,b\n" + "1,2,\n" * 9 + "3,4,x\n"), tmp_path)
    assert len(all_rows.rows[0]) == 9
    assert [broken.row for broken in all_rows.broken] == [11]


def test_only_carriage_returns_end_the_lines(tmp_path: Path) -> None:
    assert read(written(tmp_path, "姓名,金额\r张三,1\r\r李四,2"), tmp_path).rows[0] == [(2, "张三", "1"), (4, "李四", "2")]


def test_gb18030_with_rare_characters_far_into_the_file(tmp_path: Path) -> None:
    names = ["䶮", "𠀀", "龴", "ḿ", "張"]
    text = "name,n\n" + "abc,1\n" * 200_000 + "".join(f"{name},2\n" for name in names)
    raw = text.encode("gb18030").replace("龴".encode("gb18030"), b"\xfe\x59").replace("ḿ".encode("gb18030"), b"\xa8\xbc")
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    found = read(path, tmp_path, batch_rows=100_000)
    assert found.sheets[0].encoding == "gb18030"
    assert [row[1] for row in found.rows[0][-5:]] == names


def test_a_broken_byte_refuses_the_file_and_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,乡镇\n".encode() + "张三,城关镇\n".encode() * 50 + b"\xff\xfe,x\n")
    found = read(path, tmp_path)
    assert found.codes == ["encoding_unreadable"]
    assert found.refused[0].place is not None
    assert found.refused[0].place.row == 52


def test_nul_bytes_set_their_rows_aside(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a,b\n1,2\n3\0,4\n5,6\n"), tmp_path)
    assert [row[0] for row in found.rows[0]] == [2, 4]
    assert [(broken.row, broken.reason) for broken in found.broken] == [(3, "nul_byte")]


def test_a_long_cell_sets_its_row_aside(tmp_path: Path) -> None:
    found = read(written(tmp_path, f"a,b\n1,2\n3,{'x' * 500}\n"), tmp_path, Limits(max_cell_bytes=100))
    assert [(broken.row, broken.reason, len(broken.text)) for broken in found.broken] == [(3, "text_too_long", 102)]


def test_an_unclosed_quote_is_a_character_of_its_row(tmp_path: Path) -> None:
    found = read(written(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n'), tmp_path)
    assert found.rows[0] == [(2, "1", "2"), (3, "3", '"4'), (4, "5", "6"), (5, "7", "8")]
    assert "1 行的引号不成对" in found.sheets[0].notes[0].zh


@pytest.mark.parametrize("text", ["1,2\n3,4\n5,6\n", "2021-01-01,5\n"])
def test_no_header(tmp_path: Path, text: str) -> None:
    assert read(written(tmp_path, text), tmp_path).codes == ["no_header"]


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    found = read(written(tmp_path, "姓名,金额\n"), tmp_path)
    assert found.rows == [[]]


def test_broken_rows_beyond_what_memory_may_hold(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n" + "1,2\n" * 20 + "x\n" * 50)
    found = read(path, tmp_path, Limits(broken_in_memory=5))
    assert [broken.row for broken in found.broken] == list(range(22, 72))
    assert [broken.text for broken in found.broken] == ["x"] * 50


def test_html_and_text_named_xls(tmp_path: Path) -> None:
    rows = "<tr><td>张&amp;三<td>1</tr><tr><td rowspan=2>李四</td><td>2</td></tr><tr><td>3</td></tr>"
    page = f"<html><meta charset=gbk><table><tr><th>姓名<th>金额</tr>{rows}</table></html>"
    found = read(written(tmp_path, page, "gb18030", "a.xls"), tmp_path)
    assert found.rows[0] == [(2, "张&三", "1"), (3, "李四", "2"), (4, "李四", "3")]
    assert found.sheets[0].notes
    text = read(written(tmp_path, "姓名\t金额\n张三\t1\n", "gb18030", "b.xls"), tmp_path)
    assert (text.sheets[0].format, text.rows[0]) == ("tsv", [(2, "张三", "1")])


@pytest.mark.parametrize(("text", "told"), [
    ("a,b\n1,2\n3,4", True), ("a,b\r\n1,2\r\n3", True), ('a,b\n1,2\n"3",""', True),
    ("a,b\n1,2\n3,4\n", False), ("a,b\r\n1,2\r\n", False), ("a,b\r1,2\r3,4\r", False), ("a,b\n1,2\n\x1a", False),
])  # fmt: skip
def test_a_last_line_without_a_line_end_is_told(text: str, told: bool, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    found = read(tmp_path / "a.csv", tmp_path)
    assert any("换行符" in note.zh for note in found.sheets[0].notes) == told
