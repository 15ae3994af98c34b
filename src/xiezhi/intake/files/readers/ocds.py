"""Open Contracting Data Standard 1.1: release packages, record packages, and lines of releases, records or packages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiezhi.intake.files.encoding import Utf8File, as_utf8
from xiezhi.intake.files.json_decode import Decoder
from xiezhi.intake.files.json_stream import Damaged, read_blocks
from xiezhi.intake.json_text import written
from xiezhi.intake.ocds.unwrap import Contained, Unit, contained, is_package, units
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import BrokenRow, HeaderScore, Heading, Limits, OcdsSheet, Part, Sheet

READS = frozenset({"ocds"})

_BLOCK = 8 << 20
"""Characters of releases that are held at a time, decoded."""


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, _score: HeaderScore | None) -> Iterator[Sheet]:
    """The file's releases as one sheet."""
    with as_utf8(part, scratch) as text:
        yield ReleasesSheet(part, text, limits, scratch)


class ReleasesSheet(OcdsSheet):
    """Releases and records in the order delivered."""

    def __init__(self, part: Part, text: Utf8File, limits: Limits, scratch: Path) -> None:
        whole = replace(limits, max_cell_bytes=limits.max_item_bytes)  # a release is one cell of `batches`
        super().__init__(part, Heading(["ocid", "id", "release"], 0), whole, scratch)
        self.encoding, self._text = text.encoding, text
        self._decoder = Decoder()
        self._told = False

    def units(self, batch_rows: int = 20_000) -> Iterator[list[Unit]]:
        block: list[Unit] = []
        size = 0
        for row, text, value in self._values():
            found, reason = self._judged(value, text)
            if found:
                block.append(Unit(row, text, found))
                size += len(text)
            elif not self._told:
                self.broken.append(BrokenRow(row, text, reason))
            if len(block) >= batch_rows or size >= _BLOCK:
                yield block
                block, size = [], 0
        if block:
            yield block
        self._told = True

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        for block in self.units(batch_rows):
            first = [unit.contained.releases[0] for unit in block]
            columns = [
                [str(one["ocid"]) for one in first],
                [str(one.get("id") or "") for one in first],
                [unit.text for unit in block],
            ]
            arrays = [pa.array(column, pa.string()) for column in columns]
            yield pa.record_batch([*arrays, pa.array([unit.row for unit in block], pa.int64())], ["c0", "c1", "c2", "_row"])

    def _values(self) -> Iterator[tuple[int, str, Any]]:
        """Row, text and value of each delivered release or record; from the first package on they are counted through."""
        counted: int | None = None
        for row, text in self._items():
            value = self._decoder.value(text)
            if is_package(value) and counted is None:
                counted = row - 1
            inside = [(written(unit), unit) for unit in units(value)] if is_package(value) else [(text, value)]
            for said, unit in inside:
                counted = None if counted is None else counted + 1
                yield counted or row, said, unit

    def _items(self) -> Iterator[tuple[int, str]]:
        try:
            for block in read_blocks(self._text, self._limits.max_item_bytes, 10_000, verbatim=True):
                yield from zip(block.column("_row").to_pylist(), block.column("text").to_pylist(), strict=True)
        except (Damaged, UnicodeDecodeError) as error:
            raise refuse("json_damaged", self.file, member=self.member, what=error) from error

    def _judged(self, value: Any, text: str) -> tuple[Contained | None, str]:
        """The releases of a delivered value, or why it has none that can be read."""
        if not isinstance(value, dict):
            return None, "json_broken"
        if "\\ud" in text.lower() and not _is_unicode(value):
            return None, "characters_damaged"
        if self._decoder.repeats(value):
            return None, "member_repeated"
        found = contained(value)
        if found.missing:
            return None, found.missing
        return (None, "required_empty") if any(not _has_ocid(one) for one in found.releases) else (found, "")


def _has_ocid(release: dict[str, Any]) -> bool:
    ocid = release.get("ocid")
    return isinstance(ocid, str) and bool(ocid.strip())


def _is_unicode(value: Any) -> bool:
    """Whether no half of a surrogate pair stands alone in it: such a text is no text, and no database takes it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
