"""Months → their first day. 2021-03 and 202103 are plain; other forms, and whole dates, are repaired."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.contracts.moments import MONTH, day_fault, day_of, is_serial, month_of

_PLAIN = "(?:19|20)[0-9]{2}-?(?:0[1-9]|1[0-2])"
_PLAIN_FORM = "[0-9]{4}-?[0-9]{2}"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """DATE, the first of the month. The reasons are those of dates."""
    return Judgement(
        plain=matches(raw, _PLAIN),
        plain_value=f"TRY_CAST(left({raw}, 4) || '-' || right({raw}, 2) || '-01' AS DATE)",
        read=lambda text: Reading(
            value=f"CASE WHEN {matches(text, MONTH)} THEN {month_of(text)} "
            f"ELSE CAST(date_trunc('month', {day_of(text)}) AS DATE) END",
            fault=day_fault(text, required=field.required, also=MONTH),
            repairs=(
                f"CASE WHEN {is_serial(text)} THEN 'date_serial' WHEN NOT {matches(text, _PLAIN_FORM)} THEN 'date_format' END",
            ),
        ),
    )
