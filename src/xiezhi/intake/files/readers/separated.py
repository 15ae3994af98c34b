"""CSV, TSV and every other separated text: any delimiter, any encoding, any line end."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from xiezhi.intake.files.dialect import FileLayout, cells_of, find_delimiter, find_layout
from xiezhi.intake.files.encoding import Utf8File, as_utf8
from xiezhi.intake.files.quotes import without_stray_quotes
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.footers import Footer, footer_kind, is_total
from xiezhi.intake.sheets.sheet import BrokenRow, HeaderScore, Limits, Part, Sheet
from xiezhi.kernel.words import Words

READS = frozenset({"text"})

_HEAD = 1 << 16
_BLOCK = 1 << 20
_LONG_LINES = 16
"""So many times the longest record: what is shorter the parser refuses by itself, and says more exactly where."""
_ENDS = (b"\n", b"\r", b"\x1a", b"\0")


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, score: HeaderScore | None) -> Iterator[Sheet]:
    """The one table of a separated text file."""
    with _in_lines(part, limits, scratch) as text, without_stray_quotes(text, find_delimiter(text), scratch) as (proven, mended):
        sheet = SeparatedSheet(part, proven, find_layout(proven, part, limits, score), limits, scratch)
        if mended:
            sheet.notes.append(_said(mended))
        if _stops_short(proven):
            sheet.notes.append(STOPS_SHORT)
        yield sheet


@contextmanager
def _in_lines(part: Part, limits: Limits, scratch: Path) -> Iterator[Utf8File]:
    """The text in UTF-8; refused where a line is longer than any record may be, before one line of it is held in memory."""
    with as_utf8(part, scratch) as text:
        row, length = 1, 0
        with text.path.open("rb") as handle:
            handle.seek(text.start)
            while block := handle.read(_BLOCK).replace(b"\r", b"\n"):
                length += len(block.partition(b"\n")[0])
                if length > _LONG_LINES * limits.max_record_bytes:
                    raise refuse("record_too_long", part.file, member=part.member, row=row, most=limits.max_record_bytes)
                if ends := block.count(b"\n"):
                    row, length = row + ends, len(block) - block.rfind(b"\n") - 1
        yield text


STOPS_SHORT = Words(
    zh="最后一行后面没有换行符:文件可能没有传完,请核对末行和行数",
    en="the last line has no line end: the file may have been cut, see whether its last row and the number of rows are right",
)


def _stops_short(text: Utf8File) -> bool:
    """Whether lines end in line ends but the last one does not. Honest exports do so too, so it is only said."""
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        several = b"\n" in handle.read(_HEAD)
        handle.seek(-1, os.SEEK_END)
        return several and handle.read(1) not in _ENDS


def _said(lines: list[int]) -> Words:
    shown = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
    return Words(
        zh=f"{len(lines)} 行的引号不成对,照原样读取(第 {shown} 行)",
        en=f"{len(lines)} line(s) with quotes that do not pair, read as written (line {shown})",
    )


class SeparatedSheet(Sheet):
    """Parsed by Arrow, which hands rows of another width to us; from their numbers the numbers of all others follow."""

    def __init__(self, part: Part, text: Utf8File, layout: FileLayout, limits: Limits, scratch: Path) -> None:
        super().__init__(part, layout.heading, limits, scratch)
        self.format = "tsv" if layout.delimiter == "\t" else "csv"
        self.encoding, self.delimiter = text.encoding, layout.delimiter
        self._text, self._layout = text, layout
        self.octets = text.size - layout.data_start
        self._skipped: list[int] = []
        self._rescued: list[tuple[int, list[str]]] = []
        self._next_row = layout.records_above + 1

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        waiting: list[pa.RecordBatch] = []
        for parsed in self._parsed():
            waiting.append(self._fitting(parsed, self._numbers(parsed)))
            if self._rescued:
                waiting.append(self._take_rescued())
            if sum(batch.num_rows for batch in waiting) >= batch_rows:
                yield _together(waiting)
                waiting = []
        if self._rescued:
            waiting.append(self._take_rescued())
        if waiting:
            yield _together(waiting)

    def _parsed(self) -> Iterator[pa.RecordBatch]:
        if self._layout.data_start >= self._text.size:
            return
        names = [f"c{place}" for place in range(self._layout.width)]
        with pa.OSFile(str(self._text.path)) as source:
            source.seek(self._layout.data_start)
            try:
                yield from csv.open_csv(
                    source,
                    csv.ReadOptions(use_threads=False, block_size=self._limits.max_record_bytes, column_names=names),
                    csv.ParseOptions(
                        delimiter=self._layout.delimiter,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=self._misfit,
                    ),
                    csv.ConvertOptions(
                        check_utf8=False,  # the whole file was proven before
                        column_types=dict.fromkeys(names, pa.string()),
                        strings_can_be_null=False,
                        quoted_strings_can_be_null=False,
                    ),
                )
            except pa.ArrowInvalid as error:
                row, most = self._next_row, self._limits.max_record_bytes
                while row in self._skipped:
                    row += 1
                raise refuse("record_too_long", self.file, member=self.member, row=row, most=most) from error

    def _numbers(self, parsed: pa.RecordBatch) -> pa.Array:
        """`_row` for each parsed row: the numbers in order, less those of the misfits among them."""
        skipped = np.array(self._skipped, dtype=np.int64)
        numbers = np.arange(self._next_row, self._next_row + parsed.num_rows + len(skipped), dtype=np.int64)
        numbers = numbers[np.isin(numbers, skipped, invert=True)][: parsed.num_rows] if len(skipped) else numbers
        if len(numbers):
            self._next_row = int(numbers[-1]) + 1
            self._skipped = skipped[skipped > self._next_row - 1].tolist()
        return pa.array(numbers)

    def _fitting(self, parsed: pa.RecordBatch, numbers: pa.Array) -> pa.RecordBatch:
        """Cells beyond the header must be empty; a row in which they are not does not fit."""
        named = len(self.header)
        batch = pa.RecordBatch.from_arrays([*parsed.columns[:named], numbers], names=_columns(named))
        extras = [pc.not_equal(pc.utf8_trim_whitespace(extra), "") for extra in parsed.columns[named:]]
        filled = functools.reduce(pc.or_, extras) if extras else None
        if filled is None or not pc.any(filled).as_py():
            return batch
        for number, row in zip(numbers.filter(filled).to_pylist(), parsed.filter(filled).to_pylist(), strict=True):
            self._set_aside(number, list(row.values()))
        return batch.filter(pc.invert(filled))

    def _misfit(self, misfit: csv.InvalidRow) -> str:
        """Called by Arrow, in order, for each row of another width: one with only empty cells too many is a row like others."""
        row, named = misfit.number + self._layout.records_above, len(self.header)
        self._skipped.append(row)
        cells = cells_of(misfit.text, self._layout.delimiter)
        if not any(cell.strip() for cell in cells):
            self.blank_rows += 1
        elif len(cells) >= named and not any(cell.strip() for cell in cells[named:]):
            self._rescued.append((row, cells[:named]))
        else:
            self._set_aside(row, cells, misfit.text)
        return "skip"

    def _take_rescued(self) -> pa.RecordBatch:
        taken, self._rescued = self._rescued, []
        named = len(self.header)
        columns = [pa.array([cells[place] for _, cells in taken], pa.string()) for place in range(named)]
        return pa.RecordBatch.from_arrays([*columns, pa.array([row for row, _ in taken], pa.int64())], names=_columns(named))

    def _set_aside(self, row: int, cells: list[str], text: str | None = None) -> None:
        kind = footer_kind(cells, len(self.header))
        if kind:
            self.leave_out(Footer(row, kind, tuple(cells)))
            return
        said = self._layout.delimiter.join(cells) if text is None else text
        self.broken.append(BrokenRow(row, said, "total_row" if is_total(cells) else "column_count", tuple(cells)))


def _columns(count: int) -> list[str]:
    return [*(f"c{place}" for place in range(count)), "_row"]


def _together(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """One batch of several, in the order of rows."""
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches)
    starts = [batch.column("_row")[0].as_py() for batch in batches if batch.num_rows]
    ends = [batch.column("_row")[-1].as_py() for batch in batches if batch.num_rows]
    in_order = all(end < start for end, start in zip(ends, starts[1:], strict=False))
    return (table if in_order else table.sort_by("_row")).combine_chunks().to_batches()[0] if table.num_rows else batches[0]
