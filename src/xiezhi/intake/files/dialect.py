"""The first records of a separated text file: which character separates, where the header stands, where the data begins."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from xiezhi.intake.files.encoding import Utf8File
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.heading import find_heading
from xiezhi.intake.sheets.sheet import HeaderScore, Heading, Limits, Part

_SAMPLE = 1 << 20
_RECORDS = 200
_LIKELY = (",", "\t", ";", "|")
_UNLIKELY = ("^", "~", "\x01", "\x1f", "\x1e", "\x1c", "#", "!", "$", ":", " ")
_THOUSANDS, _BEFORE_THOUSANDS = re.compile(r"^\d{3}([.]\d+)?$"), re.compile(r"^[-+]?[￥¥$]? ?\d{1,3}$")
_BONUS = 1.5
"""How much better an unusual separator must do than a usual one: dates hold `:` and names hold blanks in every row."""


@dataclass(frozen=True)
class FileLayout:
    """How a separated file is laid out. `width` is the cells a data row has on disk, at least the header's."""

    delimiter: str
    heading: Heading
    width: int
    data_start: int
    records_above: int


@dataclass(frozen=True)
class _Record:
    cells: list[str]
    end: int


def find_delimiter(text: Utf8File) -> str:
    """Which character separates the cells, by lines: what a stray quote swallows would count as one cell."""
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        sample = handle.read(_SAMPLE).decode(errors="ignore")
    return _delimiter("".join(line for line in io.StringIO(sample, newline="") if line.count('"') % 2 == 0) or sample)


def find_layout(text: Utf8File, part: Part, limits: Limits, score: HeaderScore | None) -> FileLayout:
    """Read the first megabyte and lay it out. Raises RefusedDelivery `no_header`, `too_many_columns`, `record_too_long`."""
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        head = handle.read(_SAMPLE)
    whole = text.start + len(head) >= text.size
    sample = head.decode(errors="ignore")
    delimiter = _delimiter(sample)
    records = _records(sample, delimiter, whole)
    if not records:
        raise refuse("record_too_long", part.file, member=part.member, row=1, most=len(head))
    rows = [record.cells for record in records]
    heading, taken = find_heading(rows, part, None, limits.max_columns, score)
    below = [record.cells for record in records[taken:]]
    names, width = _widths(heading.names, below)
    if width > limits.max_columns:
        raise refuse("too_many_columns", part.file, member=part.member, columns=width, most=limits.max_columns)
    heading = Heading(names, heading.row, heading.title_rows)
    return FileLayout(delimiter, heading, width, text.start + records[taken - 1].end, taken)


def cells_of(text: str, delimiter: str) -> list[str]:
    """One record's cells, as leniently as can be."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _delimiter(sample: str) -> str:
    best, most = ",", 0.0
    for delimiter in (*_LIKELY, *_UNLIKELY):
        mark = _consistency(sample, delimiter) / (1 if delimiter in _LIKELY else _BONUS)
        if mark > most:
            best, most = delimiter, mark
    return best


def _consistency(sample: str, delimiter: str) -> float:
    """Share of records that have the most common width, times a little for more columns; 0 where nothing is separated."""
    if delimiter not in sample:
        return 0.0
    widths = [len(record.cells) for record in _records(sample, delimiter, True) if any(record.cells)]
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1] * item[0], item[0]))
    return count / len(widths) * (1 + min(width, 50) / 100)


def _records(sample: str, delimiter: str, whole: bool) -> list[_Record]:
    """The first records with the byte at which each ends. Without `whole` a record cut by the end of the sample is dropped."""
    lines = io.StringIO(sample, newline="")
    ends: list[int] = [0]

    def counted() -> Iterator[str]:
        for line in lines:
            ends.append(ends[-1] + len(line.encode()))
            yield line

    csv.field_size_limit(max(csv.field_size_limit(), _SAMPLE))
    reader = csv.reader(counted(), delimiter=delimiter)
    records = []
    for cells in reader:
        records.append(_Record(cells, ends[reader.line_num]))
        if len(records) >= _RECORDS:
            return records
    return records if whole else records[:-1]


def _widths(names: list[str], below: list[list[str]]) -> tuple[list[str], int]:
    """The header, with nameless columns added where every row fills them, and the cells most rows have on disk.

    Not where only most do: their last cells are then more likely one that fell in two, such as 1,800.00 without quotes. Nor where
    they look like that in any row.
    """
    filled = [row for row in below if any(cell.strip() for cell in row)]
    widths = Counter(len(row) for row in filled)
    width = max(max(widths.items(), key=lambda item: item[1])[0] if widths else 0, len(names))
    named = len(names)
    for place in range(len(names), width):
        if filled and all(len(row) > place and row[place].strip() and not _fell_in_two(row, place) for row in filled):
            named = place + 1
    return names + [""] * (named - len(names)), width


def _fell_in_two(row: list[str], place: int) -> bool:
    """Whether a cell and the one before it are thousands without quotes: 1 and 800.00."""
    return bool(_THOUSANDS.match(row[place].strip()) and _BEFORE_THOUSANDS.match(row[place - 1].strip()))
