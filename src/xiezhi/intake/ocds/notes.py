"""Notes: what was read otherwise than it was written, or was not read at all. They end on the receipt, never in silence."""

from __future__ import annotations

from typing import NamedTuple

from xiezhi.intake.receipts.words import as_shown


class Note(NamedTuple):
    """`word` of the vocabulary (`receipts.words`), of a table's column or a path of the standard; `shown`: what stood there."""

    column: str
    word: str
    shown: str | None = None


class Notes(list[Note]):
    """Notes of one release or process."""

    def add(self, column: str, word: str, shown: object = None) -> None:
        self.append(Note(column, word, None if shown is None else as_shown(shown)))
