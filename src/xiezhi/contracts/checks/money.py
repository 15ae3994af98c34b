"""Amounts of money → whole fen (分), by exact decimal arithmetic: no float touches a yuan."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import FEN_PLACES, Unit
from xiezhi.contracts.model import Field

_DIGITS = {unit: 15 - places for unit, places in FEN_PLACES.items()}
"""Digits before the point: up to ten million million yuan, which no budget of a city reaches and BIGINT holds."""

_NARROW = 2
"""Decimals up to which an amount and its factor fit into one cast."""

_SIGN = "(?:(?:人民币|RMB|CNY)[:：]? *)?(?:[+-]?[￥¥]? *|[￥¥] *[+-]? *)"
_NOISE = "(?:0{6,}[1-9][0-9]?|9{6,}[0-9]{0,2})"
"""What binary arithmetic leaves behind the decimals that were meant: 1234.5600000000002, 1234.5599999999999."""

_EXACT = 15
"""Digits from the first that is not 0 up to which a double (IEEE 754) is exact: what has fewer was meant, like 0.0000001."""

_STATED = {
    "亿元?": Unit.HUNDRED_MILLION,
    "千万元?": Unit.TEN_MILLION,
    "百万元?": Unit.MILLION,
    "万元?": Unit.TEN_THOUSAND,
    "[元圆]": Unit.YUAN,
    "角": Unit.JIAO,
    "分": Unit.FEN,
}
"""Units as cells say them."""

_BEHIND = "(?:人民币)?整?"
"""What may follow a unit: registers write 500万元人民币, bills 100元整."""

_PER = {"公斤": "公斤|千克|kg|KG"}
"""What the one for which an amount is may be written as in a cell; others as the contract has it."""

_IN_THREE = f"(?:[0-9]{{1,12}})[元圆][0-9]角(?:[0-9]分)?{_BEHIND}"
"""123元5角."""

_PLAIN = "-?[0-9]+(?:[.][0-9]+)?"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Separators, ￥ and a unit written behind the number are repaired; a fraction of a fen is `amount_fraction`.

    A unit in the cell itself (`3.5万元`) overrides the header's and the contract's. Noise of binary arithmetic is rounded away.
    """
    assert unit is not None  # no contract of money loads without one
    per = f"(?:(?:/|每)(?:{_PER.get(field.per, field.per)}))?" if field.per else ""
    stated = (*((f"{said}{_BEHIND}{per}", of) for said, of in _STATED.items()), ("", unit))
    places = f"(?:[.][0-9]{{1,{FEN_PLACES[unit]}}})?" if FEN_PLACES[unit] else ""
    fraction = f"-?[0-9]{{1,12}}[.][0-9]{{{FEN_PLACES[unit] + 1},}}"
    return Judgement(
        plain=matches(raw, f"-?[0-9]{{1,{_DIGITS[unit]}}}{places}"),
        plain_value=_fen(raw, unit),
        read=lambda text: Reading(
            value=f"CASE {' '.join(_case(text, one, suffix) for suffix, one in stated)} {_in_three(text)} "
            f"WHEN {_noisy(text, unit)} THEN {_fen(text, unit)} END",
            fault=f"CASE WHEN {matches(text, fraction)} THEN 'amount_fraction' ELSE 'amount_malformed' END",
            repairs=(
                f"CASE WHEN NOT {matches(text, _PLAIN)} THEN 'amount_format' END",
                f"CASE WHEN {_noisy(text, unit)} THEN 'binary_noise' END",
            ),
        ),
    )


def _case(text: str, unit: Unit, suffix: str) -> str:
    digits = f"regexp_replace({text}, '[^0-9.-]', '', 'g')"
    return f"WHEN {matches(text, _shape(unit, suffix))} THEN {_fen(digits, unit)}"


def _in_three(text: str) -> str:
    """The case of 123元5角6分: the yuan's character stands where the point would."""
    yuan = f"regexp_replace(regexp_replace({text}, '[元圆]', '.'), '[^0-9.]', '', 'g')"
    return f"WHEN {matches(text, _IN_THREE)} THEN {_fen(yuan, Unit.YUAN)}"


def _noisy(text: str, unit: Unit) -> str:
    """Whether nothing but noise stands behind the last whole fen; the cast to fen then rounds it away."""
    places = FEN_PLACES[unit]
    noisy = matches(text, f"-?[0-9]{{1,{_DIGITS[unit]}}}[.][0-9]{{0,{places}}}{_NOISE}")
    digits = f"length(regexp_replace({text}, '^[-0.]+|[.]', '', 'g'))"
    return f"({noisy} AND {digits} >= {_EXACT} AND NOT {matches(text, _shape(unit, ''))})"


def _shape(unit: Unit, suffix: str) -> str:
    """An amount of `unit`: further decimals may follow only where they are zeros."""
    digits = _DIGITS[unit]
    groups = max(1, digits // 3 - 1)
    whole = f"(?:[0-9]{{1,{digits}}}|[0-9]{{1,{min(3, digits - 3 * groups)}}}(?:,[0-9]{{3}}){{1,{groups}}})"
    places = FEN_PLACES[unit]
    bare = f"[.](?:[0-9]{{1,{places}}}0*|0+)" if places else "[.]0+"
    return f"{_SIGN}(?:{whole}(?:[.][0-9]{{0,{places}}}0*)?|{bare}) *{suffix}"


def _fen(text: str, unit: Unit) -> str:
    """Fen of a plain decimal text, NULL where it is too long. Breaks on no text whatever: DuckDB may evaluate it anywhere.

    The narrow cast bounds the amount; the wide one gives its product with the factor room.
    """
    places = FEN_PLACES[unit]
    amount = f"TRY_CAST({text} AS DECIMAL({_DIGITS[unit] + places}, {places}))"
    room = f"CAST({amount} AS DECIMAL({_DIGITS[unit] + 2 * places}, {places}))" if places > _NARROW else amount
    return f"CAST({room} * {10**places} AS BIGINT)"
