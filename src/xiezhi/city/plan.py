"""One city being built: what every stream of rows needs, and the layouts of the offices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiezhi.city.cast import Cast
from xiezhi.city.cells import Column
from xiezhi.city.dice import Dice
from xiezhi.city.ledger import Ledger
from xiezhi.city.outlet import Outlet, Row
from xiezhi.city.people import People
from xiezhi.city.places import Map
from xiezhi.city.sheet import ANY, Block, SheetLayout

BLOCK = 48_000
"""Persons worked on at a time: a few dozen megabytes, whatever the size of the city."""

SMALL = 60_000
"""Cities up to this many persons deliver some tables as workbooks."""


@dataclass(frozen=True)
class CityPlan:
    """The parts of one build."""

    root: Path
    map: Map
    dice: Dice
    people: People
    cast: Cast
    ledger: Ledger
    payments: int

    @property
    def small(self) -> bool:
        return self.map.persons <= SMALL

    @property
    def organs(self) -> int:
        """Public bodies, numbered from 0."""
        return max(30, self.map.persons // 2_000)

    @property
    def companies(self) -> int:
        """Enterprises, numbered from 0."""
        return max(400, self.map.persons // 30)

    @cached_property
    def taken_villages(self) -> NDArray[np.int64]:
        return np.array(sorted(self.cast.taken_villages), dtype=np.int64)

    def outlet(self, layout: SheetLayout, *, blocks: int = 1, part: Callable[[Row], Any] | None = None, of: Any = None) -> Outlet:
        """An outlet for a layout, with the cast's rows of its table: all, or those whose `part` equals `of`."""
        rows: Sequence[Row] = self.cast.rows[layout.table]
        chosen = [row for row in rows if part(row) == of] if part else rows
        return Outlet(self.root, layout, self.dice, self.ledger, chosen, blocks)

    def blocks(self, county: int | None = None) -> int:
        """How many blocks the residents of a county, or of the city, come in."""
        counties = range(3) if county is None else (county,)
        ranges = [self.map.persons_of_county(place) for place in counties]
        return sum(-(-(last - first) // BLOCK) for first, last in ranges)

    def county_of(self, row: Row) -> int:
        """The county in which a row of the cast with a `village` plays."""
        return int(row["village"]) // 1_000_000 - int(self.map.county_code(0))


def block(rows: int, guard: Any = None, **columns: Column) -> Block:
    """Columns by field name as a block; any fault may befall a row unless `guard` says otherwise."""
    return Block(columns, np.full(rows, ANY, dtype=np.uint8) if guard is None else guard.astype(np.uint8))
