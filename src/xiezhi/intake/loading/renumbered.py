"""The same rows again under new numbers: exported anew, every payment would count twice, and no key says so.

It is told and not refused: two payments of one person, item and day may be two, and then they differ by their number alone.
"""

from __future__ import annotations

from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.loading.dedupe import Loading, equal
from xiezhi.kernel.words import Words

SAMPLE = 1_000
"""New rows that are looked for among the held ones: joining few against many costs one reading of the held columns."""

LEAST = 20
"""New rows from which it can be told: five payments may well repeat five others."""

SHARE = 0.5

LEAST_INSIDE, SHARE_INSIDE, FEWEST_COLUMNS = 5, 0.2, 4
"""Rows, their share of the file, and the columns in which they agree, from which it is told of one file."""


def renumbered(engine: DuckDB, loading: Loading) -> Words | None:
    """The warning for a decided stage, or None. Only where one text is the key: then the sender's program gives numbers."""
    key = _number(loading)
    alike = tuple(name for name in loading.compared if name not in loading.key and name in loading.held.columns)
    if key is None or not loading.held.rows or not alike or not _sample(engine, loading, alike):
        return None
    on = equal(loading.table, alike)
    [found] = engine.rows(
        f"SELECT (SELECT count(*) FROM new_sample) AS looked, count(DISTINCT s._row) AS held"
        f" FROM lake_rows AS l JOIN new_sample AS s ON {on}"
    )
    if found["held"] < SHARE * found["looked"]:
        return None
    return Words(
        zh=f"抽查的 {found['looked']} 个新行中有 {found['held']} 行除“{key.business_name}”外与已有的行完全相同:"
        "是否换了新编号重新导出?若是,同一笔会重复计算",
        en=f"{found['held']} of {found['looked']} sampled rows equal held rows in everything but {key.title_en}:"
        " were they exported again under new numbers? Then each counts twice",
    )


def numbered_twice(engine: DuckDB, loading: Loading) -> Words | None:
    """The warning that rows of one file equal others in everything but their number: a block that was pasted twice."""
    key = _number(loading)
    delivered = [name for name in loading.compared if name in loading.stage.source.fields and name not in loading.key]
    if key is None or loading.stage.total < 2 * LEAST_INSIDE or len(delivered) < FEWEST_COLUMNS:
        return None
    content = ", ".join(loading.stage.text(name) for name in delivered)
    hashes = loading.stage.select({"h": f"hash({content})"})
    alike = f"SELECT count(*) - 1 AS again, max(_row) AS last FROM ({hashes}) GROUP BY h HAVING count(*) > 1"
    [found] = engine.rows(f"SELECT coalesce(sum(again), 0) AS rows, min(last) AS first FROM ({alike})")
    if found["rows"] < max(LEAST_INSIDE, SHARE_INSIDE * loading.stage.total):
        return None
    return Words(
        zh=f"文件内有 {found['rows']} 行除“{key.business_name}”外与别的行完全相同(如第 {found['first']} 行):"
        "是否同一段粘贴了两次?若是,同一笔会重复计算",
        en=f"{found['rows']} rows of the file equal others in everything but {key.title_en} (row {found['first']}):"
        " was a block pasted twice? Then each counts twice",
    )


def _number(loading: Loading) -> Field | None:
    if len(loading.key) != 1 or loading.key[0] not in {field.name for field in loading.table.fields}:
        return None
    field = loading.table.field(loading.key[0])
    return field if field.kind is FieldKind.TEXT else None


def _sample(engine: DuckDB, loading: Loading, alike: tuple[str, ...]) -> bool:
    """Table `new_sample`: some of the rows that are new to the lake. False: they are too few."""
    stage = loading.stage
    new = "s._row NOT IN (SELECT _row FROM outcome)"
    rows = stage.select({}, new)
    if engine.value(f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) LIMIT {LEAST})") < LEAST:
        return False
    engine.run(f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT _row FROM ({rows}) ORDER BY hash(_row) LIMIT {SAMPLE}")
    columns = stage.select({name: stage.lake(name) for name in alike}, "s._row IN (SELECT _row FROM chosen)")
    engine.run(f"CREATE OR REPLACE TEMP TABLE new_sample AS SELECT _row, {', '.join(map(quoted, alike))} FROM ({columns})")
    return True
