"""Whole numbers as addresses write them."""

from __future__ import annotations

MOST_DIGITS = 9


def whole_number(text: str, most: int = 10**MOST_DIGITS) -> int | None:
    """The number, at most `most`; None where the text is none. Python refuses to read more than 4,300 digits, and fails."""
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text), most) if len(text) <= MOST_DIGITS else most
