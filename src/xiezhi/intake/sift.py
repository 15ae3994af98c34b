"""Takes out of a batch what is no data: blank rows, total rows, rows with NUL bytes, rows with huge cells.

The first two bytes of each row's first cell say which rows are worth a closer look, so that a sound batch costs next to nothing.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
Taken = tuple[int, tuple[str, ...], str]

_TOTAL = (
    r"^\s*(合\s*计|总\s*计|小\s*计|累\s*计|共\s*计|总\s*合\s*计|本\s*页\s*[合小]\s*计|本\s*[页月季年]\s*累?\s*计"
    r"|(?i:grand total|subtotal|total))"
    r"\s*(数|金额|人数|户数)?\s*[:：]?\s*[(（]?[\d.,，元圆整￥¥人户条笔万 ]*[)）]?\s*$"
)
"""What stands in the first filled cell of a total row, alone or with a figure. A company called 合计科技 is none."""

_TOTAL_FIRST = frozenset("合总小累共本gGsStT")
_BLANK_BITS = "\t\n\r \x0b\x0c\x00\u00a0\u200b\u3000\ufeff"
_TOTAL_ROW = re.compile(_TOTAL)


def _suspect_beginnings() -> Mask:
    """For each two bytes, whether a blank or a total could begin with them."""
    found = np.zeros((256, 256), dtype=np.bool_)
    for char in {*_TOTAL_FIRST, *_BLANK_BITS}:
        first, *rest = char.encode()
        found[first, rest[0] if rest else slice(None)] = True
    return found.reshape(-1)


_SUSPECT = _suspect_beginnings()


def is_total(cells: list[str]) -> bool:
    """Whether a row's first filled cell says 合计, 总计, 小计, 本页合计 or Total."""
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(_TOTAL_ROW.match(first))


class Sieve:
    """Sifts batch after batch; `taken()` hands over what the last one held back, `blank_rows` counts."""

    def __init__(self, max_cell_bytes: int, delimiter: str) -> None:
        self._most, self._delimiter = max_cell_bytes, delimiter
        self._taken: list[Taken] = []
        self.blank_rows = 0

    def taken(self) -> list[Taken]:
        taken, self._taken = self._taken, []
        return taken

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
            ("total_row", _totals(columns)),
        ):
            fresh = None if mask is None else mask & ~bad
            if fresh is not None and fresh.any():
                bad |= fresh
                self._take(batch, fresh, reason)
        self._taken.sort()
        return batch.filter(pa.array(~bad)) if bad.any() else batch

    def _take(self, batch: pa.RecordBatch, mask: Mask, reason: str) -> None:
        if not reason:
            self.blank_rows += int(mask.sum())
            return
        for row in batch.filter(pa.array(mask)).to_pylist():
            number = row.pop("_row")
            self._taken.append((number, tuple(cell[: self._most] for cell in row.values()), reason))

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


def _totals(columns: list[pa.Array]) -> Mask | None:
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
    suspect[suspect] = _numpy(pc.match_substring_regex(first, _TOTAL))
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
    beginnings = text[np.minimum(starts, last)].astype(np.uint16) << 8 | text[np.minimum(starts + 1, last)]
    return np.asarray(empty | _SUSPECT[beginnings])


def _any(masks: list[Mask]) -> Mask | None:
    return np.logical_or.reduce(masks) if masks else None


def _numpy(flags: pa.Array) -> Mask:
    return np.asarray(flags.to_numpy(zero_copy_only=False), dtype=np.bool_)
