"""Finding: one thing that lint has to say, with a code that stays, words in both languages, and the place."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.kernel.errors import Place


@dataclass(frozen=True)
class Finding:
    """`name`: the rule's code or the fact's name. A `hint` is advice; anything else must be mended or allowed."""

    code: str
    name: str
    zh: str
    en: str
    place: Place
    hint: bool = False

    def message(self, language: str) -> str:
        """One line: place, code, what is wrong."""
        return f"{self.place.words(language)}: {self.code} {self.zh if language == 'zh' else self.en}"
