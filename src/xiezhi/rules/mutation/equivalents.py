"""Declared equivalents: mutants that no case can tell from the original, each with the reason, in a file beside the content.

`equivalents.yaml` maps a mutant's id to why it means the same. An entry is an error as soon as its mutant is no longer
there or a case does tell it apart: the list never grows old.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.yaml_document import Document, read_yaml

FILE = "equivalents.yaml"

LEAST = 10
"""Characters of a reason."""


class Equivalents:
    """The declared equivalents of one folder. Raises ContentError for an entry without a reason."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        self._document = read_yaml(path) if path.exists() else Document(path, {})
        self.reasons: dict[str, str] = {}
        for identifier, reason in self._document.data.items():
            if not isinstance(reason, str) or len(reason.strip()) < LEAST:
                raise self._wrong(identifier, "等价变异要写明理由", "an equivalent needs its reason in words")
            self.reasons[str(identifier)] = reason

    def check(self, known: Collection[str], killed: Collection[str]) -> None:
        """Raises ContentError for an entry that is no mutant (`known`), or one that a case told apart (`killed`)."""
        for identifier in self.reasons:
            if identifier not in known:
                raise self._wrong(identifier, "没有这个变异,应从清单删去", "there is no such mutant; take it off the list")
            if identifier in killed:
                raise self._wrong(identifier, "有案例能区分它,并不等价", "a case tells it apart; it is no equivalent")

    def _wrong(self, identifier: str, zh: str, en: str) -> ContentError:
        place = self._document.place(identifier)
        return ContentError("XZ-MUTANT-01", zh=f"{identifier}:{zh}", en=f"{identifier}: {en}", place=place)
