"""What a row says against itself: another birth or sex than its id tells, somebody who is their own relative, a part that is more
than the whole."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import FieldKind
from xiezhi.identity.grading import derive_sql
from xiezhi.intake.rows.chronology import marked
from xiezhi.intake.rows.stage import Stage


def contradicted(stage: Stage, column: str) -> Iterator[str]:
    """SELECT of the rows in which a column contradicts another, as marks (`_row, fault, repair, place`), where there are any."""
    field, columns = stage.fields[column], stage.source.fields
    value = stage.part(column, "v")
    if field.agrees_with and field.agrees_with in columns:
        told = derive_sql(stage.part(columns[field.agrees_with], "v"))
        yield from marked(
            stage, column, f"{value} <> {told['birth_date' if field.kind is FieldKind.DATE else 'sex']}", "differs_from_id"
        )
    if field.differs_from and field.differs_from in columns:
        yield from marked(stage, column, f"{value} = {stage.part(columns[field.differs_from], 'v')}", "same_as_other")
    if field.not_above and field.not_above in columns:
        whole = stage.part(columns[field.not_above], "v")  # of what is taken back, both are negative
        yield from marked(stage, column, f"abs({value}) > abs({whole})", "above_other")
