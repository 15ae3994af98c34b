"""A sheet into which the rows of the cast are mixed as the residents' rows stream by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xiezhi.city.cells import Column, Mixed, column
from xiezhi.city.dice import Dice
from xiezhi.city.ledger import Ledger
from xiezhi.city.sheet import MILD, Block, SheetLayout, SheetWriter

Row = dict[str, Any]


class Outlet:
    """Writes blocks of ordinary rows; each block carries its share of the cast's."""

    def __init__(self, root: Path, layout: SheetLayout, dice: Dice, ledger: Ledger, rows: Sequence[Row], blocks: int = 1) -> None:
        """`blocks`: about how many blocks will come, so that the cast's rows are spread over all of them."""
        self.sheet = SheetWriter(root, layout, dice, ledger)
        self._dice, self._rows, self._done = dice, rows, 0
        self._share = -(-len(rows) // blocks) if rows else 0

    def write(self, block: Block) -> None:
        """Write the rows of a block with some of the cast's among them."""
        share = self._rows[self._done : self._done + self._share]
        self.sheet.write(self._mixed(block, share) if share else block)
        self._done += len(share)

    def close(self) -> None:
        """Write what is left of the cast's rows and finish the file."""
        self.sheet.write(self._of_cast(self._rows[self._done :]))
        self.sheet.close()

    def _of_cast(self, rows: Sequence[Row]) -> Block:
        fields = self.sheet.layout.definition.fields
        kinds = {one.name: "wan" if one.name in self.sheet.layout.ten_thousands else one.kind for one in fields}
        columns: dict[str, Column] = {name: column(kind, [row.get(name) for row in rows]) for name, kind in kinds.items()}
        return Block(columns, np.full(len(rows), MILD, dtype=np.uint8))

    def _mixed(self, block: Block, share: Sequence[Row]) -> Block:
        cast = self._of_cast(share)
        counters = np.arange(self._done, self._done + len(share))
        places = np.sort(self._dice.below(f"mix {self.sheet.place}", counters, block.rows + 1))
        order = np.insert(np.arange(block.rows, dtype=np.int64), places, block.rows + np.arange(len(share)))
        columns: dict[str, Column] = {name: Mixed(block.columns[name], cast.columns[name], order) for name in cast.columns}
        return Block(columns, np.concatenate([block.guard, cast.guard])[order])
