"""A delivered cell in SQL: what needs cleaning, how it is cleaned, when it counts as empty.

Cleaning is expensive and almost never needed, so it is asked for only where a cheap look says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.kernel.invisible import INVISIBLE
from xiezhi.kernel.no_values import DATABASE_NULLS, ERRORS

ZERO_WIDTH = "".join(chr(code) for low, high in INVISIBLE for code in range(low, high + 1))
"""Every character that nobody sees: no key or code differs by them."""

_UNSEEN = "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in INVISIBLE)
"""The same as ranges of a character class."""

BLANKS = " \t\n\x0b\x0c\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
FULL_WIDTH = "".join(chr(0xFEE0 + code) for code in range(0x21, 0x7F)) + "\u2212"
HALF_WIDTH = "".join(chr(code) for code in range(0x21, 0x7F)) + "-"
"""Full-width ASCII and the minus sign, and what they stand for, position by position."""

NOTHING = ("", "-", "--", "—", "——", "/", "\\", "N/A", "无", "(无)", "暂无", "空", "(空)", "待补")
EMPTY_SPELLINGS = (*NOTHING, *DATABASE_NULLS, *ERRORS)
"""What departments write where there is nothing to write; compared cleaned and in upper case."""

ODD = f"^['{BLANKS}]|[{BLANKS}]$|[{_UNSEEN}\\x00]|^=\""
"""Finds a cell that needs trimming, is written as a formula of one text, or holds a NUL byte (RE2)."""

AS_FORMULA = r'^="([^"]*)"$'
"""How a text is written so that a spreadsheet leaves its zeros alone: ="00012"."""

CODE_LIKE = "[!-~！-～]*[！-～][!-~！-～]*"
"""Text without Chinese characters that has full-width letters or digits: a code, not a sentence."""

_EDGES = f"^['{BLANKS}{_UNSEEN}]+|[{BLANKS}{_UNSEEN}]+$|[{_UNSEEN}]+"
_ALL_BLANKS = f"^['{BLANKS}{_UNSEEN}]+|[{BLANKS}{_UNSEEN}]+"


def literal(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def among(expression: str, values: tuple[str, ...]) -> str:
    """Whether the expression is one of the text literals. IN takes longer, both to plan (twice) and a row (by half)."""
    return f"list_contains([{', '.join(literal(value) for value in values)}], {expression})"


def matches(expression: str, pattern: str) -> str:
    """True where the whole text matches an RE2 pattern."""
    return f"regexp_full_match({expression}, {literal(pattern)})"


def is_empty(text: str) -> str:
    """True where a cleaned text is one of the spellings of nothing."""
    return among(f"upper({text})", EMPTY_SPELLINGS)


def is_error(text: str) -> str:
    """True where a cleaned text is what a spreadsheet shows for a formula that failed."""
    return among(f"upper({text})", ERRORS)


def half_width(text: str) -> str:
    """Full-width ASCII as plain ASCII, as `Cell` does it in SQL."""
    return text.translate(str.maketrans(FULL_WIDTH, HALF_WIDTH))


def whole(text: str, digits: str) -> str:
    """A cleaned text without the `.0` of a tool that keeps whole numbers as decimals; only where `digits` (RE2) stand before it.

    An expression; it is NULL nowhere that the text is not.
    """
    return f"regexp_replace({text}, {literal(f'^({digits})[.]0+$')}, '\\1')"


def decimal_suffix(text: str, digits: str) -> str:
    """The word of that repair, or NULL."""
    return f"CASE WHEN {matches(text, f'(?:{digits})[.]0+')} THEN 'decimal_suffix' END"


@dataclass(frozen=True)
class Cell:
    """SQL over one raw VARCHAR expression.

    `prose` keeps full-width characters except in what is code-like; `solid` also removes blanks inside, for values
    that can have none.
    """

    raw: str
    prose: bool
    solid: bool

    @property
    def needs_cleaning(self) -> str:
        inside = f"|[{BLANKS}]" if self.solid else ""
        width = f"^(?:{CODE_LIKE})$" if self.prose else f"[！-～{FULL_WIDTH[-1]}]"
        return f"regexp_matches({self.raw}, {literal(f'{ODD}|{width}{inside}')})"

    @property
    def trimmed(self) -> str:
        """Without blanks and a leading apostrophe at the edges, and without zero-width characters anywhere."""
        said = f"regexp_replace({self.raw}, {literal(AS_FORMULA)}, '\\1')"
        return f"regexp_replace({said}, {literal(_ALL_BLANKS if self.solid else _EDGES)}, '', 'g')"

    def cleaned(self, trimmed: str) -> str:
        """A trimmed text in half width."""
        narrow = f"translate({trimmed}, {literal(FULL_WIDTH)}, {literal(HALF_WIDTH)})"
        return f"CASE WHEN {matches(trimmed, CODE_LIKE)} THEN {narrow} ELSE {trimmed} END" if self.prose else narrow

    @property
    def has_nul(self) -> str:
        return f"contains({self.raw}, chr(0))"
