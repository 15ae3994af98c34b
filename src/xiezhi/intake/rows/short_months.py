"""Months that lost their nought: in a column of 2024.01, 2024.02 … the text 2024.1 is no January, but the number 2024.10.

A spreadsheet that keeps months as numbers writes them so to CSV. Only the column tells: alone, 2024.1 is how many write January.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.cell import BLANKS, literal
from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.moments import YEAR
from xiezhi.intake.rows.stage import Stage

_SHORT, _FULL = f"{YEAR}[.]1", f"{YEAR}[.]0[1-9]"


def short_months(stage: Stage, column: str) -> Iterator[str]:
    """SELECT of the rows of such months, as marks (`_row, fault, repair, place`), where there are any."""
    field = stage.fields[column]
    if field.kind is not FieldKind.MONTH:
        return
    raw = f"trim({stage.raw(column)}, {literal(BLANKS)})"
    short, full = (f"regexp_full_match({raw}, {literal(form)})" for form in (_SHORT, _FULL))
    if stage.engine.value(f"SELECT count(*) FILTER ({short}) > 0 AND count(*) FILTER ({full}) > 0 {stage.judged_from(column)}"):
        place = stage.source.columns.index(column)
        yield stage.joined(f"SELECT s._row, '{field.name}=month_ambiguous' AS fault, NULL AS repair, {place} AS place", short)
