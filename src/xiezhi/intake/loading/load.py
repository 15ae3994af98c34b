"""A decided stage → Parquet files and row removals of one lake change, by the contract's load mode."""

from __future__ import annotations

from xiezhi.contracts.kinds import LoadMode
from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.loading.dedupe import Loading
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.lake.writer import Change

WRITING = declare("intake.before_parquet", "a delivery is judged and numbered, its data file is not begun")
WRITTEN = declare("intake.after_parquet", "a delivery's data file is written, nothing names it")


def load(engine: DuckDB, change: Change, loading: Loading, delivery: int) -> bool:
    """Put a stage's new rows into `change` and take replaced ones out. Returns whether anything changes."""
    name = loading.table.name
    removed = 0
    if loading.contract.load_mode is LoadMode.UPSERT:
        removed = _remove(engine, change, name, "SELECT l_delivery, l_row FROM outcome WHERE fate = 'replaces'")
    if loading.contract.load_mode is LoadMode.REPLACE_PERIOD:
        removed = _remove(engine, change, name, "SELECT _delivery, _row FROM dropped")
    stage = loading.stage
    engine.run("CREATE OR REPLACE TEMP TABLE not_new AS SELECT DISTINCT _row FROM outcome WHERE fate <> 'replaces'")
    engine.run(f"INSERT INTO not_new SELECT _row FROM {stage.marks} WHERE _faults IS NOT NULL")
    new = stage.total - engine.value("SELECT count(*) FROM not_new")
    if not new:
        return removed > 0
    reach(WRITING)
    path = change.new_file(name)
    rows = stage.select(
        {column: stage.lake(column) for column in loading.content}, "s._row NOT IN (SELECT _row FROM not_new)", sound=False
    )
    columns = ", ".join(quoted(column) for column in loading.content)
    written = engine.write_parquet(
        f"SELECT {columns}, {delivery}::INTEGER AS _delivery, _row FROM ({rows}) ORDER BY {_order(loading.table)}", path
    )
    assert written == new, f"{name}: {written} rows written, {new} counted"
    reach(WRITTEN)
    change.append(name, loading.table.lake_columns(), path)
    return True


def _remove(engine: DuckDB, change: Change, table: str, rows: str) -> int:
    engine.run(f"CREATE OR REPLACE TEMP TABLE leaving AS {rows}")
    if not engine.value("SELECT count(*) FROM leaving"):
        return 0
    return change.delete_rows(engine, table, "(t._delivery, t._row) IN (SELECT (a, b) FROM leaving AS v(a, b))")


def _order(table: Table) -> str:
    """Rows of one person lie together, so that a rule over persons reads whole row groups or none."""
    kinds = (IdentityKind.CITIZEN_ID, IdentityKind.CREDIT_CODE)
    holders = [field.name for kind in kinds for field in table.fields if field.identity == kind]
    return f"{quoted(holders[0])}, _row" if holders else "_row"
