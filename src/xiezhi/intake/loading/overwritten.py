"""What a delivery takes from rows that are held: values of columns that it does not have, and the names that ids had.

Where a newer state replaces the older one whole, a column left out empties what stood there, and names shifted by one row rename
everybody. Either may be meant; the sender hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import LoadMode
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.loading.dedupe import Loading
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.words import Words

_REPLACED = (
    "(SELECT o._row, l.* EXCLUDE (_row) FROM outcome AS o JOIN lake_rows AS l ON l._delivery = o.l_delivery AND l._row = o.l_row"
    " WHERE o.fate = 'replaces') AS h"
)
"""The held rows that give way, each with the number of the row that takes its place."""


def overwritten(engine: DuckDB, loading: Loading) -> Iterator[Words]:
    """A note on emptied columns, and one on changed names, where there are any. Call it after `decide`."""
    if loading.contract.load_mode is not LoadMode.UPSERT or not loading.held.rows:
        return
    if not engine.value("SELECT count(*) FROM (SELECT 1 FROM outcome WHERE fate = 'replaces' LIMIT 1)"):
        return
    yield from _emptied(engine, loading)
    yield from _renamed(engine, loading)


def _emptied(engine: DuckDB, loading: Loading) -> Iterator[Words]:
    delivered, held = loading.stage.source.fields, loading.held.columns
    left_out = [field for field in loading.table.fields if field.name not in delivered and field.name in held]
    if not left_out:
        return
    counts = ", ".join(f"count({quoted(field.name)}) AS {quoted(field.name)}" for field in left_out)
    [found] = engine.rows(f"SELECT {counts} FROM {_REPLACED}")
    lost = [(field.title, found[field.name]) for field in left_out if found[field.name]]
    if lost:
        yield Words(
            zh="文件没有下列各列,已有行中的内容将变为空:"
            + "、".join(f"“{title.zh}”({count} 行)" for title, count in lost)
            + ";若不是本意,请补上这些列重新报送",
            en="the file lacks columns whose content in held rows becomes empty: "
            + ", ".join(f"{title.en} ({count} rows)" for title, count in lost)
            + "; if this is not meant, deliver it again with them",
        )


def _renamed(engine: DuckDB, loading: Loading) -> Iterator[Words]:
    stage = loading.stage
    for field in loading.table.fields:
        both = field.name in stage.source.fields and field.name in loading.held.columns
        if field.identity is not IdentityKind.NAME or not both:
            continue
        names = stage.select({"called": stage.lake(field.name)}, "s._row IN (SELECT _row FROM outcome WHERE fate = 'replaces')")
        [found] = engine.rows(
            f"SELECT count(*) AS rows, min(n._row) AS first FROM ({names}) AS n JOIN {_REPLACED} ON h._row = n._row"
            f" WHERE n.called <> h.{quoted(field.name)}"
        )
        if found["rows"]:
            yield Words(
                zh=f"{found['rows']} 行的“{field.business_name}”与已有的不同(如第 {found['first']} 行),按新的入库;"
                "请核对姓名是否错行",
                en=f"{found['rows']} row(s) have another {field.title_en.lower()} than is held (row {found['first']}),"
                " which replaces it: were names shifted by a row?",
            )
