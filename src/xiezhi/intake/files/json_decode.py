"""A delivered text → its JSON value, numbers as they were written; and whether an object in it contradicts itself.

Of two members of one name JSON readers take the last, or the first, and nobody learns which was meant (RFC 8259, 4).
"""

from __future__ import annotations

import json
from typing import Any


class Repeated(dict[str, Any]):
    """An object with two members of one name and different content: of each the last."""


class Decoder:
    """Decodes texts one by one."""

    def __init__(self) -> None:
        self._any = False
        self._json = json.JSONDecoder(parse_float=str, parse_int=str, object_pairs_hook=self._object)

    def value(self, text: str) -> Any:
        """The value; None where the text is no JSON."""
        try:
            return self._json.decode(text.strip("\ufeff \t\r"))
        except (ValueError, RecursionError):
            return None

    def repeats(self, value: Any) -> bool:
        """Whether an object anywhere in a value that was decoded here contradicts itself."""
        return self._any and _repeats(value)

    def _object(self, members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) == len(members) or all(found[name] == value for name, value in members):
            return found
        self._any = True
        return Repeated(found)


def _repeats(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value, Repeated) or any(map(_repeats, value.values()))
    return isinstance(value, list) and any(map(_repeats, value))
