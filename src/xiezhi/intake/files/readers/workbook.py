"""Spreadsheets, .xlsx and .xls: every sheet that holds anything, hidden ones too, cells as a person sees them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.guide_sheet import is_guide
from xiezhi.intake.sheets.heading import find_heading
from xiezhi.intake.sheets.sheet import BrokenRow, HeaderScore, Heading, Limits, Part, RefusedSheet, Sheet
from xiezhi.intake.workbooks.check import check_workbook
from xiezhi.intake.workbooks.day_numbers import AS_DATE, EPOCH_1904, counts_from_1904, day_number, is_moment
from xiezhi.intake.workbooks.marks import Marks, marks_of
from xiezhi.intake.workbooks.merged_cells import MERGED_AMOUNT, UNDER_MERGED, Covered, repeats_in
from xiezhi.intake.workbooks.number_formats import number_text
from xiezhi.intake.workbooks.old_workbook import UNSEEN, look_at
from xiezhi.intake.workbooks.repair import needs_repair, plain_copy
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

READS = frozenset({"xlsx", "xls"})

_LOOK_AT = 60
HIDDEN = Words(
    zh="这张工作表是隐藏的,照常读取;若不是要报送的数据,请删去后重新报送",
    en="this sheet is hidden; it was read all the same. Delete it and deliver again if it is no part of the delivery",
)


def open_sheets(
    part: Part, kind: str, limits: Limits, scratch: Path, score: HeaderScore | None
) -> Iterator[Sheet | RefusedDelivery]:
    """Every sheet with content. A sheet without a header is refused alone; anything else refuses the workbook."""
    if kind == "xlsx":
        check_workbook(part, limits)
    elif part.path.stat().st_size > limits.max_workbook_bytes:
        raise refuse("workbook_size", part.file, member=part.member, what=f"{part.path.stat().st_size} bytes")
    copy: Path | None = None
    try:
        marks = marks_of(part.path) if kind == "xlsx" else look_at(part.path)
        if kind == "xlsx" and needs_repair(part.path):
            copy = plain_copy(part, scratch)
        with _opened(copy or part.path, kind) as book:
            for meta in book.sheets_metadata:
                if meta.typ == SheetTypeEnum.WorkSheet:
                    hidden = () if meta.visible == SheetVisibleEnum.Visible else (HIDDEN,)
                    unseen = (UNSEEN,) if marks is None else ()
                    told = replace(part, notes=(*part.notes, *hidden, *unseen))
                    cells = book.get_sheet_by_name(meta.name)
                    yield from _open_sheet(told, kind, cells, (marks or {}).get(meta.name, Marks()), limits, scratch, score)
    except PasswordError as error:
        raise refuse("encrypted", part.file, member=part.member) from error
    except (CalamineError, OSError, ValueError) as error:
        raise refuse("workbook_damaged", part.file, member=part.member, what=error) from error
    finally:
        if copy:
            copy.unlink(missing_ok=True)


def _opened(path: Path, kind: str) -> CalamineWorkbook:
    """The workbook. The library goes by the name, so one that says otherwise than the content is kept from it."""
    said = path.suffix.lower()
    if said and said not in ((".xls",) if kind == "xls" else (".xlsx", ".xlsm")):
        return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    return CalamineWorkbook.from_path(path)


def _open_sheet(
    part: Part, kind: str, cells: CalamineSheet, marks: Marks, limits: Limits, scratch: Path, score: HeaderScore | None
) -> Iterator[Sheet | RefusedDelivery]:
    if marks.repeated:
        refused = refuse("row_twice", part.file, member=cells.name, row=marks.repeated, number=marks.repeated)
        yield RefusedSheet(refused, part, cells.name)
        return
    if cells.end is None:
        return
    first = [[_text(cell) for cell in row] for row in islice(_rows_of(cells, marks), _LOOK_AT)]
    if not any(any(row) for row in first) and cells.height <= _LOOK_AT:
        return
    if cells.end[0] == 0 and (score(first[0]) if score else sum(map(bool, first[0]))) < 2:
        return  # a word in the corner of an empty sheet is no table, nor is a row of choices for another sheet's cells
    if is_guide(cells.name, first[0]):
        return
    try:
        heading, taken = find_heading(first, part, cells.name, limits.max_columns, score)
    except RefusedDelivery as refused:
        yield RefusedSheet(refused, part, cells.name)
        return
    sheet = WorkbookSheet(part, kind, heading, taken, cells, marks, limits, scratch)
    note = marks.note(cells.end[1] + 1)
    if note:
        sheet.notes.append(note)
    yield sheet


def _rows_of(cells: CalamineSheet, marks: Marks) -> Iterator[list[Any]]:
    return marks.rows(cells.iter_rows(), cells.start[1] if cells.start else 0) if marks.shown else cells.iter_rows()


class WorkbookSheet(Sheet):
    """One sheet. `_row` is the sheet's own row number."""

    def __init__(
        self,
        part: Part,
        kind: str,
        heading: Heading,
        taken: int,
        cells: CalamineSheet,
        marks: Marks,
        limits: Limits,
        scratch: Path,
    ) -> None:
        super().__init__(part, heading, limits, scratch, sheet=cells.name)
        self.format = kind
        self._from_1904 = counts_from_1904(part, kind)
        self._cells, self._marks, self._taken = cells, marks, taken
        assert cells.start, "a sheet without cells was left out"
        assert cells.end
        rows = cells.end[0] + 1  # the library's own total_height is one less
        self.height = rows - taken
        self._covered = Covered(cells.merged_cell_ranges or (), rows, cells.start[1])
        self._reaching_down: dict[tuple[int, int], Any] = {}

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        rows = _rows_of(self._cells, self._marks)
        for number, row in enumerate(islice(rows, self._taken)):
            if self._covered.hides(number, [_text(cell) for cell in row]):
                self.notes.append(_covered_above(number + 1))
        number, sharing = self._taken, self._rows_that_share()
        named = len(self.header)
        names = [*(f"c{place}" for place in range(named)), "_row"]
        while chunk := list(islice(rows, min(batch_rows, 50_000))):
            numbers = range(number + 1, number + 1 + len(chunk))
            number += len(chunk)
            given = [(at, self._repeated(at, row)) for at, row in zip(numbers, chunk, strict=True)]
            kept = [(at, row) for at, row in given if not (self._merges(at, row, sharing) or self._spills(at, row, named))]
            columns = [self._texts(at, column) for at, column in enumerate(zip(*(row[:named] for _, row in kept), strict=True))]
            if columns:
                arrays = [pa.array(column, pa.string()) for column in columns]
                yield pa.RecordBatch.from_arrays([*arrays, pa.array([at for at, _ in kept], pa.int64())], names=names)

    def _texts(self, place: int, column: tuple[Any, ...]) -> list[str]:
        """A column's cells as text; numbers among days and months as what they stand for, dates among codes marked as such."""
        if place in self.codes:
            return [_text(cell) + AS_DATE if is_moment(cell) else _text(cell) for cell in column]
        if place not in self.days | self.months:
            return [_text(cell) for cell in column]
        late = EPOCH_1904 if self._from_1904 else 0
        return [day_number(cell, late, month=place in self.months) or _text(cell) for cell in column]

    def _repeated(self, at: int, row: list[Any]) -> list[Any]:
        """The row with what a merged cell that reaches down to it shows.

        Not in columns of amounts and other numbers: over three rows one is their sum or what each has, nobody knows.
        """
        if at - 1 not in self._covered:
            return row
        found, texts = list(row), [_text(cell).strip() for cell in row]
        own = repeats_in(texts)
        for top, column in self._covered.reaching(at - 1):
            if top == at - 1 and column < len(row):
                self._reaching_down[top, column] = row[column]
            elif own and column < len(row) and not texts[column] and column not in self.amounts | self.figures:
                found[column] = self._reaching_down.get((top, column), row[column])
        return found

    def _spills(self, at: int, row: list[Any], named: int) -> bool:
        """Whether cells stand right of the last named column; such a row does not fit."""
        if len(row) <= named or not any(_text(cell).strip() for cell in row[named:]):
            return False
        cells = tuple(_text(cell) for cell in row)
        self.broken.append(BrokenRow(at, "\t".join(cells), "column_count", cells))
        return True

    def _merges(self, at: int, row: list[Any], sharing: AbstractSet[int]) -> bool:
        """Whether a merged cell covers another value of the row than it shows, or is one amount or number of several rows."""
        if at - 1 not in self._covered:
            return False
        cells = tuple(_text(cell) for cell in row)
        hides = self._covered.hides(at - 1, cells)
        if hides or at - 1 in sharing:
            self.broken.append(BrokenRow(at, "\t".join(cells), UNDER_MERGED if hides else MERGED_AMOUNT, cells))
            return True
        return False

    def _rows_that_share(self) -> frozenset[int]:
        """Rows (from 0) that are one amount's with others, so that nobody knows their own; found before any row is given."""
        figures = self.amounts | self.figures
        if not (figures and self._covered.rows_together):
            return frozenset()
        every = enumerate(_rows_of(self._cells, self._marks))
        texts = {at: [_text(cell) for cell in row] for at, row in every if at >= self._taken and at in self._covered}
        return frozenset(at for at in texts if self._covered.shares(at, figures, texts))


def _covered_above(row: int) -> Words:
    return Words(
        zh=f"标题或表头第 {row} 行的合并单元格下面还有另一个值,表上看不见,请核对各列的列名",
        en=f"under a merged cell of row {row}, a title or header, lies another value that nobody sees: check the columns' names",
    )


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without .0, dates as ISO, numbers of more than 15 digits in E notation."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat("seconds") if isinstance(cell, time) else ""
