"""Spark, for what outgrows one machine. The only file that imports `pyspark`.

A `Spark` is one session: on this machine by default, on a cluster where XIEZHI_SPARK_MASTER names one. It answers SQL in
DuckDB's dialect, and its rows are to be the same rows (see `spark_sql`). Always close it (or use `with`).
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import signal
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
from sqlglot.errors import SqlglotError

from xiezhi.engines.duckdb_engine import EngineError
from xiezhi.engines.spark_sql import spark_sql
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.tables import TableRef

MASTER = "XIEZHI_SPARK_MASTER"

TYPES = {
    "INTEGER": "INT",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE",
    "VARCHAR": "STRING",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "BOOLEAN": "BOOLEAN",
}
"""The lake's types in Spark's words."""

QUIET = """rootLogger.level = fatal
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
"""
"""log4j's settings: what goes wrong reaches us as an exception, with its message."""

SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",  # an overflow or a text that is no number is an error, as in DuckDB, and not a NULL
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.caseSensitive": "false",
}
"""What decides answers."""

ONE_MACHINE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.buffer.pageSize": "4m",  # every hash table of a query takes a page at least; of 64 MB pages 2 GB hold too few
}


class Spark:
    """One Spark session. `scratch` takes its spill; `memory` as DuckDB spells it ('2GB') is the driver's."""

    name = "spark"

    def __init__(self, *, scratch: Path, memory: str = "2GB", threads: int | None = None) -> None:
        """Raises UserError where pyspark or Java is missing, or the session cannot start."""
        require()
        scratch.mkdir(parents=True, exist_ok=True)
        with _undisturbed():
            settings = _settings(os.environ.get(MASTER) or f"local[{threads or '*'}]", scratch, memory, threads)
            self._session, self._shared = _start(settings)

    def __enter__(self) -> Spark:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop Spark, unless the session belongs to somebody else in this process."""
        if not self._shared:
            self._session.stop()

    def open_tables(self, tables: Iterable[TableRef]) -> None:
        """A view per table over exactly its files, with its declared columns; an empty one where there are no files."""
        for table in tables:
            schema = ", ".join(f"{_quoted(name)} {TYPES[kind]}" for name, kind in table.columns.items())
            files = [_address(file) for file in table.files]
            with _told_as_engine_error():
                rows = self._session.read.schema(schema).parquet(*files) if files else self._session.sql(_nothing(table))
                rows.createOrReplaceTempView(table.name)

    def define(self, name: str, sql: str) -> None:
        """Make the rows of a SELECT readable as `name`. Nothing is computed."""
        with _told_as_engine_error():
            self._session.sql(spark_sql(sql)).createOrReplaceTempView(name)

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The rows of a SELECT in DuckDB's dialect, instants as UTC without a zone. Raises EngineError."""
        if parameters:
            raise EngineError("Spark is asked with literals only: bind the parameters first")
        with _told_as_engine_error():
            return _without_zones(self._session.sql(spark_sql(sql)).toArrow())


def require() -> None:
    """Raises UserError, saying what to do, where pyspark or Java is missing."""
    if importlib.util.find_spec("pyspark") is None:
        raise UserError(
            "XZ-SPARK-01",
            zh="没有安装 pyspark",
            en="pyspark is not installed",
            todo_zh="执行 pip install 'xiezhi[spark]',或改用 --engine duckdb",
            todo_en="pip install 'xiezhi[spark]', or use --engine duckdb",
        )
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").exists() if home else shutil.which("java")):
        raise UserError(
            "XZ-SPARK-02",
            zh="找不到 Java(Spark 需要 Java 17 或更高版本)",
            en="there is no Java here, and Spark needs version 17 or newer",
            todo_zh="安装 Java 17 并设置 JAVA_HOME,或改用 --engine duckdb",
            todo_en="install Java 17 and set JAVA_HOME, or use --engine duckdb",
        )


def _start(settings: dict[str, str]) -> tuple[Any, bool]:
    """A session with views and settings of its own; and whether its Spark was there before, a process having only one."""
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        session = running.newSession()
        for key, value in SESSION.items():
            session.conf.set(key, value)
        return session, True
    try:
        return SparkSession.builder.appName("xiezhi").config(map=settings).getOrCreate(), False
    except Exception as error:  # a driver that cannot start fails in many ways, each with its own class
        master = settings["spark.master"]
        raise UserError(
            "XZ-SPARK-03",
            zh=f"Spark 无法启动({master}):{_told(error)}",
            en=f"Spark cannot start ({master}): {_told(error)}",
            todo_zh=f"检查 java -version(17 或更高)和环境变量 {MASTER}",
            todo_en=f"check java -version (17 or newer) and the environment variable {MASTER}",
        ) from error


def _settings(master: str, scratch: Path, memory: str, threads: int | None) -> dict[str, str]:
    """What depends on where Spark runs. On one machine nothing listens beyond it and a shuffle has few parts."""
    quiet = scratch / "log4j2.properties"
    quiet.write_text(QUIET, "utf-8")
    chosen = SESSION | {
        "spark.master": master,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet.resolve().as_uri()}",
    }
    size = re.fullmatch(r"(\d+)\s*([KMGT])i?B", memory.strip(), re.IGNORECASE)
    if size:
        chosen["spark.driver.memory"] = size.group(1) + size.group(2).lower()
    if master.startswith("local"):
        parts = str(2 * (threads or os.cpu_count() or 1))
        chosen |= ONE_MACHINE | {"spark.sql.shuffle.partitions": parts, "spark.local.dir": str(scratch)}
    return chosen


@contextmanager
def _undisturbed() -> Iterator[None]:
    """pyspark takes over Ctrl-C, warns of pandas and logs each refused query; none of that is for our users."""
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    interrupt = signal.getsignal(signal.SIGINT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield
    if signal.getsignal(signal.SIGINT) is not interrupt:
        signal.signal(signal.SIGINT, interrupt)


@contextmanager
def _told_as_engine_error() -> Iterator[None]:
    """What Spark or the translation refuses, as the error that every caller of an engine knows."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, SqlglotError) as error:
        raise EngineError(f"Spark: {_told(error)}") from error


def _without_zones(table: pa.Table) -> pa.Table:
    """Instants of a zone (always UTC here) as DuckDB's TIMESTAMP."""
    naive = [pa.timestamp("us") if pa.types.is_timestamp(kind) else kind for kind in table.schema.types]
    return table.cast(pa.schema(list(zip(table.schema.names, naive, strict=True))))


def _nothing(table: TableRef) -> str:
    typed = ", ".join(f"CAST(NULL AS {TYPES[kind]}) AS {_quoted(name)}" for name, kind in table.columns.items())
    return f"SELECT {typed} WHERE false"


def _address(file: Path) -> str:
    """A file's address for Spark, which would take [] {} * ? in it for a pattern."""
    return "file://" + re.sub(r"([\[\]{}*?\\])", r"\\\1", str(file.resolve()))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _told(error: BaseException) -> str:
    """What went wrong first: an error out of Java hides it behind the calls that led there."""
    cause = getattr(error, "java_exception", None)
    while cause is not None and cause.getCause() is not None:
        cause = cause.getCause()
    return _first_line(error) if cause is None else str(cause.toString()).partition("\n")[0]


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
