"""Rules answered on another engine than the run's own DuckDB, which keeps fingerprints, standing rows and coverage.

Only a rule's hits travel: as Arrow, into a table that has exactly the types DuckDB itself would have given them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.engines.spark_engine import Spark
from xiezhi.kernel.tables import TableRef
from xiezhi.rules.fact import Fact
from xiezhi.rules.lake_sql import retarget
from xiezhi.rules.render import name
from xiezhi.runs.facts import optional_columns


def offer_facts(elsewhere: Spark, facts: Sequence[Fact], tables: Mapping[str, TableRef]) -> None:
    """Make `facts` readable under their names. A lake table gets a name apart, since a fact may bear the table's own."""
    optional = optional_columns(facts)
    elsewhere.open_tables(
        replace(table, name=_apart(table.name), columns={**table.columns, **_lacking(optional, table)})
        for table in tables.values()
    )
    for fact in facts:
        typed = ", ".join(f"CAST({name(column)} AS {kind}) AS {name(column)}" for column, kind in fact.types.items())
        over_lake = retarget(fact.sql, {table: ("", _apart(table)) for table in fact.tables})
        elsewhere.define(fact.name, f"SELECT {typed} FROM ({over_lake}) AS built")


def _lacking(optional: Mapping[str, Mapping[str, str]], table: TableRef) -> dict[str, str]:
    """Columns that facts may read and the table has not: Spark gives NULL for what a schema names and a file lacks."""
    return {column: kind for column, kind in optional.get(table.name, {}).items() if column not in table.columns}


def fetch(elsewhere: Spark, engine: DuckDB, sql: str, table: str) -> None:
    """Create `table` in `engine` with the rows that `elsewhere` gives for `sql`. Raises EngineError."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS SELECT * FROM ({sql}) LIMIT 0")
    engine.register("_fetched", elsewhere.query(sql))
    engine.run(f"INSERT INTO {quoted(table)} SELECT * FROM _fetched")
    engine.unregister("_fetched")


def _apart(table: str) -> str:
    return f"lake__{table}"
