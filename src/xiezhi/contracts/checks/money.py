"""Amounts of money → whole fen (分), by exact decimal arithmetic: no float touches a yuan."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

_DECIMALS = {Unit.FEN: 0, Unit.YUAN: 2, Unit.MAJOR: 2, Unit.TEN_THOUSAND: 6}
"""Decimals that are still whole fen in each unit."""

_DIGITS = {Unit.FEN: 15, Unit.YUAN: 13, Unit.MAJOR: 13, Unit.TEN_THOUSAND: 9}
"""Digits before the point: up to ten million million yuan, which no budget of a city reaches and BIGINT holds."""

_PLAIN_DIGITS = _DIGITS | {Unit.TEN_THOUSAND: 6}
"""Digits for which value, decimals and factor fit an 18-digit decimal, which is cheaper than one of 38."""

_SIGN = "(?:[+-]?[￥¥]? *|[￥¥] *[+-]? *)"
_PLAIN = "-?[0-9]+(?:[.][0-9]+)?"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Separators, ￥ and a unit written behind the number are repaired; a fraction of a fen is `amount_malformed`.

    A unit in the cell itself (`3.5万元`) overrides the header's and the contract's.
    """
    if unit is None:
        raise ValueError(f"{field.name} has no unit")
    stated = (("万元?", Unit.TEN_THOUSAND), ("[元圆]整?", Unit.YUAN), ("", unit))
    places = f"(?:[.][0-9]{{1,{_DECIMALS[unit]}}})?" if _DECIMALS[unit] else ""
    return Judgement(
        plain=matches(raw, f"-?[0-9]{{1,{_PLAIN_DIGITS[unit]}}}{places}"),
        plain_value=_fen(raw, unit, 18),
        read=lambda text: Reading(
            value=f"CASE {' '.join(_case(text, one, suffix) for suffix, one in stated)} END",
            fault="'amount_malformed'",
            repairs=(f"CASE WHEN NOT {matches(text, _PLAIN)} THEN 'amount_format' END",),
        ),
    )


def _case(text: str, unit: Unit, suffix: str) -> str:
    digits = f"regexp_replace({text}, '[^0-9.-]', '', 'g')"
    return f"WHEN {matches(text, _shape(unit, suffix))} THEN {_fen(digits, unit, 38)}"


def _shape(unit: Unit, suffix: str) -> str:
    """An amount of `unit`: further decimals may follow only where they are zeros."""
    digits = _DIGITS[unit]
    whole = f"(?:[0-9]{{1,{digits}}}|[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,{digits // 3 - 1}}})"
    return f"{_SIGN}{whole}(?:[.][0-9]{{0,{_DECIMALS[unit]}}}0*)? *{suffix}"


def _fen(text: str, unit: Unit, width: int) -> str:
    """Fen of a plain decimal text, reckoned with `width` digits: they must hold the product, or the query breaks."""
    places = _DECIMALS[unit]
    return f"CAST(TRY_CAST({text} AS DECIMAL({width}, {places})) * {10**places} AS BIGINT)"
