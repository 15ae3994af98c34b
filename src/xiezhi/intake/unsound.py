"""Numbers and names that are read as nothing because nobody can say whose they are, in rows that are kept all the same.

An account that a spreadsheet cut short joins with no other. Unless the sender hears of it, half a column may be missing and every
row accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import Unsound
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.nothing import PLACEHOLDER
from xiezhi.intake.account import EXAMPLES
from xiezhi.intake.receipt import Example, Remark
from xiezhi.intake.stage import Stage

_READ = ("sound", "repaired")


def unsound_identities(engine: DuckDB, stage: Stage) -> Iterator[Remark]:
    """One remark per such column and grade, most rows first. Words for nothing (无) are no loss, and none is made of them."""
    for column, field in stage.fields.items():
        if not field.identity or field.unsound is Unsound.SET_ASIDE:
            continue
        grade = stage.part(column, "j")
        lost = f"({grade}) NOT IN {(*_READ, PLACEHOLDER)}"
        if not engine.value(f"SELECT count(*) FROM (SELECT 1 {stage.judged_from(column)} WHERE {lost} LIMIT 1)"):
            continue
        graded = stage.joined(f"SELECT s._row, {grade} AS grade", f"{lost} AND {stage.sound()}")
        found = f"SELECT grade, count(*) AS rows, min(_row, {EXAMPLES}) AS first FROM ({graded}) GROUP BY grade"
        for row in engine.rows(f"{found} ORDER BY rows DESC, grade"):
            cells = stage.show(field.name, row["first"])
            examples = [Example(row=number, shown=cells.get(number)) for number in row["first"]]
            yield Remark(column=field.name, remark=row["grade"], count=row["rows"], examples=examples)
