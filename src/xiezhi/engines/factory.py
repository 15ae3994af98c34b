"""Which engines there are, and the one a run was asked for."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from xiezhi.engines import spark_engine
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.engines.spark_engine import Spark
from xiezhi.kernel.errors import UserError

ENGINES = (DuckDB.name, Spark.name)


def require_engine(name: str) -> None:
    """Raises UserError, saying what to do, where there is no engine of that name or it cannot run here."""
    if name not in ENGINES:
        known = ", ".join(ENGINES)
        raise UserError(
            "XZ-RUN-04",
            zh=f"没有名为 {name} 的引擎",
            en=f"there is no engine called {name}",
            todo_zh=f"可选:{known}",
            todo_en=f"choose one of: {known}",
        )
    if name == Spark.name:
        spark_engine.require()


def open_beside(name: str, *, scratch: Path, memory: str, threads: int | None) -> AbstractContextManager[Spark | None]:
    """The engine that answers rules beside the run's own DuckDB, to be used in `with`; None where DuckDB answers itself."""
    require_engine(name)
    return Spark(scratch=scratch, memory=memory, threads=threads) if name == Spark.name else nullcontext()
