"""Codes of which a spreadsheet made a date: whoever typed 1-2 finds 2025-01-02, 2-Jan or 1月2日, and the code itself is lost.

Only of codes can that be said. In any other text a date may well be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.cell import BLANKS, literal
from xiezhi.intake.rows.stage import Stage

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = "(?:[1-9]|[0-2][0-9]|3[01])"
SPELT = f"{_DAY}-{_MONTH}(?:-[0-9]{{2,4}})?|{_MONTH}-[0-9]{{2}}|(?:[1-9]|1[0-2])月{_DAY}日|[0-9a-z:.,+ -]+\\(日期\\)"
"""How spreadsheets show such a date, and so write it to CSV. RE2 reads it."""


def became_dates(stage: Stage, column: str) -> Iterator[str]:
    """SELECT of the rows whose code became a date, as marks (`_row, fault, repair, place`), where there are any."""
    field = stage.fields[column]
    if field.name not in stage.source.codes:
        return
    raw = stage.raw(column)
    where = f"regexp_full_match(trim({raw}, {literal(BLANKS)}), {literal(SPELT)})"
    if stage.engine.value(f"SELECT count(*) FROM (SELECT 1 {stage.judged_from(column)} WHERE {where} LIMIT 1)"):
        place = stage.source.columns.index(column)
        yield stage.joined(f"SELECT s._row, '{field.name}=key_became_date' AS fault, NULL AS repair, {place} AS place", where)
