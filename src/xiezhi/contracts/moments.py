"""Days, months and clocks as departments write them: RE2 patterns, and the SQL that reads a cleaned text by them."""

from __future__ import annotations

from xiezhi.contracts.cell import among, literal, matches

ISO_DAY = "(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
"""Every ISO day of 1900–2099 except 29 February, which only a calendar can judge: a match needs no further look."""

YEAR = "(?:1[89]|2[01])[0-9]{2}"
"""Years of the living and of their papers: 1800–2199."""

OPEN_YEAR = "9999"
OPEN_END = ("长期", "至今", "永久", "长期有效")
"""How systems and people write that there is no end."""

ZONE = "(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})"
CLOCK = "([0-9]{1,2})[:时]([0-9]{1,2})分?(?::?([0-9]{1,2})(?:[.][0-9]+)?秒?)?"
SERIAL = "[1-7][0-9]{4}(?:[.][0-9]+)?"
"""Excel's days since 1899-12-30, from 1927 to 2119. Four digits would be years, and are refused."""

MONTH = f"(?:({YEAR}) *[-./年] *([0-9]{{1,2}}) *月?份?|({YEAR})([0-9]{{2}}))"
DAY = f"({YEAR}) *[-./年] *([0-9]{{1,2}}) *[-./月] *([0-9]{{1,2}})"
COMPACT = f"({YEAR})([0-9]{{2}})([0-9]{{2}})"
THEN = "(?: *[日号][T ]*|[T ]+)"
"""What must stand between a day and a clock: without it nobody can say where 2021.1.59:30 divides."""

_CLOCK = f"{CLOCK} *{ZONE}?".replace("([0-9]", "(?:[0-9]")
_ANY_DAY = f"(?:{DAY}(?: *[日号]|{THEN}{_CLOCK})?|{COMPACT}(?:[0-9]{{6}}|[T ]+{_CLOCK})?)"


def is_serial(text: str) -> str:
    """True where the text is an Excel serial day."""
    return matches(text, SERIAL)


def day_of(text: str) -> str:
    """DATE of a cleaned text, NULL where it names no day between 1800 and 2199."""
    serial = f"DATE '1899-12-30' + CAST(floor(TRY_CAST({text} AS DOUBLE)) AS INTEGER)"
    written = _date(text, _ANY_DAY, r"\1\4-\2\5-\3\6")
    return f"CASE WHEN {is_serial(text)} THEN {serial} ELSE {written} END"


def month_of(text: str) -> str:
    """First day of a text that matches MONTH, NULL where there is no such month."""
    return _date(text, MONTH, r"\1\3-\2\4-01")


def day_fault(text: str, *, required: bool, also: str = "") -> str:
    """Why a text that gave no value gave none; NULL for an open end where the field may be empty."""
    form = (f"{_ANY_DAY}|{also}" if also else _ANY_DAY).replace(YEAR, "[0-9]{4}")
    open_end = f"{among(text, OPEN_END)} OR ({matches(text, form)} AND {text} LIKE '{OPEN_YEAR}%')"
    unless = "" if required else f"WHEN {open_end} THEN NULL "
    return f"CASE {unless}WHEN {matches(text, form)} THEN 'date_impossible' ELSE 'date_malformed' END"


def _date(text: str, pattern: str, parts: str) -> str:
    """DATE of the parts of a pattern; whatever does not match becomes `--`, which is no date."""
    return f"TRY_CAST(regexp_replace({text}, {literal(f'^(?:{pattern})$|^(?s:.*)$')}, '{parts}') AS DATE)"
