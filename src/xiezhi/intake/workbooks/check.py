"""Looks through an .xlsx before a library unpacks it: sizes, ratio, document types, and how large its sheets would grow.

A spreadsheet library holds a sheet as rows x columns, every text repeated: two cells in opposite corners, or one long text
that a million cells refer to, cost far more than the file. Formulas, macros and external links are never followed anyway.
"""

from __future__ import annotations

import codecs
import functools
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import Limits, Part

_BLOCK = 1 << 20
_MAX_PARTS = 10_000
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3})(\d+)[\"'][^>]*(?<!/)>")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"')
_UNUSUAL = (b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r", b":c", b"'s'")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_LOOSE_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\sr\s*=)")
_LOOSE_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])(?![^>]*\sr\s*=)")
_PLACED_ROW = re.compile(rb"[^>]*\sr\s*=")
"""Rows and cells may leave out where they stand, empty ones too; then each follows the one before it."""
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_SHARED_INDEX = re.compile(rb"\st\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)")
_END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>")
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How XML begins in UTF-16 and UTF-32."""

_TEXT_BUDGET = 1 << 30
"""Bytes that the texts of one sheet may take when each cell has its own copy."""


@dataclass
class _Extent:
    """How far the cells of one part reach, and how many of them refer to a shared text."""

    shared: int = 0
    _last_row: int = 0
    _last_column: int = 0
    _loose_rows: int = 0
    _loose_cells: int = 0
    _in_row: int = 0

    @property
    def rows(self) -> int:
        """What follows without a place may follow the last of all; so at most."""
        return self._last_row + self._loose_rows

    @property
    def columns(self) -> int:
        return self._last_column + self._loose_cells

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def take(self, block: bytes) -> None:
        """At first too much rather than too little: empty formatted cells count too."""
        found = _PLAIN_CELL.findall(block)
        placed = len(found) == block.count(b"<c ") and block.count(b"<row") == block.count(b'<row r="')
        if not placed or any(word in block for word in _UNUSUAL):
            self.take_exactly(block)
            return
        self._reach(found)
        self.shared += block.count(b'"s"')

    def take_exactly(self, block: bytes) -> None:
        """However the tags are written; empty formatted cells, which whole columns may have, do not count."""
        self._reach(_CELL.findall(block))
        self.shared += len(_SHARED.findall(block))
        if _LOOSE_CELL.search(block) or _LOOSE_ROW.search(block):
            self._count_loose(block)

    def _reach(self, found: list[tuple[bytes, bytes]]) -> None:
        if found:
            letters, digits = zip(*found, strict=True)
            self._last_column = max(self._last_column, *map(_column, set(letters)))
            self._last_row = max(self._last_row, *map(int, set(digits)))

    def _count_loose(self, block: bytes) -> None:
        """A row without a number of its own stands where its cells say, if any of them does."""
        for at, row in enumerate(_ROW.split(block)):
            self._in_row = len(_LOOSE_CELL.findall(row)) + (self._in_row if at == 0 else 0)
            self._loose_cells = max(self._loose_cells, self._in_row)
            self._loose_rows += at > 0 and not _PLACED_ROW.match(row) and not _CELL.search(row)


@dataclass
class _Texts:
    """How long each shared text is, in bytes with its markup."""

    lengths: array[int] = field(default_factory=lambda: array("Q"))
    _open: int = 0

    def take(self, block: bytes) -> None:
        pieces = _END_OF_TEXT.split(block)
        for piece in pieces[:-1]:
            self.lengths.append(self._open + len(piece))
            self._open = 0
        self._open += len(pieces[-1])


def check_workbook(part: Part, limits: Limits) -> None:
    """Raises RefusedDelivery: `workbook_size`, `archive_ratio`, `xml_dtd`, `encrypted` or `workbook_damaged`."""
    try:
        with zipfile.ZipFile(part.path) as archive:
            _check_listing(part, archive.infolist(), limits)
            _check_contents(part, archive, limits)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError, NotImplementedError) as error:
        raise refuse("workbook_damaged", part.file, member=part.member, what=error) from error


def _check_listing(part: Part, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked, packed = sum(entry.file_size for entry in entries), part.path.stat().st_size
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refuse("encrypted", part.file, member=part.member)
    if len(entries) > _MAX_PARTS or len({entry.filename for entry in entries}) < len(entries):
        raise refuse("workbook_damaged", part.file, member=part.member, what=f"{len(entries)} parts")
    if unpacked > limits.max_workbook_bytes:
        raise refuse("workbook_size", part.file, member=part.member, what=f"{unpacked} bytes")
    if unpacked > limits.ratio_free_bytes and unpacked > limits.max_ratio * packed:
        raise refuse("archive_ratio", part.file, member=part.member, most=limits.max_ratio)


def _check_contents(part: Part, archive: zipfile.ZipFile, limits: Limits) -> None:
    tables, extents = list[_Texts](), dict[str, _Extent]()
    for entry in archive.infolist():
        if not _is_xml(archive, entry.filename):
            continue
        extent, texts = _Extent(), _Texts()
        for block in blocks(archive, entry.filename):
            _check_declarations(part, entry.filename, block)
            extent.take(block)
            texts.take(block)
        if texts.lengths:
            tables.append(texts)
        if extent.cells > limits.max_workbook_cells:
            extent = _exactly(archive, entry.filename)
        if extent.cells > limits.max_workbook_cells:
            raise refuse("workbook_size", part.file, member=part.member, what=f"{extent.rows} x {extent.columns} cells")
        extents[entry.filename] = extent
    for texts in tables:
        _check_texts(part, archive, texts, extents)


def _check_texts(part: Part, archive: zipfile.ZipFile, texts: _Texts, extents: dict[str, _Extent]) -> None:
    longest = max(texts.lengths)
    for name, extent in extents.items():
        if longest * extent.shared > _TEXT_BUDGET and _weight(archive, name, texts.lengths) > _TEXT_BUDGET:
            raise refuse("workbook_size", part.file, member=part.member, what="one long text in very many cells")


def _is_xml(archive: zipfile.ZipFile, name: str) -> bool:
    """By what stands in the part: its name is free, a sheet may be called sheet1.dat. Pictures and printers' settings are not."""
    with archive.open(name) as source:
        begin = source.read(64)
    return begin[:2] in _WIDE or begin.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"<", b"")


def blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in blocks; a tag that a block would cut is carried over to the next."""
    with archive.open(name) as source:
        carried = b""
        while block := source.read(_BLOCK):
            block = carried + block
            cut = block.rfind(b"<")
            carried = block[cut:] if cut > 0 and len(block) - cut < _BLOCK else b""
            yield block[: len(block) - len(carried)]
        yield carried


def _check_declarations(part: Part, name: str, block: bytes) -> None:
    """Honest workbooks are UTF-8 and declare neither document types nor entities."""
    if (b"<!" in block and _DECLARATION.search(block)) or block[:2] in _WIDE:
        raise refuse("xml_dtd", part.file, member=part.member, what=name)


def _exactly(archive: zipfile.ZipFile, name: str) -> _Extent:
    extent = _Extent()
    for block in blocks(archive, name):
        extent.take_exactly(block)
    return extent


def _weight(archive: zipfile.ZipFile, name: str, lengths: array[int]) -> int:
    """What the shared texts of one sheet take when each cell holds its own copy."""
    total = 0
    for block in blocks(archive, name):
        total += sum(lengths[place] for place in map(int, _SHARED_INDEX.findall(block)) if place < len(lengths))
    return total


def _column(letters: bytes) -> int:
    """A=1, Z=26, AA=27."""
    return functools.reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)
