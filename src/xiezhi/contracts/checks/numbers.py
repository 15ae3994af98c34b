"""Whole and decimal numbers that are not money: ages, years, counts, quantities, shares in per cent."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

_WHOLE = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"
_COUNTED = "年度?|周?岁|人|个|家|户"
"""What is counted may stand behind a whole number: 2024年, 60岁."""

_INTEGER = rf"[+-]?{_WHOLE}(?:[.]0+)? *(?:{_COUNTED})?"
_DECIMAL = rf"[+-]?(?:{_WHOLE}(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?"
_BEHIND = {Unit.PERCENT: " *%", Unit.KILOGRAM: " *(?:公斤|千克|[kK][gG])"}
"""The field's own unit may stand behind a number. Another may not: 10斤 is no 10 公斤."""

_PLAIN_DECIMAL = "-?[0-9]{1,15}(?:[.][0-9]{1,15})?"


def judge_integer(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """INTEGER. Thousands separators, a decimal `.0` and what is counted are repaired; beyond 32 bits is `out_of_range`."""
    return Judgement(matches(raw, "-?[0-9]{1,9}"), f"TRY_CAST({raw} AS INTEGER)", _read_integer)


def _read_integer(text: str) -> Reading:
    sound = matches(text, _INTEGER)
    digits = f"regexp_replace({text}, '[.].*|[^0-9-]', '', 'g')"
    return Reading(
        value=f"CASE WHEN {sound} THEN TRY_CAST({digits} AS INTEGER) END",
        fault=f"CASE WHEN {sound} THEN 'out_of_range' ELSE 'number_malformed' END",
        repairs=(
            f"CASE WHEN regexp_matches({text}, '[,+]') THEN 'amount_format' END",
            f"CASE WHEN contains({text}, '.') THEN 'decimal_suffix' END",
            f"CASE WHEN regexp_matches({text}, '(?:{_COUNTED})$') THEN 'counter_removed' END",
        ),
    )


def judge_decimal(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """DOUBLE. Thousands separators and the field's own unit behind the number are repaired."""
    behind = _BEHIND.get(unit, "") if unit else ""
    pattern = f"{_DECIMAL}(?:{behind})?"

    def read(text: str) -> Reading:
        bare = f"regexp_replace({text}, '[,+]|(?:{behind})$', '', 'g')"
        return Reading(
            value=f"CASE WHEN {matches(text, pattern)} THEN TRY_CAST({bare} AS DOUBLE) END",
            fault="'number_malformed'",
            repairs=(f"CASE WHEN NOT {matches(text, _PLAIN_DECIMAL)} THEN 'amount_format' END",),
        )

    return Judgement(
        plain=matches(raw, _PLAIN_DECIMAL),
        plain_value=f"TRY_CAST({raw} AS DOUBLE)",
        read=read,
    )
