"""What a spreadsheet does with a text: the one guard for every file that leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xiezhi.kernel.invisible import INVISIBLE

_PASSED_OVER = r"\x00-\x20\x7f-\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000" + "".join(
    f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in INVISIBLE
)
"""Blanks and characters that nobody sees: programs pass over them, each over others, before they look for a formula."""

_LIVE = re.compile(f"[{_PASSED_OVER}'\"]*[=+\\-@|%＝＋－＠｜％−﹣\\t\\r\\n]|'")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet might compute it; taking that away gives the text back.

    A number stays one, also below zero. Intake takes such apostrophes off, so what went back comes in again as it was.
    """
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def row_of(cells: Iterable[object]) -> list[str]:
    """A row of a list, each cell as `one_line` has it; nothing is an empty cell."""
    return ["" if cell is None else one_line(str(cell)) for cell in cells]


def one_line(text: str) -> str:
    """The same for a cell of a list: what has lines becomes one, and holds no NUL."""
    return harmless(re.sub(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", " ", text).replace("\0", ""))
