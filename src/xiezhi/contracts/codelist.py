"""Codelist: a closed vocabulary, and every spelling a department is known to deliver it in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from xiezhi.kernel.words import Words


class Code(BaseModel):
    """One entry: the value kept in the lake, what it means, and its other spellings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: Words
    aliases: tuple[str, ...] = ()


class Codelist(BaseModel):
    """A named vocabulary with its origin. The order of `codes` is the order of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    title: Words
    origin: Words
    source: str = ""
    replaces: str | None = None
    codes: tuple[Code, ...]
    decided: Mapping[str, str] = {}
    """Spellings of one contract's sender that this site decided on: as written → code. See `code_decisions`."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A list on which nothing was decided is written, and so hashed, as it always was."""
        written: dict[str, Any] = serialise(self)
        return written if self.decided else {name: value for name, value in written.items() if name != "decided"}

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every accepted spelling, upper case, → the code kept. Raises nothing: the loader has refused double spellings."""
        known: dict[str, str] = {}
        for code in self.codes:
            for spelling in (code.code, code.title.zh, code.title.en, *code.aliases):
                known.setdefault(spelling.upper(), code.code)
        for written, chosen in self.decided.items():
            known.setdefault(written.upper(), chosen)
        return known

    def title_of(self, code: str) -> Words | None:
        """What a code means; None where it is not in the list."""
        return next((entry.title for entry in self.codes if entry.code == code), None)
