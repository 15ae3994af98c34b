"""Region codes: 12 digits of the statistical division code; the shorter codes of higher levels are filled with zeros."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

_CODE = "[1-9](?:[0-9]{5}|[0-9]{8}|[0-9]{11})(?:[.]0+)?"
"""County (6), town (9) and village (12) codes of GB/T 2260 and the statistical division rules."""


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """BIGINT of 12 digits; `region_malformed` for any other length."""
    return Judgement(matches(raw, "[1-9][0-9]{11}"), f"TRY_CAST({raw} AS BIGINT)", _read)


def _read(text: str) -> Reading:
    digits = f"regexp_replace({text}, '[.].*', '')"
    return Reading(
        value=f"CASE WHEN {matches(text, _CODE)} THEN TRY_CAST(rpad({digits}, 12, '0') AS BIGINT) END",
        fault="'region_malformed'",
        repairs=(f"CASE WHEN contains({text}, '.') THEN 'decimal_suffix' END",),
    )
