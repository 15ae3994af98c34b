"""Days, months and clocks as departments write them: RE2 patterns, and the SQL that reads a cleaned text by them."""

from __future__ import annotations

from collections.abc import Callable

from xiezhi.contracts.cell import among, decimal_suffix, literal, matches, whole
from xiezhi.contracts.judgement import Reading

ISO_DAY = "(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
"""Every ISO day of 1900–2099 except 29 February, which only a calendar can judge: a match needs no further look."""

YEAR = "(?:1[89]|2[01])[0-9]{2}"
"""Years of the living and of their papers: 1800–2199."""

OPEN_YEAR = "9999"
OPEN_END = ("长期", "至今", "永久", "长期有效")
"""How systems and people write that there is no end."""

SITE_ZONE = 480
"""Minutes east of Greenwich of the one zone of a site, Asia/Shanghai, which has had no daylight saving since 1991."""

ZONE = "(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})"
CLOCK = "([0-9]{1,2})[:时]([0-9]{1,2})分?(?::?([0-9]{1,2})(?:[.][0-9]+)?秒?)?"
SERIAL = "[1-7][0-9]{4}(?:[.][0-9]+)?"
"""Excel's days since 1899-12-30, from 1927 to 2119. Four digits would be years, and are refused."""

MONTH_SERIAL = "[3-6][0-9]{4}(?:[.][0-9]+)?"
"""Excel's days that a column of months may hold: 1982 to 2091. 20241 is a month that lost its zero, not June 1955."""

MONTH = f"(?:({YEAR}) *[-./年] *([0-9]{{1,2}}) *月?份?|({YEAR})([0-9]{{2}}))"
AS_NUMBER = "(数值)"
"""What readers write behind a number that may be two months: 2024.1 is how a spreadsheet keeps 2024.10."""

DAY = f"({YEAR}) *[-./年] *([0-9]{{1,2}}) *[-./月] *([0-9]{{1,2}})"
_TWO_SEPARATORS = f"^{YEAR} *(?:[年-] *[0-9]{{1,2}} *[./]|[年.] *[0-9]{{1,2}} *[/-]|[年/] *[0-9]{{1,2}} *[.-]) *[0-9]"
"""A range of months, as 2024.3-5 or 2024/1-12, or nothing that anybody can tell. What divides a day stays the same throughout;
月 divides months from days whatever stands before it."""

COMPACT = f"({YEAR})([0-9]{{2}})([0-9]{{2}})"
THEN = "(?: *[日号][T ]*|[T ]+)"
"""What must stand between a day and a clock: without it nobody can say where 2021.1.59:30 divides."""

MORNING = ("上午", "凌晨", "早上", "早晨", "清晨", "AM")
AFTERNOON = ("下午", "PM")
NOON, EVENING = "中午", ("晚上", "傍晚", "晚间")
_HALF_ZH = f"(?:{'|'.join((*MORNING[:-1], AFTERNOON[0], NOON, *EVENING))})"
_HALF_EN = "(?:[AaPp][.]?[Mm][.]?)"
_HALF = f"({_HALF_ZH}|{_HALF_EN})"

_TIME = f"(?:{_HALF_ZH} *|{_HALF_EN} +)?{CLOCK}(?: *{_HALF_EN})?".replace("([0-9]", "(?:[0-9]")
_BEFORE_TIME = f"(?:{DAY}(?:{THEN}| *[日号]? *{_HALF_ZH} *)|{COMPACT}[T ]+)"
_TIMED = f"{_BEFORE_TIME}{_TIME}"
_FOURTEEN = f"{COMPACT}([0-9]{{2}})([0-9]{{2}})([0-9]{{2}})"
_ZONED_DAY = f"(?:{DAY}|{COMPACT}) *{ZONE}"

_ANY_DAY = f"(?:{DAY}(?: *[日号]?(?: *{_HALF_ZH})?|(?:{THEN}| *[日号]? *{_HALF_ZH} *){_TIME} *{ZONE}?| *{ZONE})"
_ANY_DAY += f"|{COMPACT}(?:[0-9]{{6}}|[T ]+{_TIME} *{ZONE}?| *{ZONE})?)"


def is_serial(text: str) -> str:
    """True where the text is an Excel serial day."""
    return matches(text, SERIAL)


def _bound(text: str, expression: str, name: str = "t") -> str:
    """An expression over the name `name`, which stands for `text`: said once, however often the expression asks for it."""
    return f"list_transform([{text}], lambda {name}: {expression})[1]"


def day_of(text: str) -> str:
    """DATE of a cleaned text, NULL where it names no day between 1800 and 2199, or no time of that day.

    A moment with a zone falls on the site's day; a day with a zone but no clock is that day, wherever it was written. 24:00
    ends the day it is written with.
    """
    serial = "DATE '1899-12-30' + CAST(floor(TRY_CAST(t AS DOUBLE)) AS INTEGER)"
    return _bound(
        text,
        f"CASE WHEN {is_serial('t')} THEN {serial} WHEN {matches('t', _FOURTEEN)} THEN CAST({_fourteen('t')} AS DATE) "
        f"WHEN NOT contains(t, ':') AND NOT contains(t, '时') THEN {_written('t')} "
        f"WHEN {matches('t', f'{_TIMED} *{ZONE}')} THEN CAST({_clocked('t')} + INTERVAL {SITE_ZONE} MINUTE AS DATE) "
        f"WHEN {_seconds('t')} IS NOT NULL THEN {_written('t')} END",
    )


def month_of(text: str) -> str:
    """First day of a text that matches MONTH, NULL where there is no such month."""
    return _date(text, MONTH, r"\1\3-\2\4-01")


def moment_of(text: str) -> str:
    """TIMESTAMP in UTC of a cleaned text, whole seconds; NULL where it names none. A day without a time is its midnight.

    What states no zone is the site's. 24:00 is the next midnight.
    """
    serial = "TIMESTAMP '1899-12-30' + to_seconds(CAST(round(TRY_CAST(t AS DOUBLE) * 86400) AS BIGINT))"
    start, here = f"CAST({_written('t')} AS TIMESTAMP)", f"INTERVAL {SITE_ZONE} MINUTE"
    return _bound(
        text,
        f"CASE WHEN {is_serial('t')} THEN {serial} - {here} WHEN {matches('t', _FOURTEEN)} THEN {_fourteen('t')} - {here} "
        f"WHEN {matches('t', f'{_TIMED} *{ZONE}?')} THEN {_clocked('t')} "
        f"WHEN {matches('t', _ZONED_DAY)} THEN {start} - to_minutes({_minutes_east('t')}) "
        f"WHEN NOT regexp_matches(t, '{_HALF_ZH}') THEN {start} - {here} END",
    )


def site_day(moment: str) -> str:
    """DATE on a site's calendar of a TIMESTAMP in UTC."""
    return f"CAST({moment} + to_minutes({SITE_ZONE}) AS DATE)"


def day_fault(text: str, *, required: bool, also: str = "") -> str:
    """Why a text that gave no value gave none; NULL for an open end where the field may be empty."""
    form = (f"{_ANY_DAY}|{also}" if also else _ANY_DAY).replace(YEAR, "[0-9]{4}")
    known = f"{matches(text, form)} AND NOT {_ranges(text)}"
    open_end = f"{among(text, OPEN_END)} OR ({known} AND {text} LIKE '{OPEN_YEAR}%')"
    unless = "" if required else f"WHEN {open_end} THEN NULL "
    return f"CASE {unless}WHEN {known} THEN 'date_impossible' ELSE 'date_malformed' END"


def read_moment(text: str, value_of: Callable[[str], str], *, required: bool, compact: str, iso_form: str) -> Reading:
    """A day, or a moment of one. `compact`: forms of digits alone, which tools keep as decimals (`20240115.0`)."""
    said = whole(text, compact)
    return Reading(
        value=value_of(said),
        fault=day_fault(said, required=required),
        repairs=(
            decimal_suffix(text, compact),
            f"CASE WHEN {is_serial(text)} THEN 'date_serial' WHEN NOT {matches(text, iso_form)} THEN 'date_format' END",
        ),
    )


def _written(text: str) -> str:
    """The day as it is written, whatever clock and zone follow."""
    said = _date(text, _ANY_DAY, r"\1\4-\2\5-\3\6")
    return f"CASE WHEN NOT {_ranges(text)} THEN {said} END"


def _ranges(text: str) -> str:
    """Whether a text divides year and month otherwise than month and day."""
    return f"regexp_matches({text}, {literal(_TWO_SEPARATORS.replace(YEAR, '[0-9]{4}'))})"


def _date(text: str, pattern: str, parts: str) -> str:
    """DATE of the parts of a pattern; whatever does not match becomes `--`, which is no date."""
    return f"TRY_CAST(regexp_replace({text}, {literal(f'^(?:{pattern})$|^(?s:.*)$')}, '{parts}') AS DATE)"


def _fourteen(text: str) -> str:
    return f"TRY_CAST(regexp_replace({text}, '^{_FOURTEEN}$', '\\1-\\2-\\3 \\4:\\5:\\6') AS TIMESTAMP)"


def _clocked(text: str) -> str:
    """The moment, in UTC, of a day with a clock."""
    return f"CAST({_written(text)} AS TIMESTAMP) + to_seconds({_seconds(text)}) - to_minutes({_minutes_east(text)})"


def _seconds(text: str) -> str:
    """Seconds since midnight that the clock of a text shows; NULL where no clock shows that.

    A leap second is the next one. 上午 12:00 is midnight, as systems write it; 晚上 12:00 may be either midnight: NULL.
    """
    half = f"upper(replace(regexp_extract({text}, '{_HALF}'), '.', ''))"
    clock = f"regexp_extract({text}, '{CLOCK} *{_HALF_EN}? *{ZONE}?$', ['h', 'm', 's'])"
    hours = (
        f"CASE WHEN x = '' THEN h WHEN {among('x', MORNING)} THEN CASE WHEN h < 13 THEN h % 12 END "
        f"WHEN x = '{NOON}' THEN CASE WHEN h IN (11, 12, 13) THEN h WHEN h IN (1, 2) THEN h + 12 END "
        f"WHEN {among('x', EVENING)} THEN CASE WHEN h BETWEEN 5 AND 11 THEN h + 12 WHEN h > 16 THEN h END "
        "WHEN h BETWEEN 1 AND 11 THEN h + 12 WHEN h > 11 THEN h END"
    )
    sound = "m < 60 AND (s < 60 OR s = 60 AND m = 59) AND (h < 24 OR x = '' AND h = 24 AND m + s = 0)"
    seconds = f"CASE WHEN {sound} THEN ({hours}) * 3600 + m * 60 + s END"
    for name in "hms":
        seconds = _bound(f"coalesce(TRY_CAST(nullif(c.{name}, '') AS INTEGER), 0)", seconds, name)
    return _bound(half, _bound(clock, seconds, "c"), "x")


def _minutes_east(text: str) -> str:
    """Minutes east of Greenwich that a text with a clock or a zone states, else the site's; NULL where no zone lies so far."""
    zone = f"regexp_extract({text}, '(?:[:时][0-9.:分秒AaPpMm ]*|[0-9] *)({ZONE})$', 1)"
    minutes = "TRY_CAST(z[2:3] AS INTEGER) * 60 + TRY_CAST(right(z, 2) AS INTEGER)"
    sound = "TRY_CAST(z[2:3] AS INTEGER) < 15 AND TRY_CAST(right(z, 2) AS INTEGER) < 60"
    return _bound(
        zone,
        f"CASE WHEN z = '' THEN {SITE_ZONE} WHEN z IN ('Z', 'z') THEN 0 WHEN NOT ({sound}) THEN NULL"
        f" WHEN z[1] = '-' THEN -({minutes}) ELSE {minutes} END",
        "z",
    )
