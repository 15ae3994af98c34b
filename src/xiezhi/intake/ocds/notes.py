"""Notes: what was read otherwise than it was written, or was not read at all. They end on the receipt, never in silence."""

from __future__ import annotations

import re
from typing import NamedTuple

SHOWN = 40
"""Characters of a delivered text that a receipt repeats."""

_LONG = re.compile(r"(?<![0-9.])([0-9]{2})[0-9]{8,}([0-9Xx])(?![0-9.])")
"""Digits that may be a person's or an account's number: a receipt does not repeat them. Amounts have a point, or are short."""


def as_shown(text: object) -> str:
    """A delivered text as a receipt may repeat it."""
    return _LONG.sub(r"\1…\2", str(text))[:SHOWN]


class Note(NamedTuple):
    """`word` of the vocabulary (`intake.words`), of a table's column or a path of the standard; `shown`: what stood there."""

    column: str
    word: str
    shown: str | None = None


class Notes(list[Note]):
    """Notes of one release or process."""

    def add(self, column: str, word: str, shown: object = None) -> None:
        self.append(Note(column, word, None if shown is None else as_shown(shown)))
