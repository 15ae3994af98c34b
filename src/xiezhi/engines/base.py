"""Engine: what a rule needs of whatever answers its SQL. One protocol, two users (DuckDB, Spark)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import pyarrow as pa

from xiezhi.kernel.tables import TableRef


class Engine(Protocol):
    """Answers SQL in DuckDB's dialect, the portable subset that lint enforces."""

    name: str

    def open_tables(self, tables: Iterable[TableRef]) -> None:
        """Make every table readable under its name. Nothing is copied."""

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The rows of one SELECT."""

    def close(self) -> None: ...
