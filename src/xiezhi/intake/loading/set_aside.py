"""Rows set aside, as far as they could be read, kept beside the table they were meant for.

Coverage counts them: they are part of whom a model could have concerned. A row leaves again as soon as its key, or its whole
period, is delivered anew, or the file that went back brings it; so what was mended is not counted twice. Identities are numbers
here as everywhere in a lake; a cell that was not sound is NULL, and so is a text that may be somebody's name or address.
"""

from __future__ import annotations

import re
from dataclasses import replace

from xiezhi.contracts.cell import literal
from xiezhi.contracts.field import CODE_ENDINGS
from xiezhi.contracts.kinds import LoadMode
from xiezhi.engines.duckdb_engine import DuckDB, quoted, scan_sql
from xiezhi.intake.loading.dedupe import Loading
from xiezhi.intake.receipts.delivered_again import Back, Brought
from xiezhi.kernel.masking import may_name_somebody
from xiezhi.kernel.tables import SET_ASIDE
from xiezhi.lake.writer import Change

_YEAR = re.compile("(?:19|20)[0-9]{2}")
_DWELLING = re.compile("村|路|街|巷|弄|组|小区|栋|幢|单元|室")

_NAMED = "EXISTS (SELECT 1 FROM named AS n WHERE n._delivery = t._delivery AND n._row = t._row)"
"""Of a row set aside (alias `t`): a file that went back names it."""


def keep_set_aside(engine: DuckDB, change: Change, loading: Loading, broken: str, delivery: int, brought: Brought) -> bool:
    """Bring a decided stage's rows set aside into `change`, and take out those delivered anew. Returns whether any did.

    What came again is noted in `brought`.

    `broken`: the table of rows that a reader broke off, of which nothing but `_row` is known.
    """
    name = loading.table.name + SET_ASIDE
    removed = _take_out(engine, change, loading, name, brought)
    stage, conflicts = loading.stage, "SELECT count(*) FROM outcome WHERE fate = 'conflict'"
    if not stage.faulty + engine.value(f"SELECT count(*) FROM {broken}"):
        brought.unkeyed = engine.value(conflicts)
        return removed > 0
    faulty = f"s._row IN (SELECT _row FROM {stage.marks} WHERE _faults IS NOT NULL)"
    rows = _nameless(engine, loading, stage.select({name: stage.lake(name) for name in loading.content}, faulty, sound=False))
    columns = ", ".join(quoted(column) for column in loading.content)
    nothing = ", ".join(f"NULL AS {quoted(column)}" for column in loading.content)
    both = f"SELECT {columns}, _row FROM ({rows}) UNION ALL SELECT {nothing}, _row FROM {broken}"
    brought.unkeyed = engine.value(f"SELECT count(*) FROM ({both}) WHERE {_no_key(loading)}") + engine.value(conflicts)
    path = change.new_file(name)
    types = loading.table.lake_columns()
    typed = ", ".join(f"CAST({quoted(column)} AS {types[column]}) AS {quoted(column)}" for column in loading.content)
    engine.write_parquet(f"SELECT {typed}, {delivery}::INTEGER AS _delivery, _row FROM ({both}) ORDER BY _row", path)
    change.append(name, types, path)
    return True


def _nameless(engine: DuckDB, loading: Loading, rows: str) -> str:
    """The rows without texts that may name somebody: with columns shifted, a name stands where an item or an office belongs.

    What an accepted row says in the same column, of this delivery or one before, is the name of an office or a place (安平镇).
    """
    types = loading.table.lake_columns()
    if not any(field.identity for field in loading.table.fields):
        return rows  # nobody's name is in such a table, whatever its columns are shifted by
    columns = [name for name in loading.content if types[name] == "VARCHAR" and not name.endswith("_grade")]
    asked = (f"SELECT DISTINCT '{name}' AS name, {quoted(name)} AS said FROM rows WHERE {quoted(name)} <> ''" for name in columns)
    texts = engine.rows(f"WITH rows AS ({rows}) {' UNION ALL '.join(asked)}") if columns else []
    replaced = []
    for column in columns:
        number = column in loading.key or column.endswith(CODE_ENDINGS)
        said = (row["said"] for row in texts if row["name"] == column)
        suspected = [one for one in said if may_name_somebody(one) and not (number and _numbers_a_record(one))]
        known = _said_by_accepted_rows(engine, loading, column, suspected) if suspected else set()
        if hidden := ", ".join(literal(said) for said in suspected if said not in known):
            replaced.append(f"CASE WHEN {quoted(column)} NOT IN ({hidden}) THEN {quoted(column)} END AS {quoted(column)}")
    return f"SELECT * REPLACE ({', '.join(replaced)}) FROM ({rows})" if replaced else rows


def _numbers_a_record(text: str) -> bool:
    """Whether it is one, though it begins like a name: 金财采购-2024-12. By it a row is found again."""
    return any(char.isdigit() for char in text) and (_YEAR.search(text) is not None or _DWELLING.search(text) is None)


def _said_by_accepted_rows(engine: DuckDB, loading: Loading, column: str, texts: list[str]) -> set[str]:
    accepted = loading.stage.select({column: loading.stage.lake(column)})
    held = f" UNION SELECT {quoted(column)} FROM ({scan_sql(loading.held)})" if column in loading.held.columns else ""
    among = ", ".join(map(literal, texts))
    both = f"SELECT {quoted(column)} AS said FROM ({accepted}){held}"
    return {row["said"] for row in engine.rows(f"SELECT DISTINCT said FROM ({both}) WHERE said IN ({among})")}


def _no_key(loading: Loading) -> str:
    """Whether a row can be found again by no key: a part of it is missing, or the table has none."""
    if not loading.contract.key_of(loading.table):
        return "true"
    return " OR ".join(f"{quoted(column)} IS NULL" for column in loading.key)


def _note(engine: DuckDB, live: str, loading: Loading, brought: Brought, anew: str) -> None:
    """Note which rows of `live` (alias `t`) came again under their key, and which go with their period (`anew`)."""
    keyed = bool(loading.contract.key_of(loading.table))
    same = " AND ".join(f"b.{quoted(column)} = t.{quoted(column)}" for column in loading.key)
    came = f"EXISTS (SELECT 1 FROM brought AS b WHERE {same})" if keyed else "false"
    if keyed:
        accepted = loading.stage.select(
            {column: loading.stage.lake(column) for column in loading.key},
            "s._row NOT IN (SELECT _row FROM outcome WHERE fate = 'conflict')",
        )
        engine.run(f"CREATE OR REPLACE TEMP TABLE accepted AS SELECT * FROM ({accepted})")
        sound = f"EXISTS (SELECT 1 FROM accepted AS b WHERE {same})"
        found = engine.rows(f"SELECT t._delivery, t._row, {sound} AS sound FROM ({live}) AS t WHERE {came}")
        brought.rows = [Back(row["_delivery"], row["_row"], row["sound"], keyed=True) for row in found]
    rest = f"SELECT t._delivery, count(*) AS rows FROM ({live}) AS t WHERE ({anew}) AND NOT {came} GROUP BY t._delivery"
    brought.anew = {row["_delivery"]: row["rows"] for row in engine.rows(rest)}
    if brought.numbers:
        own = engine.rows(f"SELECT _delivery, _row FROM ({live}) AS t WHERE {_NAMED} AND NOT ({_no_key(loading)})")
        known = {(row["_delivery"], row["_row"]) for row in own}
        brought.numbers = [replace(one, keyed=(one.delivery, one.row) in known) for one in brought.numbers]


def _take_out(engine: DuckDB, change: Change, loading: Loading, name: str, brought: Brought) -> int:
    """Rows set aside before, of a key or a period that this delivery brings or named by their numbers, accepted or not."""
    if not change.live_files(name):
        return 0
    stage = loading.stage
    conditions, anew = [], "false"
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
        anew = f"t.{quoted(period)} IN (SELECT p FROM periods)"
        conditions.append(anew)
    if brought.numbers:
        named = ", ".join(f"({one.delivery}, {one.row})" for one in brought.numbers)
        engine.run(f"CREATE OR REPLACE TEMP TABLE named AS SELECT * FROM (VALUES {named}) AS v(_delivery, _row)")
        conditions.append(_NAMED)
    live = change.table(name, loading.table.lake_columns())
    _note(engine, scan_sql(live), loading, brought, anew)
    return change.delete_rows(engine, name, " OR ".join(conditions)) if conditions else 0
