"""A value as a person reads it: money in yuan or in its currency, moments on the site's clock, yes and no, shares in per cent."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from xiezhi.kernel import clock
from xiezhi.kernel.words import Words
from xiezhi.rules.measures import FEN, MINOR, MONTH, SHARE, Measure

YUAN = "CNY"
NOT_KNOWN = Words(zh="未知", en="unknown")
YES, NO = Words(zh="是", en="yes"), Words(zh="否", en="no")
NO_END = Words(zh="没有终止", en="no end")
UNITS = {
    "kg": Words(zh="公斤", en="kg"),
    "days": Words(zh="天", en="days"),
    "months": Words(zh="个月", en="months"),
    "hours": Words(zh="小时", en="hours"),
    "minutes": Words(zh="分钟", en="minutes"),
    "seconds": Words(zh="秒", en="seconds"),
    "years": Words(zh="年", en="years"),
    "%": Words(zh="%", en="%"),
}
"""Units that facts declare, in words. One that is not here is shown as it is declared."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_FINE = Decimal("0.0001")


def shown(value: Any, measure: Measure | None = None, currency: str | None = None) -> Words:
    """The value with its unit, in both languages. `currency`: of an amount in minor units, as an ISO 4217 code."""
    return Words(zh=_shown(value, measure or Measure(), currency, "zh"), en=_shown(value, measure or Measure(), currency, "en"))


def _shown(value: Any, measure: Measure, currency: str | None, language: str) -> str:
    if value is None:
        return NOT_KNOWN.in_(language)
    if isinstance(value, bool):
        return (YES if value else NO).in_(language)
    if is_open_end(value):
        return NO_END.in_(language)
    number = as_decimal(value)
    unit, _slash, per = (measure.unit or "").partition("/")
    if number is not None and unit == FEN:
        return money(number, language) + _per(per, language)
    if number is not None and unit == MINOR:
        return amount(number, currency, language) + _per(per, language)
    if number is not None and unit == SHARE:
        return percent(number)
    if number is not None and not isinstance(value, str):
        return with_unit(plain(value), measure.unit, language)
    return text(value, measure)


def text(value: Any, measure: Measure) -> str:
    """A day, a month, a moment, or a text as it is."""
    if measure.type == MONTH:
        return str(value)[:7]
    if is_moment(value, measure):
        return clock.as_read(value, seconds=_has_seconds(value))
    return str(value)


def is_open_end(value: Any) -> bool:
    """Whether it is the last day there is: how facts write the end of what has not ended."""
    return as_day(value) == date.max


def is_moment(value: Any, measure: Measure) -> bool:
    """Whether it is a moment of the lake: a timestamp, or the text that JSON made of one."""
    written = isinstance(value, str) and measure.type.startswith(("TIMESTAMP", "DATETIME")) and bool(MOMENT.match(value))
    return written or isinstance(value, datetime)


def _has_seconds(value: Any) -> bool:
    given = datetime.fromisoformat(value) if isinstance(value, str) else value
    return bool(given.second or given.microsecond)


def money(fen: int | Decimal, language: str = "zh") -> str:
    """Fen as yuan with thousands separators: 123456 → 1,234.56元. A mean of prices may have parts of a fen; they are rounded."""
    return f"{hundredths(fen)}{'元' if language == 'zh' else ' yuan'}"


def amount(minor: int | Decimal, currency: str | None, language: str = "zh") -> str:
    """Hundredths of the main unit of a currency: yuan as yuan, all others with their code, and no currency said to be unknown."""
    if currency is not None and currency.strip().upper() == YUAN:
        return money(minor, language)
    code = (currency or "").strip().upper()
    if code:
        return f"{hundredths(minor)} {code}"
    return f"{hundredths(minor)}（币种未知）" if language == "zh" else f"{hundredths(minor)} (currency unknown)"


def hundredths(value: int | Decimal) -> str:
    """123456 → 1,234.56. Never through a float."""
    whole = int(Decimal(value).to_integral_value(rounding=ROUND_HALF_EVEN))
    sign, whole = ("-" if whole < 0 else ""), abs(whole)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def percent(value: Decimal) -> str:
    """0.256 → 25.6%; of what is very small three digits, so that it does not read as nought."""
    points = value * 100
    if not value or abs(value) > _FINE * 5:
        return f"{points:.1f}%"
    return f"{format(Decimal(f'{points:.3g}').normalize(), 'f')}%"


def plain(value: Any) -> str:
    """A mere number: others than whole ones to four decimals or, where they are small, four digits.

    Without separators: it may be a year or the code of a village.
    """
    number = as_decimal(value)
    if number is None:
        return str(value)
    if number == number.to_integral_value():
        return str(int(number))
    if abs(number) < _FINE:
        return f"{number:.4g}"
    return f"{number:.4f}".rstrip("0").rstrip(".")


def as_decimal(value: Any) -> Decimal | None:
    """The number exactly as it is written; None for what is none (yes and no are none, nor are texts of digits)."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_day(value: Any) -> date | None:
    """A day; None for a moment and anything else."""
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def with_unit(written: str, unit: str | None, language: str) -> str:
    """A number that is written already, and of what it is: 1.5 days, 1 day."""
    word = unit_word(unit, language)
    return written + (word.removesuffix("s") if language == "en" and written == "1" else word)


def unit_word(unit: str | None, language: str) -> str:
    """The unit as it follows a number: 公斤, ` kg`."""
    if not unit or unit == "currency":
        return ""
    word = UNITS[unit].in_(language) if unit in UNITS else unit
    return word if language == "zh" or word == "%" else f" {word}"


def _per(unit: str, language: str) -> str:
    if not unit:
        return ""
    return f"/{UNITS[unit].in_(language) if unit in UNITS else unit}"
