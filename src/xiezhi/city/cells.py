"""Columns of values, and how they look as text in a delivered file. Whole columns at a time, as Arrow binary arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.city.codes import Digits
from xiezhi.city.dice import Index

NOTHING = -1
"""An empty cell in a column of days, months, amounts or numbers (none of ours is negative but reversals of whole yuan)."""

Cells = Any
"""A pyarrow BinaryArray: the bytes of each cell in the file's encoding."""

_FIRST_DAY = date(1900, 1, 1).toordinal()
_LAST_DAY = date(2035, 12, 31).toordinal()


class Column(Protocol):
    """Values of one field for a block of rows."""

    def cells(self, encoding: str) -> Cells:
        """The text of each value, in `encoding`."""

    def take(self, rows: Any) -> Column:
        """The values at these places."""


@dataclass(frozen=True)
class Ascii:
    """Fixed-width ASCII: ids, codes, accounts."""

    rows: Digits

    def cells(self, encoding: str) -> Cells:
        count, width = self.rows.shape
        offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
        data = np.ascontiguousarray(self.rows)
        return pa.BinaryArray.from_buffers(pa.binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(data)])

    def take(self, rows: Any) -> Ascii:
        return Ascii(self.rows[rows])


@dataclass(frozen=True)
class Words:
    """A pick from a list of words; -1 is an empty cell."""

    table: tuple[str, ...]
    pick: Index

    def cells(self, encoding: str) -> Cells:
        return _encoded(self.table, encoding).take(pa.array(self.pick + 1))

    def take(self, rows: Any) -> Words:
        return Words(self.table, self.pick[rows])


@dataclass(frozen=True)
class Joined:
    """Several columns written one after the other in the same cell."""

    parts: tuple[Column, ...]

    def cells(self, encoding: str) -> Cells:
        return pc.binary_join_element_wise(*(part.cells(encoding) for part in self.parts), b"")

    def take(self, rows: Any) -> Joined:
        return Joined(tuple(part.take(rows) for part in self.parts))


@dataclass(frozen=True)
class Whole:
    """Whole numbers; NOTHING is empty."""

    values: Index

    def cells(self, encoding: str) -> Cells:
        shown = pa.array(self.values).cast(pa.string()).cast(pa.binary())
        return _emptied(shown, self.values == NOTHING)

    def take(self, rows: Any) -> Whole:
        return Whole(self.values[rows])


@dataclass(frozen=True)
class Fen:
    """Money held in fen, shown with two decimals in yuan, or in ten thousand yuan with `unit` 1,000,000. NOTHING is empty."""

    values: Index
    unit: int = 100

    def cells(self, encoding: str) -> Cells:
        places = len(str(self.unit)) - 1
        whole, rest = np.divmod(np.abs(self.values), self.unit)
        shown = pa.array(whole).cast(pa.string()).cast(pa.binary())
        fraction = _encoded(tuple(f".{cents:02d}" for cents in range(100)), "ascii").take(
            pa.array(rest // 10 ** (places - 2) + 1)
        )
        sign = _encoded(("", "-"), "ascii").take(pa.array((self.values < NOTHING).astype(np.int64) + 1))
        return _emptied(pc.binary_join_element_wise(sign, shown, fraction, b""), self.values == NOTHING)

    def take(self, rows: Any) -> Fen:
        return Fen(self.values[rows], self.unit)


@dataclass(frozen=True)
class Days:
    """Dates as ordinals; NOTHING is empty. Written 2025-01-31."""

    values: Index

    def cells(self, encoding: str) -> Cells:
        return _day_texts().take(pa.array(np.where(self.values == NOTHING, 0, self.values - _FIRST_DAY + 1)))

    def take(self, rows: Any) -> Days:
        return Days(self.values[rows])


@dataclass(frozen=True)
class Months:
    """Months as year * 12 + month - 1; NOTHING is empty. Written 2025-01."""

    values: Index

    def cells(self, encoding: str) -> Cells:
        return _month_texts().take(pa.array(np.where(self.values == NOTHING, 0, self.values - 1900 * 12 + 1)))

    def take(self, rows: Any) -> Months:
        return Months(self.values[rows])


@dataclass(frozen=True)
class Texts:
    """Free text, for small columns."""

    values: Sequence[str | None]

    def cells(self, encoding: str) -> Cells:
        return pa.array([(value or "").encode(encoding) for value in self.values], pa.binary())

    def take(self, rows: Any) -> Texts:
        return Texts([self.values[row] for row in rows])


@dataclass(frozen=True)
class Mixed:
    """The rows of two columns in a new order: places of the first from 0 on, of the second after them."""

    first: Column
    second: Column
    order: Index

    def cells(self, encoding: str) -> Cells:
        return pa.concat_arrays([self.first.cells(encoding), self.second.cells(encoding)]).take(pa.array(self.order))

    def take(self, rows: Any) -> Mixed:
        return Mixed(self.first, self.second, self.order[rows])


def column(kind: str, values: Sequence[Any]) -> Column:
    """A column of Python values of a field's kind: dates, fen, numbers or text; None is an empty cell."""
    if kind in ("date", "month"):
        return Texts([None if value is None else value.isoformat()[: 10 if kind == "date" else 7] for value in values])
    if kind in ("money", "wan"):
        unit = 100 if kind == "money" else 1_000_000
        return Texts([None if value is None else f"{value / unit:.2f}" for value in values])
    return Texts([_plain(value) for value in values])


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _emptied(cells: Cells, empty: Any) -> Cells:
    return pc.if_else(pa.array(~empty), cells, pa.scalar(b"", pa.binary())) if empty.any() else cells


@cache
def _encoded(table: tuple[str, ...], encoding: str) -> Cells:
    return pa.array([b"", *(word.encode(encoding) for word in table)], pa.binary())


@cache
def _day_texts() -> Cells:
    return pa.array([b"", *(date.fromordinal(day).isoformat().encode() for day in range(_FIRST_DAY, _LAST_DAY + 1))], pa.binary())


@cache
def _month_texts() -> Cells:
    return pa.array([b"", *(first_of(month).isoformat()[:7].encode() for month in range(1900 * 12, 2036 * 12))], pa.binary())
