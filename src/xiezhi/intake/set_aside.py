"""Rows set aside, as far as they could be read, kept beside the table they were meant for.

Coverage counts them: they are part of whom a model could have concerned. A row leaves again as soon as its key, or its whole
period, is delivered anew; so what was mended is no longer missed. Identities are numbers here as everywhere in a lake, and a
cell that was not sound is NULL.
"""

from __future__ import annotations

from xiezhi.contracts.kinds import LoadMode
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.dedupe import Loading
from xiezhi.kernel.tables import SET_ASIDE
from xiezhi.lake.writer import Change


def keep_set_aside(engine: DuckDB, change: Change, loading: Loading, broken: str, delivery: int) -> bool:
    """Bring a decided stage's rows set aside into `change`, and take out those delivered anew. Returns whether any did.

    `broken`: the table of rows that a reader broke off, of which nothing but `_row` is known.
    """
    name = loading.table.name + SET_ASIDE
    removed = _take_out(engine, change, loading, name)
    stage = loading.stage
    faulty = f"s._row IN (SELECT _row FROM {stage.marks} WHERE _faults IS NOT NULL)"
    rows = stage.select({column: stage.lake(column) for column in loading.content}, faulty, sound=False)
    columns = ", ".join(quoted(column) for column in loading.content)
    nothing = ", ".join(f"NULL AS {quoted(column)}" for column in loading.content)
    both = f"SELECT {columns}, _row FROM ({rows}) UNION ALL SELECT {nothing}, _row FROM {broken}"
    if not engine.value(f"SELECT count(*) FROM ({both})"):
        return removed > 0
    path = change.new_file(name)
    types = loading.table.lake_columns()
    typed = ", ".join(f"CAST({quoted(column)} AS {types[column]}) AS {quoted(column)}" for column in loading.content)
    engine.write_parquet(f"SELECT {typed}, {delivery}::INTEGER AS _delivery, _row FROM ({both}) ORDER BY _row", path)
    change.append(name, types, path)
    return True


def _take_out(engine: DuckDB, change: Change, loading: Loading, name: str) -> int:
    """Rows set aside before, of a key or a period that this delivery brings, accepted or not."""
    if not change.live_files(name):
        return 0
    stage = loading.stage
    conditions = []
    if loading.contract.key_of(loading.table):
        keys = ", ".join(quoted(column) for column in loading.key)
        engine.run(
            "CREATE OR REPLACE TEMP TABLE brought AS"
            f" SELECT DISTINCT {keys} FROM ({stage.select({column: stage.lake(column) for column in loading.key}, sound=False)})"
        )
        same = " AND ".join(f"b.{quoted(column)} = t.{quoted(column)}" for column in loading.key)
        conditions.append(f"EXISTS (SELECT 1 FROM brought AS b WHERE {same})")
    if loading.contract.load_mode is LoadMode.REPLACE_PERIOD:
        period = loading.contract.period or ""
        engine.run(f"CREATE OR REPLACE TEMP TABLE periods AS SELECT DISTINCT p FROM ({stage.select({'p': stage.lake(period)})})")
        conditions.append(f"t.{quoted(period)} IN (SELECT p FROM periods)")
    return change.delete_rows(engine, name, " OR ".join(conditions)) if conditions else 0
