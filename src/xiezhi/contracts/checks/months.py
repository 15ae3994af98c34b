"""Months → their first day. 2021-03 and 202103 are plain; other forms, and whole dates, are repaired."""

from __future__ import annotations

import re

from xiezhi.contracts.cell import decimal_suffix, matches, whole
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.contracts.moments import AS_NUMBER, MONTH, MONTH_SERIAL, SERIAL, YEAR, day_fault, day_of, is_serial, month_of

_PLAIN = "(?:19|20)[0-9]{2}-?(?:0[1-9]|1[0-2])"
_TWO_MONTHS = f"{YEAR}[.]1{re.escape(AS_NUMBER)}"
_COMPACT = "[0-9]{6}|[0-9]{8}"
_PLAIN_FORM = "[0-9]{4}-?[0-9]{2}"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """DATE, the first of the month. The reasons are those of dates."""
    return Judgement(
        plain=matches(raw, _PLAIN),
        plain_value=f"TRY_CAST(left({raw}, 4) || '-' || right({raw}, 2) || '-01' AS DATE)",
        read=lambda text: _read(field, text),
    )


def _read(field: Field, text: str) -> Reading:
    said = whole(text, _COMPACT)
    return Reading(
        value=f"CASE WHEN {matches(said, MONTH)} THEN {month_of(said)} "
        f"WHEN {matches(said, SERIAL)} AND NOT {matches(said, MONTH_SERIAL)} THEN NULL "
        f"ELSE CAST(date_trunc('month', {day_of(said)}) AS DATE) END",
        fault=f"CASE WHEN {matches(said, _TWO_MONTHS)} THEN 'month_ambiguous' "
        f"ELSE {day_fault(said, required=field.required, also=MONTH)} END",
        repairs=(
            decimal_suffix(text, _COMPACT),
            f"CASE WHEN {is_serial(text)} THEN 'date_serial' WHEN NOT {matches(said, _PLAIN_FORM)} THEN 'date_format' END",
        ),
    )
