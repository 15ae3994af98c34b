"""Base of every element of a contract file: frozen, unknown keys refused, `customProperties` read as if they were keys.

The Open Data Contract Standard keeps a user's own keys in a list of {property, value}. Each element names the ones it
knows in `own`; they become attributes like the standard's. Written anywhere else they are refused, so that every file
stays a valid document of the standard.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError


class Element(BaseModel):
    """One mapping of a contract file."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    own: ClassVar[frozenset[str]] = frozenset()
    """The custom properties this element knows, spelled as in the file."""

    @model_validator(mode="before")
    @classmethod
    def _read_custom_properties(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        if misplaced := sorted(cls.own & given.keys()):
            raise PydanticCustomError("misplaced", "{key} belongs under customProperties", {"key": misplaced[0]})
        read = {key: value for key, value in given.items() if key != "customProperties"}
        for entry in _entries(given.get("customProperties", [])):
            name = entry["property"]
            if name not in cls.own:
                raise PydanticCustomError("unknown_property", "unknown custom property {key}", {"key": name})
            if name in read:
                raise PydanticCustomError("twice", "custom property {key} is given twice", {"key": name})
            read[name] = entry["value"]
        return read


def _entries(given: Any) -> list[dict[str, Any]]:
    """The {property, value} pairs of a `customProperties` list; anything else is refused."""
    pairs = isinstance(given, list) and all(isinstance(e, dict) and {"property", "value"} <= e.keys() for e in given)
    if not pairs or any(e.keys() - {"property", "value", "description"} for e in given):
        raise PydanticCustomError("not_pairs", "{key} must be a list of property and value", {"key": "customProperties"})
    return list(given)
