"""Stray quotes in separated text. A quote that opens a cell and is not closed there swallows the rows after it, and gives one
person another's payment; so no quote is believed that does not prove itself.

A cell is quoted where it begins with a quote and ends with one before a delimiter or the end of the line, quotes within doubled
(or written \\"). It may go on over line breaks only if the record then has as many cells as others have, and the lines that it
takes in could not be records themselves. Every other quote is a character like any other: the line is read as it is written.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow

from xiezhi.intake.files.encoding import Utf8File

MOST_LINES = 200
"""A cell of more lines is none."""

ONE_COLUMN = 20
"""So many times as many lines of one cell as of several make a table of one column."""

_SAMPLE = 2_000
_BLOCK = 16 << 20
_UNLIKELY = "\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10\x11"


@contextmanager
def without_stray_quotes(text: Utf8File, delimiter: str, scratch: Path) -> Iterator[tuple[Utf8File, list[int]]]:
    """The text, or a copy in which every quoted cell is a true one; and the lines (from 1) whose quotes were taken as written."""
    lines = _Lines(delimiter)
    if not _suspect(text, lines):
        yield text, []
        return
    copy = scratch / f"{text.path.name[:60]}.{id(text):x}.quotes"
    try:
        with copy.open("w", encoding="utf-8", errors="surrogatepass", newline="") as out:
            mended = _copy(text, lines, out)
        yield replace(text, path=copy, start=0, size=copy.stat().st_size), mended
    finally:
        copy.unlink(missing_ok=True)


class _Lines:
    """What a line is, by one delimiter."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        d = re.escape(delimiter)
        cell = f'(?:"(?:[^"]|"")*"|[^"{d}\\r\\n][^{d}\\r\\n]*|)'
        self.sound = f"^{cell}(?:{d}{cell})*[\\r\\n]*$"
        """Every quoted cell is closed and doubled; as RE2 reads it."""
        # The same for Python, which would keep a way back for each letter, 150 bytes of it, of a line as long as somebody likes.
        # There is nothing to go back to: what begins with a quote is a quoted cell or none.
        within = '[^"]*+(?:""[^"]*+)*+'
        cell = f'(?:"{within}"|[^"{d}\\r\\n][^{d}\\r\\n]*+|)'
        self._sound = re.compile(f"^{cell}(?:{d}{cell})*+[\\r\\n]*$")
        self._quoted = re.compile(f'"({within})"(?={d}|$)')
        self._all_quoted = re.compile(f'"{within}"(?:{d}"{within}")*+[\\r\\n]*$')

    def is_sound(self, line: str) -> bool:
        return bool(self._sound.match(line))

    def cells(self, line: str) -> list[str]:
        """The cells of a line, stray quotes being characters like others."""
        text, at, found = line.rstrip("\r\n"), 0, list[str]()
        while True:
            quoted = self._quoted.match(text, at)
            if quoted:
                found.append(quoted.group(1).replace('""', '"'))
                end = quoted.end()
            else:
                end = text.find(self.delimiter, at)
                end = len(text) if end < 0 else end
                found.append(text[at:end])
            if end >= len(text):
                return found
            at = end + len(self.delimiter)

    def all_quoted(self, line: str) -> bool:
        """Whether every cell is a quoted one."""
        return bool(self._all_quoted.match(line))

    def open_ended(self, line: str) -> bool:
        """Whether a cell begins with a quote that does not close it: only then can it go on in the next line."""
        return any(cell.startswith('"') for cell in self.cells(line))


@dataclass(frozen=True)
class _Usual:
    """What most lines are like: how many cells they have, and whether all of them are quoted."""

    lines: _Lines
    width: int
    quoted: bool

    def record(self, line: str) -> bool:
        """Whether a line could be a record by itself."""
        return len(self.lines.cells(line)) >= max(self.width, 2) and (not self.quoted or self.lines.all_quoted(line))


def _suspect(text: Utf8File, lines: _Lines) -> bool:
    """Whether any line has a quote that does not prove itself within the line."""
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        head = handle.read(_BLOCK)
    if b'"' not in head and not _has_quote(text):
        return False
    unlikely = next((char for char in _UNLIKELY if char.encode() not in head), None)
    if unlikely is None or text.start >= text.size:
        return text.start < text.size
    with pa.OSFile(str(text.path)) as source:
        source.seek(text.start)
        try:
            for batch in arrow.open_csv(
                source,
                arrow.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=["line"]),
                arrow.ParseOptions(delimiter=unlikely, quote_char=False, ignore_empty_lines=False),
                arrow.ConvertOptions(check_utf8=False, column_types={"line": pa.string()}, strings_can_be_null=False),
            ):
                quoted = batch.column(0).filter(pc.match_substring(batch.column(0), '"'))
                if len(quoted) and not pc.all(pc.match_substring_regex(quoted, lines.sound)).as_py():
                    return True
        except pa.ArrowInvalid:  # that character does occur, or a line is longer than a block: look line by line
            return True
    return False


def _has_quote(text: Utf8File) -> bool:
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        while block := handle.read(_BLOCK):
            if b'"' in block:
                return True
    return False


def _copy(text: Utf8File, lines: _Lines, out: IO[str]) -> list[int]:
    """Write the text with every stray quote made harmless; returns the lines on which there were any."""
    mended: list[int] = []
    writer = csv.writer(out, delimiter=lines.delimiter, lineterminator="\n")
    source = _Ahead(text)
    usual = _usual(text, lines)
    while (line := source.next()) is not None:
        if lines.is_sound(line):
            out.write(line)
            continue
        record = _over_lines(line, source, usual) or _with_backslashes(line, lines, usual.width)
        if record is not None:
            out.write(record)
            continue
        writer.writerow(lines.cells(line))
        mended.append(source.number)
    return mended


class _Ahead:
    """The lines of a text, some of which may be looked at before they are taken."""

    def __init__(self, text: Utf8File) -> None:
        self._lines = _lines_of(text)
        self._waiting: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        self.number += 1
        return self._waiting.pop(0) if self._waiting else next(self._lines, None)

    def peek(self, place: int) -> str | None:
        while len(self._waiting) <= place:
            line = next(self._lines, None)
            if line is None:
                return None
            self._waiting.append(line)
        return self._waiting[place]

    def take(self, count: int) -> None:
        self.number += count
        del self._waiting[:count]


def _lines_of(text: Utf8File) -> Iterator[str]:
    with text.path.open("rb") as raw:
        raw.seek(text.start)
        with open(raw.fileno(), encoding="utf-8", errors="surrogatepass", newline="", closefd=False) as handle:
            yield from handle


def _usual(text: Utf8File, lines: _Lines) -> _Usual:
    """As the first lines have it. The end of a cell over two lines looks like a line of its own, but its quotes are odd."""
    widths, quoted = Counter[int](), Counter[int]()
    for number, line in enumerate(_lines_of(text)):
        if number >= _SAMPLE:
            break
        if line.strip() and line.count('"') % 2 == 0 and lines.is_sound(line):
            cells = len(lines.cells(line))
            widths[cells] += 1
            if cells > 1 and lines.all_quoted(line):
                quoted[cells] += 1
    # where half the lines are quoted throughout, one without quotes may be the middle of a cell
    among = quoted if 2 * quoted.total() >= widths.total() else widths
    width = _width(among)
    return _Usual(lines, width, 0 < widths[width] == quoted[width])


def _width(lines: Counter[int]) -> int:
    """Of how many cells the records are; `lines`: how many lines there are of each number of cells. 0 where there are none.

    The middle of a long cell is many narrow lines, and one wide line no table: few wide ones that are alike say more. But of a
    table of one column some texts have delimiters.
    """
    if lines[1] > ONE_COLUMN * (lines.total() - lines[1]):
        return 1
    alike = [width for width, count in lines.items() if count > 1 and width > 1] or list(lines)
    return max(alike, key=lambda width: (lines[width] * (width - 1) ** 2, width), default=0)


def _over_lines(line: str, source: _Ahead, usual: _Usual) -> str | None:
    """The record that begins on this line, where a quoted cell truly goes on over line breaks."""
    if not usual.lines.open_ended(line):
        return None
    record = line
    for place in range(MOST_LINES - 1):
        following = source.peek(place)
        if following is None:
            return None
        record += following
        if usual.lines.is_sound(record):
            if len(usual.lines.cells(record)) != usual.width or (usual.record(line) and usual.record(following)):
                return None
            source.take(place + 1)
            return record
        if usual.record(following):  # a whole record within a cell
            return None
    return None


def _with_backslashes(line: str, lines: _Lines, width: int) -> str | None:
    """The line, where it was written by a program that says \\" for a quote within a cell."""
    if '\\"' not in line:
        return None
    doubled = line.replace('\\"', '""')
    return doubled if lines.is_sound(doubled) and len(lines.cells(doubled)) == width else None
