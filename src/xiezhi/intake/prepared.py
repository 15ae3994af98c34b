"""Prepared: a delivered sheet, read and judged in scratch space; nothing of it is in the lake yet.

One shape for tables and for OCDS releases, so that `receive` does not care which it holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.account import Judgements
from xiezhi.intake.receipts.delivered_again import Brought
from xiezhi.intake.receipts.names import readable_name
from xiezhi.intake.receipts.receipt import ColumnMap, ExpectationResult, LeftOut, Profile, Remark, UnitUsed
from xiezhi.intake.receipts.returned import ReturnedRow, Shape
from xiezhi.intake.recognise import Recognised
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.writer import Change

_BATCH = 10_000


@dataclass(frozen=True)
class Origin:
    """What a receipt says of where a sheet came from."""

    file: str
    member: str | None
    sheet: str | None
    encoding: str | None


class Prepared(ABC):
    """Call `meet`, `decide` once identities are numbered, then `load`."""

    judgements: Judgements
    stages: list[Stage]
    brought: Brought | None = None
    """Valid after `load`: what was set aside before and came again. None for releases, which have no rows of a key."""

    def __init__(self, engine: DuckDB, sheet: Sheet, recognised: Recognised) -> None:
        self.engine, self.recognised, self.file = engine, recognised, sheet.file
        self.notes = sheet.notes
        self.origin = Origin(readable_name(sheet.file.name), sheet.member, sheet.sheet, sheet.encoding)

    def meet(self, change: Change) -> None:  # noqa: B027
        """Bring in what the lake holds that must be judged and numbered with the delivery. Most contracts have nothing."""

    @abstractmethod
    def decide(self, held: Mapping[str, TableRef]) -> None:
        """Fill table `outcome`: what the lake holds already, what contradicts it."""

    @abstractmethod
    def load(self, change: Change, delivery: int) -> bool:
        """Put what is new into a lake change. Returns whether anything changes."""

    @abstractmethod
    def columns(self) -> list[ColumnMap]:
        """Delivered headers and their fields."""

    @property
    def units(self) -> list[UnitUsed]:
        """In which unit each money column was read, and by whose word; none where each amount names its own currency."""
        return []

    @abstractmethod
    def profile(self) -> list[Profile]: ...

    @abstractmethod
    def expectations(self, delivered: int) -> list[ExpectationResult]: ...

    @abstractmethod
    def shape(self) -> Shape:
        """How rows go back."""

    @abstractmethod
    def set_aside(self) -> Iterator[ReturnedRow]:
        """The rows that go back, in file order. Valid after `decide`."""

    def remarks(self) -> list[Remark]:
        """What is said of whole columns, beside the remarks on rows."""
        return []

    @property
    def left_out(self) -> list[LeftOut]:
        """Rows around the table that are no data."""
        return []

    @property
    def missing(self) -> list[str]:
        """Fields of the contract that were not delivered."""
        return []


def keep_broken(engine: DuckDB, sheet: Sheet, table: str) -> None:
    """The sheet's broken rows as `table(_row, reason, cells)`. Call it after the sheet was read."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {table} (_row BIGINT, reason VARCHAR, cells VARCHAR[])")
    rows: list[dict[str, object]] = []
    for broken in sheet.broken:
        cells = list(broken.cells) or [broken.text]
        rows.append({"_row": broken.row, "reason": broken.reason, "cells": cells})
        if len(rows) == _BATCH:
            _insert(engine, table, rows)
            rows = []
    if rows:
        _insert(engine, table, rows)


def keep_footers(engine: DuckDB, sheet: Sheet, table: str) -> None:
    """The sheet's footers as `table(_row, reason, cells)`. Call it after the sheet was read."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {table} (_row BIGINT, reason VARCHAR, cells VARCHAR[])")
    if sheet.footers:
        _insert(engine, table, [{"_row": one.row, "reason": str(one.kind), "cells": list(one.cells)} for one in sheet.footers])


def _insert(engine: DuckDB, table: str, rows: list[dict[str, object]]) -> None:
    schema = pa.schema([("_row", pa.int64()), ("reason", pa.string()), ("cells", pa.list_(pa.string()))])
    engine.register("broken_batch", pa.Table.from_pylist(rows, schema))
    engine.run(f"INSERT INTO {table} SELECT * FROM broken_batch")
    engine.unregister("broken_batch")
