"""Releases set aside, as far as they could be read, kept beside the six tables: part of whom a rule could have concerned.

They leave again as soon as their process is delivered anew. A text that could not be read at all is a process unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from xiezhi.contracts.judge import judge_texts
from xiezhi.contracts.model import PROVENANCE
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.rows.stage import Stage
from xiezhi.kernel.tables import SET_ASIDE
from xiezhi.lake.writer import Change


def keep_aside(
    engine: DuckDB, change: Change, stages: Sequence[Stage], rows: str, broken: str, delivered: str, delivery: int
) -> bool:
    """Bring rows set aside into `change`, and take out those of processes delivered anew. Returns whether anything changes.

    `rows`: SELECT of the `_row`s that are set aside; `broken`: table of texts that are no release; `delivered`: SELECT of ocids.
    """
    said = (
        f"SELECT _row, CASE WHEN json_valid(cells[1]) THEN TRY(json_extract_string(cells[1], '$.ocid')) END AS raw FROM {broken}"
    )
    ocids = judge_texts(stages[0].table.field("ocid"), f"({said})")
    engine.run(f"CREATE OR REPLACE TEMP TABLE broken_ocids AS SELECT v AS ocid, _row FROM ({ocids})")
    anew = f"t.ocid IN ({delivered} UNION SELECT ocid FROM broken_ocids WHERE ocid IS NOT NULL)"
    changes = False
    for number, stage in enumerate(stages):
        name, types = stage.table.name + SET_ASIDE, stage.table.lake_columns()
        if change.live_files(name):
            changes = change.delete_rows(engine, name, anew) > 0 or changes
        content = [column for column in types if column not in PROVENANCE]
        found = stage.select({column: stage.lake(column) for column in content}, f"s._row IN ({rows})", sound=False)
        every = f"SELECT * FROM ({found})" + (" UNION ALL BY NAME SELECT ocid, _row FROM broken_ocids" if number == 0 else "")
        if not engine.value(f"SELECT count(*) FROM ({every})"):
            continue
        path = change.new_file(name)
        typed = ", ".join(f"CAST({quoted(column)} AS {types[column]}) AS {quoted(column)}" for column in content)
        engine.write_parquet(f"SELECT {typed}, {delivery}::INTEGER AS _delivery, _row FROM ({every}) ORDER BY _row", path)
        change.append(name, types, path)
        changes = True
    return changes
