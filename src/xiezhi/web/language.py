"""The language of the page that is being made: one of the two of the house."""

from __future__ import annotations

from typing import Literal, Protocol

from django.utils.translation import get_language


class Bilingual(Protocol):
    """Whatever says the same in both languages: `Words`, a norm, a delivery's reason."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def page_language() -> Literal["zh", "en"]:
    """Chinese unless the reader chose English."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def localise(words: Bilingual) -> str:
    """A text of the content in the language of the page."""
    return words.en if page_language() == "en" else words.zh
