"""Numbers and names that are read as nothing because nobody can say whose they are, in rows that are kept all the same; and ids
under which a delivery has several names.

An account that a spreadsheet cut short joins with no other. Unless the sender hears of it, half a column may be missing and every
row accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import Unsound
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.nothing import PLACEHOLDER
from xiezhi.intake.receipts.account import EXAMPLES
from xiezhi.intake.receipts.receipt import Example, Remark
from xiezhi.intake.rows.stage import Stage
from xiezhi.kernel.identity_kind import IdentityKind

PERSON, NAME = "person", "name"
"""How contracts call whom a row is about."""

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


def two_names(engine: DuckDB, stage: Stage) -> Iterator[Remark]:
    """One remark where one citizen id stands beside different names: one of the rows is of somebody else."""
    ids = [column for column, field in stage.fields.items() if field.name == PERSON and field.identity is IdentityKind.CITIZEN_ID]
    names = [column for column, field in stage.fields.items() if field.name == NAME and field.identity is IdentityKind.NAME]
    for column, name in zip(ids, names, strict=False):
        person, called = stage.part(column, "v"), stage.part(name, "v")
        pairs = stage.joined(
            f"SELECT s._row, {person} AS person, {called} AS called", f"{person} IS NOT NULL AND {stage.sound()}"
        )
        several = f"SELECT max(_row) AS row, min(_row) AS first FROM ({pairs}) GROUP BY person HAVING min(called) <> max(called)"
        found = engine.rows(f"SELECT row, count(*) OVER () AS several FROM ({several}) ORDER BY first LIMIT {EXAMPLES}")
        if found:
            cells = stage.show(stage.fields[name].name, [one["row"] for one in found])
            examples = [Example(row=one["row"], shown=cells.get(one["row"])) for one in found]
            yield Remark(column=NAME, remark="two_names", count=found[0]["several"], examples=examples)
