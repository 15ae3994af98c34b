"""Looks through an .xlsx before a library unpacks it: sizes, ratio, document types, and how large its sheets would grow.

A spreadsheet library holds a sheet as rows x columns, every text repeated: two cells in opposite corners, or one long text
that a million cells refer to, cost far more than the file. Formulas, macros and external links are never followed anyway.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheet import Limits, Part

_BLOCK = 1 << 20
_OVERLAP = 512
_MAX_PARTS = 10_000
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3})(\d+)[\"'][^>]*(?<!/)>")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_SHARED = re.compile(rb"\st\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)")
_END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>")
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")
_TEXT_BUDGET = 1 << 30
"""Bytes that the texts of one sheet may take when each cell has its own copy."""


@dataclass
class _Extent:
    """How far the cells of one part reach."""

    rows: int = 0
    columns: int = 0
    shared: int = 0
    counted_rows: int = 0
    in_row: int = 0
    letters: set[bytes] = field(default_factory=set)

    @property
    def cells(self) -> int:
        return max(self.rows, self.counted_rows) * self.columns


def check_workbook(part: Part, limits: Limits) -> None:
    """Raises RefusedDelivery `workbook_size`, `archive_ratio`, `xml_dtd`, `encrypted` or `workbook_damaged`; else does nothing."""
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
    texts: array[int] = array("Q")
    extents: dict[str, _Extent] = {}
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        extent = extents[entry.filename] = _Extent()
        shared = entry.filename.lower().endswith("sharedstrings.xml")
        for block, fresh in _blocks(archive, entry):
            _check_declarations(part, entry, block)
            if shared:
                _measure_texts(texts, block[fresh:])
            else:
                _measure_cells(extent, block, fresh)
        if extent.cells > limits.max_workbook_cells or extent.columns > limits.max_columns * 8:
            raise refuse("workbook_size", part.file, member=part.member, what=f"{extent.rows} x {extent.columns} cells")
    longest = max(texts, default=0)
    for name, extent in extents.items():
        if longest * extent.shared > _TEXT_BUDGET and _weight(archive, name, texts) > _TEXT_BUDGET:
            raise refuse("workbook_size", part.file, member=part.member, what="one long text in very many cells")


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str) -> Iterator[tuple[bytes, int]]:
    """Blocks that end with a whole tag, and (always 0) where their fresh bytes begin: the unfinished tag is carried over."""
    with archive.open(entry) as source:
        carried = b""
        while block := source.read(_BLOCK):
            block = carried + block
            cut = block.rfind(b"<")
            carried = block[cut:] if 0 < cut and len(block) - cut < _BLOCK else b""
            yield block[: len(block) - len(carried)], 0
        if carried:
            yield carried, 0


def _check_declarations(part: Part, entry: zipfile.ZipInfo, block: bytes) -> None:
    if any(word in block for word in _DECLARATIONS) or block[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        raise refuse("xml_dtd", part.file, member=part.member, what=entry.filename)
