"""Separated text read in small pieces: every row with its number, where a piece ends or a row has another width or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from xiezhi.intake.files.readers.separated import STOPS_SHORT, open_sheets
from xiezhi.intake.sheets.footers import Footer, FooterKind
from xiezhi.intake.sheets.sheet import BrokenRow, Limits, Part, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery
from xiezhi.kernel.words import Words

SMALL = Limits(max_record_bytes=16)
"""Sixteen bytes are read at once: two or three rows."""


@dataclass
class Given:
    """What a text gave: its rows in the order given (`_row` first), and the sheet."""

    rows: list[tuple[object, ...]]
    sheet: Sheet

    @property
    def broken(self) -> list[BrokenRow]:
        return list(self.sheet.broken)


def given(text: str, folder: Path, limits: Limits = SMALL, batch_rows: int = 1000) -> Given:
    path = folder / "a.csv"
    path.write_bytes(text.encode())
    opened = open_sheets(Part(path, None, path), "text", limits, folder, None)
    sheet = next(opened)
    batches = [batch.to_pydict() for batch in sheet.batches(batch_rows)]
    assert list(opened) == []
    return Given([row for cells in batches for row in zip(cells.pop("_row"), *cells.values(), strict=True)], sheet)


def numbered(lines: str) -> list[tuple[object, ...]]:
    """Rows as a person would count them below a header of one row: those of two cells, or of two and empty ones."""
    found = []
    for number, line in enumerate(lines.splitlines(), start=2):
        cells = line.split(",")
        if len(cells) >= 2 and not any(cells[2:]):
            found.append((number, *cells[:2]))
    return found


@pytest.mark.parametrize("batch_rows", [1, 3, 1000])
@pytest.mark.parametrize("lines", [
    "甲,1\n" * 20,
    "甲,1\n乙,2,\n" * 9, "乙,2,\n甲,1\n" * 9, "甲,1\n甲,2\n乙,3,\n丙,4\n" * 9, "乙,2,\n" * 8 + "甲,1\n" * 9,
    "甲,1\n" * 9 + "乙,2,\n" * 8,
    "甲,1\n" * 9 + "乙,2,,,\n丙,3,\n", "甲,1\n" * 2 + "x\n" * 9 + "乙,2\n" * 9, "x\n" * 9 + "甲,1\n" * 10,
    "甲,1\n" * 10 + "x\n" * 9,
    "甲,1\nx\n乙,2\n丙,3,\nx\nx\n丁,4\n" * 5, "甲,1\n\n乙,2\n\n\n丙,3,\n丁,4\n" * 5,
])  # fmt: skip
def test_rows_keep_their_numbers_wherever_a_piece_ends(lines: str, batch_rows: int, tmp_path: Path) -> None:
    """In order, too, where they are given all at once; a row of empty cells too many may come a piece too early."""
    found = given(f"姓名,金额\n{lines}", tmp_path, batch_rows=batch_rows)
    assert (sorted(found.rows) if batch_rows < 1000 else found.rows) == numbered(lines)
    said = lines.splitlines()
    assert found.broken == [BrokenRow(at + 2, "x", "column_count", ("x",)) for at, line in enumerate(said) if line == "x"]
    assert found.sheet.blank_rows == said.count("")


def batched(lines: str, folder: Path, batch_rows: int, most_rows: int | None = None) -> list[list[int]]:
    """The numbers of the rows as they are read, sixteen at a time."""
    path = folder / "a.csv"
    path.write_text(f"a,b\n{lines}", encoding="utf-8")
    sheet = next(open_sheets(Part(path, None, path), "text", Limits(max_record_bytes=64), folder, None))
    sheet.most_rows = most_rows
    return [batch.column("_row").to_pylist() for batch in sheet.unsifted(batch_rows)]


def test_rows_are_given_as_soon_as_they_are_as_many_as_asked_for(tmp_path: Path) -> None:
    lines, numbers = "1,2\n" * 80, list(range(2, 82))
    assert batched(lines, tmp_path, 16) == [numbers[at : at + 16] for at in range(0, 80, 16)]
    assert batched(lines, tmp_path, 17) == [numbers[:32], numbers[32:64], numbers[64:]]
    assert batched(lines, tmp_path, 16, most_rows=32) == [numbers[:16], numbers[16:32]]


def test_rows_of_empty_cells_too_many_stand_among_the_others(tmp_path: Path) -> None:
    assert batched("1,2\n3,4\n1,2,\n5,6\n" * 9, tmp_path, 100) == [list(range(2, 38))]


def test_the_beginning_of_a_table_has_them_too(tmp_path: Path) -> None:
    begun = batched("1,2\n3,4\n1,2,\n5,6\n" * 90, tmp_path, 16, most_rows=32)
    assert set(range(2, 26)) <= {row for batch in begun for row in batch}
    assert sum(map(len, begun)) < 100


@pytest.mark.parametrize(("line", "row", "broken", "blank"), [
    ("李四,2", ("李四", "2"), None, 0), ("李四,", ("李四", ""), None, 0), (",2", ("", "2"), None, 0), (",", None, None, 1),
    ("", None, None, 1), (" ", None, None, 1), (" ,\t,,", None, None, 1), ('"",""', None, None, 1),
    ("李四,2,,", ("李四", "2"), None, 0), ("李四,2, ", ("李四", "2"), None, 0), (",2,", ("", "2"), None, 0),
    ("李四", None, ("李四",), 0), ("李四,2,甲", None, ("李四", "2", "甲"), 0), ("李四,2,,甲", None, ("李四", "2", "", "甲"), 0),
    (",,甲", None, ("", "", "甲"), 0), ('"李,四",2,"甲"', None, ("李,四", "2", "甲"), 0),
])  # fmt: skip
def test_a_row_of_another_width_fits_where_nothing_in_it_is_beyond_the_header(
    line: str, row: tuple[str, ...] | None, broken: tuple[str, ...] | None, blank: int, tmp_path: Path
) -> None:
    found = given(f"姓名,金额\n张三,1\n{line}\n王五,3\n赵六,4\n", tmp_path, Limits())
    assert found.rows == [(2, "张三", "1"), *([(3, *row)] if row else []), (4, "王五", "3"), (5, "赵六", "4")]
    assert found.broken == ([BrokenRow(3, line, "column_count", broken)] if broken else [])
    assert found.sheet.blank_rows == blank


@pytest.mark.parametrize(("line", "row", "broken"), [
    ("李四,2,", ("李四", "2"), None), ("李四,2", ("李四", "2"), None), ("李四,2,,", ("李四", "2"), None), ("李四,, ", ("李四",
    ""), None),
    ("李四,2,甲", None, ("李四", "2", "甲")), ("李四", None, ("李四",)), (",,甲", None, ("", "", "甲")),
])  # fmt: skip
def test_where_all_rows_have_an_empty_cell_too_many(
    line: str, row: tuple[str, ...] | None, broken: tuple[str, ...] | None, tmp_path: Path
) -> None:
    found = given(f"姓名,金额\n张三,1,\n{line}\n王五,3,\n赵六,4,\n", tmp_path, Limits())
    assert found.sheet.header == ["姓名", "金额"]
    assert found.rows == [(2, "张三", "1"), *([(3, *row)] if row else []), (4, "王五", "3"), (5, "赵六", "4")]
    assert found.broken == ([BrokenRow(3, line, "column_count", broken)] if broken else [])


def test_a_total_is_left_out_unless_something_else_stands_in_its_row(tmp_path: Path) -> None:
    text = "姓名;金额;备注\n张三;1;无\n合计;5\n合计;王五;赵六;丁\n李四;2;\n合计:7\n小计;3;;4\n" + "王五;3;无\n" * 3
    found = given(text, tmp_path, Limits())
    assert [row[0] for row in found.rows] == [2, 5, 8, 9, 10]
    assert found.sheet.footers == [
        Footer(3, FooterKind.TOTAL, ("合计", "5")), Footer(6, FooterKind.TOTAL, ("合计:7",)),
        Footer(7, FooterKind.TOTAL, ("小计", "3", "", "4")),
    ]  # fmt: skip
    assert found.broken == [BrokenRow(4, "合计;王五;赵六;丁", "total_row", ("合计", "王五", "赵六", "丁"))]


def test_so_it_is_where_all_rows_have_a_cell_too_many(tmp_path: Path) -> None:
    text = "姓名;金额\n张三;1;\n合计;5;6\n合计;王五;赵六\n李四;2;甲\n王五;3;\n赵六;4;\n"
    found = given(text, tmp_path, Limits())
    assert [row[0] for row in found.rows] == [2, 6, 7]
    assert found.sheet.footers == [Footer(3, FooterKind.TOTAL, ("合计", "5", "6"))]
    assert found.broken == [
        BrokenRow(4, "合计;王五;赵六", "total_row", ("合计", "王五", "赵六")),
        BrokenRow(5, "李四;2;甲", "column_count", ("李四", "2", "甲")),
    ]


def test_cells_are_text_whatever_they_say(tmp_path: Path) -> None:
    """Words that elsewhere stand for nothing, noughts in front, blanks around."""
    text = '姓名,备注\nNULL,\n"NULL","NA"\nnan,#N/A\n"",n/a\n007, 1.0 \nTRUE,2024-03-01\n'
    assert given(text, tmp_path, Limits()).rows == [
        (2, "NULL", ""), (3, "NULL", "NA"), (4, "nan", "#N/A"), (5, "", "n/a"), (6, "007", " 1.0 "), (7, "TRUE", "2024-03-01"),
    ]  # fmt: skip


def test_a_cell_of_several_lines_may_lie_where_a_piece_ends(tmp_path: Path) -> None:
    text = "姓名,备注\n" + '甲,"1\n2"\n' * 20
    assert given(text, tmp_path).rows == [(number, "甲", "1\n2") for number in range(2, 22)]


@pytest.mark.parametrize(
    ("above", "row"),
    [("", 2), ("甲,1\n" * 9, 11), ("甲,1\n" * 9 + "x\n", 12), ("甲,1\n\n乙,2\n" * 3, 11), ("发放表\n\n姓名,金额\n甲,1\n", 5)],
)
def test_a_record_longer_than_allowed_refuses_the_file(above: str, row: int, tmp_path: Path) -> None:
    text = f"{above}李四,{'2' * 40}\n王五,3\n" if "姓名" in above else f"姓名,金额\n{above}李四,{'2' * 40}\n王五,3\n"
    with pytest.raises(RefusedDelivery) as found:
        given(text, tmp_path)
    assert (found.value.code, found.value.zh) == ("record_too_long", f"第 {row} 行起的一条记录超过 16 字节,或引号未闭合")
    assert found.value.place == Place(file=str(tmp_path / "a.csv"), row=row)


@pytest.mark.parametrize(("text", "form", "delimiter", "octets", "row"), [
    ("姓名,金额\n张三,1\n", "csv", ",", 9, 1), ("姓名\t金额\n张三\t1\n", "tsv", "\t", 9, 1), ("姓名;金额\n张三;1\n李四;2\n",
    "csv", ";", 18, 1),
    ("\ufeff姓名,金额\n张三,1\n", "csv", ",", 9, 1), ("姓名,金额\n", "csv", ",", 0, 1), ("\ufeff姓名,金额", "csv", ",", 0, 1),
    ("发放表\n\n姓名,金额\n张三,1\n", "csv", ",", 9, 3),
])  # fmt: skip
def test_a_sheet_says_how_its_text_is_laid_out(
    text: str, form: str, delimiter: str, octets: int, row: int, tmp_path: Path
) -> None:
    found = given(text, tmp_path, Limits())
    said = found.sheet
    assert (said.format, said.delimiter, said.octets, said.header_row) == (form, delimiter, octets, row)
    assert (said.header, said.encoding) == (["姓名", "金额"], "utf-8-sig" if text[0] == "\ufeff" else "utf-8")
    assert found.rows == [(row + 1, "张三", "1"), (row + 2, "李四", "2")][: (octets + 8) // 9]


@pytest.mark.parametrize(("text", "told"), [
    ("姓名,金额\n张三,1", True), ("姓名,金额\n张三,1\r\n李四,", True), ("\ufeff姓名,金额\n张三,1", True),
    ("姓名,金额\n张三,1\n", False), ("姓名,金额\r\n张三,1\r\n", False), ("姓名,金额\r张三,1\r", False),
    ("姓名,金额\n张三,1\n\x1a", False),
    ("姓名,金额\n张三,1\n\0", False), ("姓名,金额", False), ("姓名,金额\n张三,1\n1", True),
])  # fmt: skip
def test_a_last_line_that_stops_short_is_told(text: str, told: bool, tmp_path: Path) -> None:
    assert given(text, tmp_path, Limits()).sheet.notes == ([STOPS_SHORT] if told else [])


@pytest.mark.parametrize(("count", "shown"), [(1, "2"), (2, "2, 3"), (5, "2, 3, 4, 5, 6"), (6, "2, 3, 4, 5, 6 …")])
def test_the_first_five_lines_with_stray_quotes_are_told(count: int, shown: str, tmp_path: Path) -> None:
    found = given("姓名,管径\n" + '张三,"5寸\n' * count + "李四,6寸", tmp_path, Limits())
    assert found.rows == [*((number, "张三", '"5寸') for number in range(2, count + 2)), (count + 2, "李四", "6寸")]
    assert found.sheet.notes == [
        Words(
            zh=f"{count} 行的引号不成对,照原样读取(第 {shown} 行)",
            en=f"{count} line(s) with quotes that do not pair, read as written (line {shown})",
        ),
        STOPS_SHORT,
    ]
