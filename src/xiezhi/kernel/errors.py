"""What can go wrong, said to a person: what, where, why, what to do. In Chinese and in English.

Every error that reaches a user is a `XiezhiError`. Anything else is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a fault sits. Rows and columns count from 1, as a person opening the file would count."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        return self.words("en")

    def words(self, language: str = "zh") -> str:
        """The place in `zh` or `en`, the file first; empty where nothing is known of it."""
        row = {"zh": f"第 {self.row} 行", "en": f"row {self.row}"}[language] if self.row else None
        return ", ".join(part for part in (self.file, self.sheet, row, self.column) if part)


class XiezhiError(Exception):
    """Base of every error meant for a person. `code` is stable and documented; `exit_code` is what the shell sees."""

    exit_code = 1

    def __init__(self, code: str, zh: str, en: str, todo_zh: str = "", todo_en: str = "", *, place: Place | None = None) -> None:
        self.code, self.zh, self.en, self.place = code, zh, en, place
        self.todo_zh, self.todo_en = todo_zh, todo_en
        super().__init__(self.message("en"))

    def message(self, language: str = "zh") -> str:
        """One paragraph in `zh` or `en`: what happened, where, and what to do."""
        what, todo = (self.zh, self.todo_zh) if language == "zh" else (self.en, self.todo_en)
        where = self.place.words(language) if self.place else ""
        return f"{self.code}: {what}" + (f" [{where}]" if where else "") + (f" → {todo}" if todo else "")


class UserError(XiezhiError):
    """The request cannot be carried out as asked: a wrong name, a missing option, a path that is not there."""

    exit_code = 2


class RefusedDelivery(XiezhiError):
    """A delivered file is refused whole. Nothing of it was loaded."""

    exit_code = 3


class ContentError(XiezhiError):
    """A contract, fact, norm or rule is wrong. Names the file and the line."""

    exit_code = 4


class IntegrityError(XiezhiError):
    """Something that must never change has changed: a byte of the lake, a rule, a log."""

    exit_code = 5


class RetryableError(XiezhiError):
    """Nothing is wrong with the request; the same call may succeed later (a lock is held, a disk was full)."""

    exit_code = 6
