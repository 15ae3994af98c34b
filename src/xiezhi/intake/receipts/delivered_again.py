"""Rows that were set aside and came again: told by their key, or by the delivery and row that the file which went back carries.

Nothing is guessed: a row without a readable key that comes in another file than the one that went back is not recognised, and is
told as such. A row counts once, by whichever delivery brought it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from xiezhi.intake.receipts.receipt import Mending, Receipt
from xiezhi.intake.receipts.returned import DELIVERY_HEADER, IN_ENGLISH, REASON_HEADER, ROW_HEADER

_NUMBERED = re.compile(r"(\d{8})-")


@dataclass(frozen=True)
class Back:
    """A row of an earlier delivery that came again. `keyed`: known by its key."""

    delivery: int
    row: int
    accepted: bool
    keyed: bool


@dataclass
class Brought:
    """What a delivery brought of rows set aside before. `anew`: of each delivery, rows that went with their period.

    `unkeyed`: how many of its own rows set aside have no readable key. `numbers`: the rows that a file which went back names.
    """

    rows: list[Back] = field(default_factory=list)
    anew: dict[int, int] = field(default_factory=dict)
    unkeyed: int = 0
    numbers: list[Back] = field(default_factory=list)


@dataclass(frozen=True)
class ReturnColumns:
    """Where a header has the extra columns of a file that went back. `delivery` None: of before it was written into the file."""

    delivery: int | None
    row: int


def origin_of(file: str) -> int | None:
    """The delivery whose file of set-aside rows this is, by its name; None for any other."""
    found = _NUMBERED.match(PurePosixPath(file).name)
    return int(found[1]) if found else None


def return_columns(header: Sequence[str]) -> ReturnColumns | None:
    """Where a header has the rows that went back; the reason must stand beside them. None: it is no such file's."""
    names = list(header)
    for delivery, row, reason in (
        (DELIVERY_HEADER, ROW_HEADER, REASON_HEADER),
        (IN_ENGLISH[DELIVERY_HEADER], IN_ENGLISH[ROW_HEADER], IN_ENGLISH[REASON_HEADER]),
    ):
        if row in names and reason in names:
            return ReturnColumns(names.index(delivery) if delivery in names else None, names.index(row))
    return None


def mendings(brought: Brought, earlier: Iterable[Receipt], aside: Mapping[int, frozenset[int]]) -> list[Mending]:
    """What is new in `brought`: without what `earlier` receipts claimed, and of `aside` rows, by delivery, only.

    Of a row that the file names by its number, what became of that very row counts: one key may stand in several.
    """
    claimed = _claimed(earlier)
    found: dict[tuple[int, int], Back] = {}
    named = [one for one in brought.numbers if one.row in aside.get(one.delivery, ())]
    fate: dict[tuple[int, int], bool] = {}
    for one in named:
        fate[one.delivery, one.row] = one.accepted or fate.get((one.delivery, one.row), False)
    by_key = [Back(one.delivery, one.row, fate.get((one.delivery, one.row), one.accepted), one.keyed) for one in brought.rows]
    for one in [*by_key, *named]:
        place = (one.delivery, one.row)
        known = found.get(place)
        if place not in claimed and (known is None or (one.accepted and not known.accepted)):
            found[place] = one if known is None else Back(*place, one.accepted, one.keyed or known.keyed)
    deliveries = sorted({delivery for delivery, _row in found} | brought.anew.keys())
    return [
        _mending(one, [back for back in found.values() if back.delivery == one], brought.anew.get(one, 0)) for one in deliveries
    ]


def rows_in(ranges: str) -> Iterator[int]:
    """3-5,9 → 3, 4, 5, 9."""
    for part in filter(None, ranges.split(",")):
        first, _dash, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def how_many(ranges: str) -> int:
    return sum(1 for _row in rows_in(ranges))


def _mending(delivery: int, rows: Sequence[Back], anew: int) -> Mending:
    return Mending(
        delivery=delivery,
        mended=_ranges(one.row for one in rows if one.accepted),
        again=_ranges(one.row for one in rows if not one.accepted),
        anew=anew,
        unread=sum(not one.keyed for one in rows),
    )


def _claimed(receipts: Iterable[Receipt]) -> set[tuple[int, int]]:
    every = (one for receipt in receipts for one in receipt.mendings)
    return {(one.delivery, row) for one in every for row in rows_in(",".join(filter(None, (one.mended, one.again))))}


def _ranges(rows: Iterable[int]) -> str:
    parts: list[list[int]] = []
    for row in sorted(rows):
        if parts and parts[-1][1] == row - 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
