"""What every kind of value is freed of first: blanks, quotes of spreadsheets, full-width forms. In SQL and in Python.

Each rule is spelled once, as data; the two forms are built from it, and the tests hold one against the other.
"""

from __future__ import annotations

import re

from xiezhi.kernel.invisible import INVISIBLE

BLANKS = (
    (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), *INVISIBLE,
)  # fmt: skip
"""Code points that show nothing: spaces of every width, tabs, line ends, and whatever takes no room at all."""

QUOTES = "'‘’`´＇｀"
"""What spreadsheets put before (and people behind) a number to keep it text; the wide forms, too, which become the others."""

FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
HALF_WIDTH = "".join(chr(code) for code in range(0x21, 0x7F))
"""The same 94 characters in their wide and their ASCII form (Unicode, Halfwidth and Fullwidth Forms)."""

NOTHING_MEANT = (
    "无", "不详", "未知", "暂无", "没有", "待补", "待核实", "无证", "无身份证", "空", "NULL", "NONE", "NAN", "N/A", "NA",
    "-", "--", "—", "——", "/", "\\", ".", "?",
)  # fmt: skip
"""What is written for a citizen id that is missing (other kinds: `nothing`). A placeholder, no empty cell: someone wrote it."""

NUMBER_SOUP = r"[0-9](\.[0-9]*)?[Ee]\+?[0-9]{1,3}"
"""What a spreadsheet leaves of a long number: 4.10105E+17."""

MASKED = "[*＊×•●#＃■]|[Xx]{2}|[Ｘｘ]{2}"
"""Occurs in a value some of whose characters were hidden on purpose."""

_QUOTES_AS_RANGES = tuple((ord(quote), ord(quote)) for quote in QUOTES)
_PYTHON_BLANK = "[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in BLANKS) + "]+"
_SQL_BLANK = "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in BLANKS) + "]+"
_PYTHON_EDGE = "[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in (*BLANKS, *_QUOTES_AS_RANGES)) + "]+"
_SQL_EDGE = "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in (*BLANKS, *_QUOTES_AS_RANGES)) + "]+"
_HALVE = str.maketrans(FULL_WIDTH, HALF_WIDTH)


def text_sql(value: str) -> str:
    """A Python text as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"


AS_FORMULA = r'\A="([^"]*)"\s*\Z'
"""How a number is written so that a spreadsheet leaves its zeros alone: ="00012"."""


def bare(text: str) -> str:
    """A text without blanks anywhere and without quotes around it."""
    return re.sub(_PYTHON_BLANK, "", _said(text)).strip(QUOTES)


def bare_sql(text: str) -> str:
    return f"trim(regexp_replace({_said_sql(text)}, '{_SQL_BLANK}', '', 'g'), {text_sql(QUOTES)})"


def _said(text: str) -> str:
    """What a formula of one text says; any other text as it is."""
    return re.sub(AS_FORMULA, r"\1", text)


def _said_sql(text: str) -> str:
    """Asks first: a regular expression on every row would cost more than all that follows."""
    said = f"regexp_replace({text}, {text_sql(AS_FORMULA.replace(chr(92) + 'Z', chr(92) + 'z'))}, '{chr(92)}1')"
    return f"CASE WHEN starts_with({text}, '=') THEN {said} ELSE {text} END"


def trimmed(text: str) -> str:
    """A text with neither blanks nor quotes at its ends, in whatever order they stood there; inner blanks stay.

    Both at once: a blank behind a quote would else come to light when the quote is gone, and the text be trimmed anew.
    """
    return re.sub(rf"\A{_PYTHON_EDGE}|{_PYTHON_EDGE}\Z", "", _said(text))


def trimmed_sql(text: str) -> str:
    return rf"regexp_replace({_said_sql(text)}, '\A{_SQL_EDGE}|{_SQL_EDGE}\z', '', 'g')"


def spaced_out(text: str) -> str:
    """A text whose runs of blanks are one ASCII space each."""
    return re.sub(_PYTHON_BLANK, " ", text)


def spaced_out_sql(text: str) -> str:
    return f"regexp_replace({text}, '{_SQL_BLANK}', ' ', 'g')"


def half_width(text: str) -> str:
    return text.translate(_HALVE)


def half_width_sql(text: str) -> str:
    """Asks first whether there is anything to do: `translate` builds its table anew for every row (1.5 µs, measured)."""
    halved = f"translate({text}, {text_sql(FULL_WIDTH)}, {text_sql(HALF_WIDTH)})"
    return f"CASE WHEN strlen({text}) = length({text}) THEN {text} ELSE {halved} END"
