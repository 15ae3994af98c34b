"""Open Contracting Data Standard 1.1: release packages, record packages, and lines of releases, records or packages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.intake.encoding import Utf8File, as_utf8
from xiezhi.intake.json_stream import Damaged, Item, as_block, decoded, read_blocks, written
from xiezhi.intake.ocds_tables import ReleaseTables
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheet import BrokenRow, HeaderScore, Heading, Limits, OcdsSheet, Part, Sheet

READS = frozenset({"ocds"})

_WRAPPED = '"(compiledRelease|releases|records)"'
"""A text with none of these words is a release and goes to the engine as it is."""


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, _score: HeaderScore | None) -> Iterator[Sheet]:
    """The file's releases as one sheet."""
    with as_utf8(part, scratch) as text:
        yield ReleasesSheet(part, text, limits, scratch)


class ReleasesSheet(OcdsSheet):
    """Releases in the order delivered. `batches` gives each whole (ocid, id, text), `tables` gives what they say."""

    def __init__(self, part: Part, text: Utf8File, limits: Limits, scratch: Path) -> None:
        whole = replace(limits, max_cell_bytes=limits.max_item_bytes)  # a release is one cell of `batches`
        super().__init__(part, Heading(["ocid", "id", "release"], 0), whole, scratch)
        self.encoding, self._text = text.encoding, text
        self._told = False

    def tables(self, batch_rows: int = 50_000) -> Iterator[tuple[str, pa.RecordBatch]]:
        for loaded in self._loaded(batch_rows):
            yield from loaded.tables()

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        for loaded in self._loaded(batch_rows):
            yield from loaded.releases().combine_chunks().to_batches()

    def _loaded(self, batch_rows: int) -> Iterator[ReleaseTables]:
        """The releases, a block at a time."""
        with closing(ReleaseTables()) as loaded:
            for block in self._releases(batch_rows):
                loaded.load(block)
                for row, text, reason in loaded.broken() if not self._told else ():
                    self.broken.append(BrokenRow(row, text, reason))
                yield loaded
        self._told = True

    def _releases(self, batch_rows: int) -> Iterator[pa.Table]:
        try:
            for block in read_blocks(self._text, self._limits.max_item_bytes, batch_rows):
                if pc.any(pc.match_substring_regex(block.column("text"), _WRAPPED)).as_py():
                    found = zip(block.column("_row").to_pylist(), block.column("text").to_pylist(), strict=True)
                    yield as_block([Item(row, text) for row, whole in found for text in _unwrapped(whole)])
                else:
                    yield block
        except (Damaged, UnicodeDecodeError) as error:
            raise refuse("json_damaged", self.file, member=self.member, what=error) from error


def _unwrapped(text: str) -> list[str]:
    """The releases in a record or package; the text itself where it is neither."""
    value = decoded(text)
    found = _releases_in(value)
    return [text] if found == [value] else [written(release) for release in found]


def _releases_in(value: Any) -> list[Any]:
    """The releases a value stands for: itself, a record's compiled (or else last) release, or a package's, each."""
    if not isinstance(value, dict):
        return [value]
    for key in ("releases", "records"):
        if "ocid" not in value and isinstance(value.get(key), list):
            return [release for inner in value[key] for release in _releases_in(inner)]
    if isinstance(value.get("compiledRelease"), dict):
        return [{"ocid": value.get("ocid"), **value["compiledRelease"]}]
    embedded = value.get("releases")
    inner = embedded if isinstance(embedded, list) else []
    whole = [release for release in inner if isinstance(release, dict) and "tag" in release]
    return whole[-1:] or [value]
