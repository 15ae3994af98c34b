"""Numbers of JSON → amounts with two decimals: exact, or mended where binary arithmetic shows, or rounded and said to be."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import NamedTuple

CENT = Decimal("0.01")
_EXACT = Context(prec=60)
_ROOM = Decimal(10) ** 18
"""Longer amounts are left as they are: the contract says what becomes of them."""

_NOISY = 15
"""Significant digits from which a number is a double that was written out (a double holds 15 to 17)."""

_ULPS = 4
"""Units in the last place by which a few additions of doubles may miss a sum: 0.1 + 0.2 misses by one."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class Amount(NamedTuple):
    """The amount's text for the contract to judge (None: nothing to keep), and the word for what was done, if anything was."""

    text: str | None
    word: str | None


def tidy(text: str) -> str:
    """A number without exponent and idle zeros; any other text as it is. So 1.5E7, 15000000 and 15000000.0 are one."""
    value = _number(text)
    return text if value is None else _plain(value)


def amounts(said: Sequence[str | None]) -> list[Amount]:
    """Amounts that stand beside one another, such as the prices of one currency's bids.

    Decimals beyond the second are rounded and said to be. Two amounts that differ never become one: those are left out.
    """
    read = [(_number(text) if text else None) for text in said]
    found = [_amount(text, value) for text, value in zip(said, read, strict=True)]
    exact: dict[str, set[Decimal]] = {}
    for one, value in zip(found, read, strict=True):
        if one.text is not None and value is not None:
            exact.setdefault(one.text, set()).add(Decimal(one.text) if one.word == "binary_noise" else value)
    too_fine = {text for text, values in exact.items() if len(values) > 1}
    return [Amount(None, "amount_too_fine") if one.word == "amount_rounded" and one.text in too_fine else one for one in found]


def _amount(text: str | None, value: Decimal | None) -> Amount:
    if value is None or abs(value) >= _ROOM:
        return Amount(text, None)
    if value < 0:
        return Amount(None, "amount_negative")
    rounded = value.quantize(CENT, ROUND_HALF_UP, _EXACT)
    if rounded == value:
        return Amount(_plain(value), None)
    if len(value.as_tuple().digits) >= _NOISY and abs(rounded - value) <= _ULPS * Decimal(math.ulp(float(value))):
        return Amount(_plain(rounded), "binary_noise")
    return Amount(_plain(rounded), "amount_rounded") if rounded else Amount(None, "amount_too_fine")


def _number(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text.strip()):
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if not value or -40 < value.adjusted() < 40 else None


def _plain(value: Decimal) -> str:
    said = f"{value:f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said
