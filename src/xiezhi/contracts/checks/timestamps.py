"""Moments → UTC. A time without a zone is China Standard Time, which has had no daylight saving since 1991."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.contracts.moments import CLOCK, COMPACT, DAY, ISO_DAY, SERIAL, THEN, ZONE, day_fault, day_of, is_serial

_PLAIN = f"{ISO_DAY}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_ISO_FORM = f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.][0-9]+)?)?{ZONE}?"
_TIMED = f"(?:{DAY}{THEN}|{COMPACT}[T ]+){CLOCK} *{ZONE}?"
_FOURTEEN = f"{COMPACT}([0-9]{{2}})([0-9]{{2}})([0-9]{{2}})"
_TO_UTC = "- INTERVAL 480 MINUTE"
_OFFSET = "([+-])([0-9]{2}):?([0-9]{2})$"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """TIMESTAMP in UTC, whole seconds. A day without a time is its midnight; Excel serials keep their fraction."""
    return Judgement(
        plain=matches(raw, _PLAIN),
        plain_value=f"TRY_CAST({raw} AS TIMESTAMP) {_TO_UTC}",
        read=lambda text: Reading(
            value=_moment(text),
            fault=day_fault(text, required=field.required),
            repairs=(
                f"CASE WHEN {is_serial(text)} THEN 'date_serial' WHEN NOT {matches(text, _ISO_FORM)} THEN 'date_format' END",
            ),
        ),
    )


def _moment(text: str) -> str:
    seconds = f"CAST(round(TRY_CAST({text} AS DOUBLE) * 86400) AS BIGINT)"
    fourteen = f"TRY_CAST(regexp_replace({text}, '{_FOURTEEN}', '\\1-\\2-\\3 \\4:\\5:\\6') AS TIMESTAMP)"
    return (
        f"CASE WHEN {matches(text, SERIAL)} THEN TIMESTAMP '1899-12-30' + to_seconds({seconds}) {_TO_UTC} "
        f"WHEN {matches(text, _TIMED)} THEN {_clocked(text)} "
        f"WHEN {matches(text, _FOURTEEN)} THEN {fourteen} {_TO_UTC} "
        f"ELSE CAST({day_of(text)} AS TIMESTAMP) {_TO_UTC} END"
    )


def _clocked(text: str) -> str:
    """Day plus clock minus zone of a text that has a day and a clock; NULL where the day or the clock is impossible."""
    hour, minute, second = (f"TRY_CAST({_clock_part(text, group)} AS INTEGER)" for group in (1, 2, 3))
    seconds = f"({hour} * 3600 + {minute} * 60 + coalesce({second}, 0))"
    sound = f"{hour} < 24 AND {minute} < 60 AND coalesce({second}, 0) < 60"
    start = f"CAST({day_of(text)} AS TIMESTAMP)"
    return f"CASE WHEN {sound} THEN {start} + to_seconds({seconds}) - to_minutes({_minutes_east(text)}) END"


def _clock_part(text: str, group: int) -> str:
    return f"nullif(regexp_extract({text}, '{CLOCK} *{ZONE}?$', {group}), '')"


def _minutes_east(text: str) -> str:
    """Minutes east of Greenwich the text itself states, else China's 480."""
    sign, hours, minutes = (f"regexp_extract({text}, '{_OFFSET}', {group})" for group in (1, 2, 3))
    stated = f"CASE {sign} WHEN '-' THEN -1 ELSE 1 END * (TRY_CAST({hours} AS INTEGER) * 60 + TRY_CAST({minutes} AS INTEGER))"
    has_offset = f"regexp_matches({text}, '[:时][0-9.分秒:]* *{_OFFSET}')"
    return f"CASE WHEN regexp_matches({text}, '[Zz]$') THEN 0 WHEN {has_offset} THEN {stated} ELSE 480 END"
