"""What a spreadsheet does with a text: the one guard for every file that leaves."""

from __future__ import annotations

import re

_PASSED_OVER = (
    "\\x00-\\x20\\x7f-\\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""Blanks and characters that nobody sees: programs pass over them, each over others, before they look for a formula."""

_LIVE = re.compile(f"[{_PASSED_OVER}'\"]*[=+\\-@|%＝＋－＠｜％−﹣\\t\\r\\n]|'")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet might compute it; taking that away gives the text back.

    A number stays one, also below zero. Intake takes such apostrophes off, so what went back comes in again as it was.
    """
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def one_line(text: str) -> str:
    """The same for a cell of a list: what has lines becomes one, and holds no NUL."""
    return harmless(re.sub(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", " ", text).replace("\0", ""))
