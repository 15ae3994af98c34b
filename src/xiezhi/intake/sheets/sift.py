"""Takes out of a batch what is no data: blank rows, footers, headers again, rows with NUL bytes, rows with huge cells.

The first two bytes of each row's first cell say which rows are worth a closer look, so that a sound batch costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.intake.sheets.footers import BEGINNINGS, FIRST_CELL, Footer, FooterKind, footer_kind, is_example, is_total

Mask = npt.NDArray[np.bool_]
Taken = tuple[int, tuple[str, ...], str]

_BLANK_BITS = "\t\n\r \x0b\x0c\x00\u00a0\u200b\u3000\ufeff"
_SURELY, _BY_THIRD = 1, 2

LEAST_NAMES = 3
"""Columns whose names make a row a header: of two, 姓名 and 备注 may be what is asked for."""

_END_OF_TOTAL = "计".encode()


def _by_beginning() -> npt.NDArray[np.uint8]:
    """For each two bytes, whether a blank or a footer could begin with them: not, surely, or if the third byte says so, too."""
    found = np.zeros((256, 256), dtype=np.uint8)
    for char in {*BEGINNINGS, *_BLANK_BITS}:
        first, *rest = char.encode()
        found[first, rest[0] if rest else slice(None)] = _BY_THIRD if len(rest) > 1 else _SURELY
    for digit in b"0123456789":  # of a numbered note: 1. 1) 1、 (1
        found[digit, [*b".)", *{char.encode()[0] for char in "、．）"}]] = _SURELY
        found[b"("[0], digit] = _SURELY
    found[b"2"[0], b"0"[0]] = _SURELY  # 2024年3月25日, below a table
    return found.reshape(-1)


_BEGINNING = _by_beginning()
_THREE_BYTES = np.array(
    sorted(int.from_bytes(char.encode(), "big") for char in {*BEGINNINGS, *_BLANK_BITS} if len(char.encode()) > 2), np.uint32
)


class Sieve:
    """Sifts batch after batch; `taken()` hands over what the last one held back, `blank_rows` counts."""

    def __init__(self, max_cell_bytes: int, delimiter: str, header: Sequence[str] = ()) -> None:
        self._most, self._delimiter = max_cell_bytes, delimiter
        self._header = [name.strip() for name in header]
        self._taken: list[Taken] = []
        self._footers: list[Footer] = []
        self.blank_rows = 0

    def taken(self) -> list[Taken]:
        taken, self._taken = self._taken, []
        return taken

    def footers(self) -> list[Footer]:
        footers, self._footers = self._footers, []
        return footers

    def text(self, cells: tuple[str, ...]) -> str:
        """A row's cells in one line, each cut where it is huge."""
        return self._delimiter.join(cell[: self._most] for cell in cells)

    def sift(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch without the rows that are no data."""
        columns = batch.columns[:-1]
        bad = np.zeros(batch.num_rows, dtype=np.bool_)
        for reason, mask in (
            ("", self._blank(columns)),
            ("text_too_long", self._too_long(columns)),
            ("nul_byte", _with_nul(columns)),
        ):
            fresh = None if mask is None else mask & ~bad
            if fresh is not None and fresh.any():
                bad |= fresh
                self._take(batch, fresh, reason)
        self._leave_out(batch, bad)
        self._taken.sort()
        return batch.filter(pa.array(~bad)) if bad.any() else batch

    def _take(self, batch: pa.RecordBatch, mask: Mask, reason: str) -> None:
        if not reason:
            self.blank_rows += int(mask.sum())
            return
        for row in batch.filter(pa.array(mask)).to_pylist():
            number = row.pop("_row")
            self._taken.append((number, tuple(cell[: self._most] for cell in row.values()), reason))

    def _leave_out(self, batch: pa.RecordBatch, bad: Mask) -> None:
        """Mark the footers among the other rows as bad, too, and keep them apart."""
        found = [mask for mask in (_likely_footers(batch.columns[:-1]), self._begins_again(batch)) if mask is not None]
        likely = _any(found)
        if likely is None:
            return
        for place in np.flatnonzero(likely & ~bad):
            *cells, row = batch.slice(place, 1).to_pylist()[0].values()
            kind = FooterKind.HEADER if self._is_header(cells) else footer_kind(cells, len(cells))
            reason = "total_row" if is_total(cells) else "example_row" if is_example(cells) else None
            if kind:
                self._footers.append(Footer(row, kind, tuple(cells)))
            elif reason:
                self._taken.append((row, tuple(cells), reason))
            bad[place] |= kind is not None or reason is not None

    def _begins_again(self, batch: pa.RecordBatch) -> Mask | None:
        """Rows that begin as the header does: a page's, or that of a file put behind another."""
        if len(self._header) < LEAST_NAMES or not self._header[0]:
            return None
        return _numpy(pc.equal(batch.column(0), self._header[0]))

    def _is_header(self, cells: Sequence[str]) -> bool:
        return len(self._header) >= LEAST_NAMES and [cell.strip() for cell in cells] == self._header

    def _blank(self, columns: list[pa.Array]) -> Mask | None:
        """Rows without a visible character."""
        suspect = _suspects(columns[0])
        for column in columns:
            if not suspect.any():
                return None
            chosen = np.flatnonzero(suspect)
            trimmed = pc.utf8_trim(column.take(pa.array(chosen)), characters=_BLANK_BITS)
            suspect[chosen[_numpy(pc.not_equal(trimmed, ""))]] = False
        return suspect

    def _too_long(self, columns: list[pa.Array]) -> Mask | None:
        long = [column for column in columns if (pc.max(pc.binary_length(column)).as_py() or 0) > self._most]
        return _any([_numpy(pc.greater(pc.binary_length(column), self._most)) for column in long])


def _likely_footers(columns: list[pa.Array]) -> Mask | None:
    """Rows whose first filled cell is one of a footer."""
    suspect = _suspects(columns[0])
    if not suspect.any():
        return None
    chosen = pa.array(np.flatnonzero(suspect))
    first = columns[0].take(chosen)
    for column in columns[1:]:
        empty = pc.equal(pc.utf8_trim_whitespace(first), "")
        if not pc.any(empty).as_py():
            break
        first = pc.if_else(empty, column.take(chosen), first)
    suspect[suspect] = _numpy(pc.match_substring_regex(first, FIRST_CELL))
    return suspect


def _with_nul(columns: list[pa.Array]) -> Mask | None:
    """NUL bytes are looked for in the whole buffer first: one memchr per column."""
    touched = [column for column in columns if _holds_nul(column)]
    return _any([_numpy(pc.match_substring(column, "\0")) for column in touched])


def _holds_nul(column: pa.Array) -> bool:
    data = column.buffers()[2]
    return data is not None and not bool(np.frombuffer(data, dtype=np.uint8).all())


def _suspects(column: pa.Array) -> Mask:
    """Rows whose cell is empty or begins as a blank or a total could."""
    _, offsets, data = column.buffers()
    width = np.int64 if pa.types.is_large_string(column.type) else np.int32
    bounds = np.frombuffer(offsets, dtype=width)[column.offset : column.offset + len(column) + 1]
    starts, empty = bounds[:-1], bounds[1:] == bounds[:-1]
    if data is None or data.size == 0:
        return np.ones(len(column), dtype=np.bool_)
    text, last = np.frombuffer(data, dtype=np.uint8), data.size - 1
    one, two, three = (text[np.minimum(starts + ahead, last)].astype(np.uint32) for ahead in range(3))
    begins = _BEGINNING[one << 8 | two]
    found = empty | (begins == _SURELY) | _ends_a_total(text, bounds[1:])
    unsure = np.flatnonzero(begins == _BY_THIRD)
    found[unsure] |= np.isin((one << 16 | two << 8 | three)[unsure], _THREE_BYTES)
    return np.asarray(found)


def _ends_a_total(text: npt.NDArray[np.uint8], ends: npt.NDArray[Any]) -> Mask:
    """Cells that end as 栖萤村小计 does."""
    bytes_of_end = (text[np.maximum(ends - back, 0)] for back in (3, 2, 1))
    return np.asarray(np.all([found == wanted for found, wanted in zip(bytes_of_end, _END_OF_TOTAL, strict=True)], axis=0))


def _any(masks: list[Mask]) -> Mask | None:
    return np.logical_or.reduce(masks) if masks else None


def _numpy(flags: pa.Array) -> Mask:
    return np.asarray(flags.to_numpy(zero_copy_only=False), dtype=np.bool_)
