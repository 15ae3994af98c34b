"""What every reader's sheet does: rows sifted, broken rows and footers kept in order, reading stopped where enough was read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from xiezhi.intake.sheets.footers import Footer, FooterKind
from xiezhi.intake.sheets.sheet import BrokenRow, BrokenRows, Heading, Limits, Part, RefusedSheet, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery

Row = tuple[int, str, str]


class Register(Sheet):
    """Batches of rows (number, 流水号, 姓名) as a reader gives them."""

    format = "csv"

    def __init__(self, scratch: Path, *batches: Sequence[Row], limits: Limits | None = None) -> None:
        part = Part(Path("发放表.csv"), None, scratch / "a")
        super().__init__(part, Heading(["流水号", "姓名"], 1), limits or Limits(), scratch)
        self.given = batches
        self.read = 0

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        for rows in self.given:
            self.read += 1
            numbers, first, second = zip(*rows, strict=True)
            yield pa.RecordBatch.from_pydict({"c0": first, "c1": second, "_row": pa.array(numbers, pa.int64())})


def numbers(batches: Iterator[pa.RecordBatch]) -> list[list[int]]:
    return [batch.column("_row").to_pylist() for batch in batches]


def test_rows_come_in_batches_without_what_is_no_data(tmp_path: Path) -> None:
    register = Register(
        tmp_path,
        [(2, "P1", "王小明"), (3, "", " "), (4, "P2", "李四"), (5, "合计", "2 人"), (6, "P3\0", "赵"), (7, "P4", "钱")],
        [(8, "合计", "3 人"), (9, "P5", "孙"), (10, "", "")],
    )
    assert numbers(register.batches(2)) == [[2, 4], [7], [9]]
    assert register.blank_rows == 2
    assert [footer.row for footer in register.footers] == [5, 8]
    assert list(register.broken) == [BrokenRow(6, "P3\0\t赵", "nul_byte", ("P3\0", "赵"))]


def test_a_broken_row_stands_as_its_file_separates_cells(tmp_path: Path) -> None:
    register = Register(tmp_path, [(2, "P1", "x" * 9)], limits=Limits(max_cell_bytes=8))
    register.delimiter = ";"
    assert numbers(register.batches()) == []
    assert list(register.broken) == [BrokenRow(2, "P1;xxxxxxxx", "text_too_long", ("P1", "x" * 8))]


@pytest.mark.parametrize(("most", "read"), [(None, 3), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (99, 3)])
def test_reading_stops_behind_the_batch_that_reaches_so_many_rows(most: int | None, read: int, tmp_path: Path) -> None:
    pairs = [[(2 * at, f"P{at}", "王小明"), (2 * at + 1, f"Q{at}", "王小明")] for at in (1, 2, 3)]
    register = Register(tmp_path, *pairs)
    register.most_rows = most
    assert numbers(register.batches()) == [[2, 3], [4, 5], [6, 7]][:read]
    assert register.read == read


def test_footers_stand_in_the_order_of_their_rows(tmp_path: Path) -> None:
    """A reader may have found some by itself before."""
    register = Register(tmp_path, [(2, "P1", "王小明"), (3, "合计", "1 人")])
    register.leave_out(Footer(9, FooterKind.SIGNATURE, ("审核人:", "")))
    assert numbers(register.batches()) == [[2]]
    assert [(footer.row, footer.kind) for footer in register.footers] == [(3, FooterKind.TOTAL), (9, FooterKind.SIGNATURE)]


def test_beyond_ten_thousand_footers_are_rows_that_are_totals(tmp_path: Path) -> None:
    """Rows of whoever wanted to hide them must not be left out without a word."""
    register = Register(tmp_path)
    for row in range(1, 10_003):
        register.leave_out(Footer(row, FooterKind.TOTAL, ("合计", f"{row} 人")))
    assert [footer.row for footer in register.footers] == list(range(1, 10_001))
    assert list(register.broken) == [
        BrokenRow(row, f"合计\t{row} 人", "total_row", ("合计", f"{row} 人")) for row in (10_001, 10_002)
    ]


def broken(row: int, text: str = "合计,\ud800") -> BrokenRow:
    return BrokenRow(row, text, "total_row", tuple(text.split(",")))


@pytest.mark.parametrize("keep", [0, 1, 3, 4, 9])
def test_broken_rows_are_the_same_in_memory_and_out_of_it(keep: int, tmp_path: Path) -> None:
    """Half a surrogate pair comes back, too. They may be read while others are found."""
    held = BrokenRows(tmp_path, keep)
    for row in (7, 3, 5, 4):
        held.append(broken(row))
    assert [*held] == [broken(row) for row in (7, 3, 5, 4)]
    held.append(broken(1))
    assert [*held] == [*held] == [broken(row) for row in (7, 3, 5, 4, 1)]
    assert len(held) == 5
    assert not list(tmp_path.iterdir())


class Scratch:
    """How many scratch files were asked for."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.files = 0
        real = tempfile.TemporaryFile

        def opened(*given: Any, **named: Any) -> Any:
            self.files += 1
            return real(*given, **named)

        patch.setattr(tempfile, "TemporaryFile", opened)


@pytest.mark.parametrize(("rows", "files"), [(3, 0), (4, 1), (6, 1)])
def test_broken_rows_leave_memory_from_the_first_that_is_one_too_many(
    rows: int, files: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, held = Scratch(monkeypatch), BrokenRows(tmp_path, 3)
    for row in range(rows):
        held.append(broken(row))
    assert (scratch.files, [one.row for one in held]) == (files, list(range(rows)))


@pytest.mark.parametrize(("megabytes", "files"), [(31, 0), (32, 1), (33, 1)])
def test_broken_rows_leave_memory_where_they_are_long(
    megabytes: int, files: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row is held twice, as text and as cells: 64 MB hold 32 MB of text."""
    scratch, held, long = Scratch(monkeypatch), BrokenRows(tmp_path, 1000), "x" * (1 << 20)
    for row in range(megabytes):
        held.append(BrokenRow(row, long, "text_too_long"))
    held.append(BrokenRow(99, "", "nul_byte"))
    assert (scratch.files, [one.row for one in held]) == (files, [*range(megabytes), 99])


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (["地址.省", "明细[]"], "地址.省, 明细[]"),
        ([f"项{at}" for at in range(10)], ", ".join(f"项{at}" for at in range(10))),
        ([f"项{at}" for at in range(11)], ", ".join(f"项{at}" for at in range(10)) + " …"),
        (["户.990101195101010004.金额"], "户.99…4.金额"),
        (["a[].2021.b"], "a[].2021.b"),
    ],
)
def test_the_first_ten_nested_paths_are_told_and_no_number_of_anybody(paths: list[str], told: str, tmp_path: Path) -> None:
    register = Register(tmp_path)
    register.nested = dict.fromkeys(paths)
    assert register.nested_told == told


def test_a_part_is_called_as_it_is_in_its_archive(tmp_path: Path) -> None:
    assert Part(Path("/x/上报.zip"), "民政/1月.csv", tmp_path).name == "民政/1月.csv"
    assert Part(Path("/x/1月.csv"), None, tmp_path).name == "1月.csv"


def test_a_refused_sheet_says_all_that_its_refusal_says_and_where_it_stands(tmp_path: Path) -> None:
    place = Place("上报.zip", "补贴", 3)
    refusal = RefusedDelivery("no_header", place=place, zh="没有表头", en="no header", todo_zh="写上列名", todo_en="name them")
    made = RefusedSheet(refusal, Part(Path("上报.zip"), "1月.xlsx", tmp_path), "补贴")
    assert (made.code, made.place, made.zh, made.en, made.todo_zh, made.todo_en) == (
        "no_header", place, "没有表头", "no header", "写上列名", "name them"
    )  # fmt: skip
    assert (made.file, made.member, made.sheet) == (Path("上报.zip"), "1月.xlsx", "补贴")


def test_what_a_delivery_may_cost_where_nobody_says_otherwise() -> None:
    """What docs and senders are told. A change here is a decision, and not a slip."""
    mb, gb = 1024**2, 1024**3
    assert Limits() == Limits(
        max_member_bytes=64 * gb,
        max_total_bytes=256 * gb,
        max_ratio=200,
        ratio_free_bytes=16 * mb,
        max_entries=2_000,
        max_cell_bytes=mb,
        max_record_bytes=2 * mb,
        max_columns=2_000,
        max_workbook_bytes=gb,
        max_workbook_cells=20_000_000,
        max_item_bytes=32 * mb,
        max_reader_bytes=4 * gb,
        max_reader_seconds=900,
        broken_in_memory=100_000,
    )
