"""Domain: a line of work. Every rule is of one, and the departments that answer for it get what cannot be placed otherwise."""

from __future__ import annotations

from xiezhi.kernel.hashing import digest
from xiezhi.kernel.words import Words
from xiezhi.rules.model import ContentModel


class Domain(ContentModel):
    """`departments`: codes of the codelist `department`; the first that a city has answers for the line."""

    title: Words
    departments: tuple[str, ...] = ()
    replaces: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of what it says."""
        return digest(self.model_dump(mode="json"))
