"""The shapes a delivery comes in: separated text, JSON lines, workbooks; plain or in .gz and .zip. Same rows, same bytes.

Archives and workbooks carry fixed times. Compressed bytes are equal wherever zlib is the same.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from xiezhi.city.cells import Cells

_LONG_AGO = datetime(2026, 1, 10, tzinfo=UTC).replace(tzinfo=None)
_ZIP_TIME = (2026, 1, 10, 0, 0, 0)


@dataclass
class Edits:
    """What deviates from the columns, by place of the row in its block: rows replaced whole, and rows that follow one."""

    replaced: dict[int, Sequence[str]] = field(default_factory=dict)
    after: dict[int, list[Sequence[str]]] = field(default_factory=dict)


class Format(Protocol):
    """Writes rows of cells to an open file."""

    def cell(self, value: str) -> bytes:
        """A damaged value as it must be spelled in this format."""

    def line(self, values: Sequence[str]) -> None:
        """One row of plain values: a title, the header, a total."""

    def rows(self, columns: Sequence[Cells], edits: Edits) -> None:
        """A block of rows."""

    def close(self) -> None: ...


class Separated:
    """CSV and its kin. Only damaged cells and lines by hand are ever quoted: no other cell holds a separator or a quote."""

    def __init__(self, out: Bytes, encoding: str, separator: str, bom: bool = False) -> None:
        self._out, self._encoding, self._separator = out, encoding, separator
        if bom:
            out.write(b"\xef\xbb\xbf")

    def cell(self, value: str) -> bytes:
        if any(char in value for char in (self._separator, '"', "\n")):
            value = '"' + value.replace('"', '""') + '"'
        return value.encode(self._encoding)

    def line(self, values: Sequence[str]) -> None:
        self._out.write(self._bytes(values))

    def rows(self, columns: Sequence[Cells], edits: Edits) -> None:
        lines = pc.binary_join_element_wise(*columns, self._separator.encode())
        _write_lines(self._out, pc.binary_join_element_wise(lines, b"\r\n", b""), edits, self._bytes)

    def close(self) -> None:
        self._out.close()

    def _bytes(self, values: Sequence[str]) -> bytes:
        return self._separator.encode().join(self.cell(value) for value in values) + b"\r\n"


class JsonLines:
    """One object a line, every value a string, every key on every line."""

    def __init__(self, out: Bytes, heads: Sequence[str]) -> None:
        self._out = out
        self._before = [("{" if place == 0 else '", ').encode() + f'"{head}": "'.encode() for place, head in enumerate(heads)]

    def cell(self, value: str) -> bytes:
        return json.dumps(value, ensure_ascii=False)[1:-1].encode()

    def line(self, values: Sequence[str]) -> None:
        self._out.write(self._bytes(values))

    def rows(self, columns: Sequence[Cells], edits: Edits) -> None:
        pieces: list[Any] = []
        for before, cells in zip(self._before, columns, strict=True):
            pieces += [pa.scalar(before), cells]
        _write_lines(self._out, pc.binary_join_element_wise(*pieces, b'"}\n', b""), edits, self._bytes)

    def close(self) -> None:
        self._out.close()

    def _bytes(self, values: Sequence[str]) -> bytes:
        if not values:
            return b"\n"
        parts = zip(self._before, values, strict=True)
        return b"".join(before + self.cell(value) for before, value in parts) + b'"}\n'


class Workbook:
    """An .xlsx with one sheet. Everything is text, as offices that fear for leading zeros keep it, but for amounts."""

    def __init__(self, path: Path, sheet: str, numbers: Sequence[bool]) -> None:
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"title": sheet, "created": _LONG_AGO})
        self._sheet = self._book.add_worksheet(sheet)
        self._numbers, self._row = numbers, 0

    def cell(self, value: str) -> bytes:
        return value.encode()

    def line(self, values: Sequence[str]) -> None:
        self._put(values)

    def rows(self, columns: Sequence[Cells], edits: Edits) -> None:
        lists = [[cell.decode() for cell in cells.to_pylist()] for cells in columns]
        for place, values in enumerate(zip(*lists, strict=True)):
            self._put(edits.replaced.get(place, values))
            for extra in edits.after.get(place, ()):
                self._put(extra)

    def close(self) -> None:
        self._book.close()

    def _put(self, values: Sequence[str]) -> None:
        for column, value in enumerate(values):
            if value and column < len(self._numbers) and self._numbers[column] and _is_amount(value):
                self._sheet.write_number(self._row, column, float(value))
            elif value:
                self._sheet.write_string(self._row, column, value)
        self._row += 1


class Bytes(Protocol):
    """Somewhere to put bytes."""

    def write(self, data: Any, /) -> int: ...

    def close(self) -> None: ...


def open_bytes(path: Path, member: str = "") -> Bytes:
    """A file to write bytes to: compressed if `path` ends in .gz, the one `member` of an archive if it ends in .zip."""
    if path.suffix == ".gz":
        return _Gzip(path)
    if path.suffix == ".zip":
        return _Member(path, member)
    return path.open("wb", buffering=1 << 20)


class _Gzip(gzip.GzipFile):
    """Without name and time in its header; closes the file beneath."""

    def __init__(self, path: Path) -> None:
        self._beneath = path.open("wb")
        super().__init__(filename="", mode="wb", compresslevel=1, fileobj=self._beneath, mtime=0)

    def close(self) -> None:
        super().close()
        self._beneath.close()


class _Member(io.RawIOBase):
    """The only member of a zip archive, written as it comes."""

    def __init__(self, path: Path, name: str) -> None:
        self._zip = zipfile.ZipFile(path, "w")
        info = zipfile.ZipInfo(name, _ZIP_TIME)
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
        info._compresslevel = 1  # type: ignore[attr-defined]  # the public parameter exists only for whole members
        self._member = self._zip.open(info, "w", force_zip64=True)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._member.write(data)

    def close(self) -> None:
        if not self.closed:
            self._member.close()
            self._zip.close()
        super().close()


def _is_amount(value: str) -> bool:
    return value.lstrip("-").replace(".", "", 1).isdigit()


def _write_lines(out: Bytes, lines: Any, edits: Edits, spell: Any) -> None:
    """Write an array of finished lines, cut where an edit replaces a line or adds one after it."""
    touched: Mapping[int, None] = dict.fromkeys(sorted({*edits.replaced, *edits.after}))
    begin = 0
    for place in touched:
        end = place if place in edits.replaced else place + 1
        _write_range(out, lines, begin, end)
        if place in edits.replaced:
            out.write(spell(edits.replaced[place]))
        for extra in edits.after.get(place, ()):
            out.write(spell(extra))
        begin = place + 1
    _write_range(out, lines, begin, len(lines))


def _write_range(out: Bytes, lines: Any, begin: int, end: int) -> None:
    if begin >= end:
        return
    _, offsets, data = lines.buffers()
    starts = memoryview(offsets).cast("i")
    base = lines.offset
    out.write(memoryview(data)[starts[base + begin] : starts[base + end]])
