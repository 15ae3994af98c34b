"""Moments that cannot be: before another of their row (a death before the birth), or after the day of receipt."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.moments import site_day
from xiezhi.identity.grading import derive_sql
from xiezhi.intake.rows.stage import Stage
from xiezhi.kernel import clock


def out_of_order(stage: Stage, column: str) -> Iterator[str]:
    """SELECT of the rows in which a column's moment cannot be, as marks (`_row, fault, repair, place`), where there are any."""
    field = stage.fields[column]
    if field.not_before and field.not_before in stage.source.fields:
        earlier = stage.source.fields[field.not_before]
        yield from marked(stage, column, f"{_day(stage, column)} < {_day(stage, earlier)}", "before_other")
    if field.ahead is not None:
        latest = f"DATE '{clock.today().isoformat()}' + INTERVAL {field.ahead} MONTH"
        yield from marked(stage, column, f"{_day(stage, column)} > {latest}", "in_the_future")


def marked(stage: Stage, column: str, where: str, fault: str) -> Iterator[str]:
    """Marks of a column's rows that meet a condition, where there are any."""
    if stage.engine.value(f"SELECT count(*) FROM ({stage.joined('SELECT 1', where)} LIMIT 1)"):
        place = stage.source.columns.index(column)
        said = f"'{stage.fields[column].name}={fault}' AS fault, NULL AS repair, {place} AS place"
        yield stage.joined(f"SELECT s._row, {said}", where)


def _day(stage: Stage, column: str) -> str:
    """DATE on the site's calendar: of a moment, or of the birth that a citizen id tells."""
    value, field = stage.part(column, "v"), stage.fields[column]
    if field.identity:
        return derive_sql(value)["birth_date"]
    return site_day(value) if field.kind is FieldKind.TIMESTAMP else value
