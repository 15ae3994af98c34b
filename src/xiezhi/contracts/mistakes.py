"""What pydantic found wrong in a contract file, said to a person: the line, the key, the nearest right spelling."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xiezhi.contracts.codelist import Codelist
from xiezhi.contracts.complaint import complaint, line_of
from xiezhi.contracts.expectation import Arguments, Expectation
from xiezhi.contracts.model import Basis, Bounds, Comparison, Contract, Description, Field, Promise, Table, Team
from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.yaml_document import Document

SAID: dict[str, tuple[str, str]] = {
    "missing": ("缺少“{key}”", "{key} is missing"),
    "extra_forbidden": ("不认识的键“{key}”{hint_zh}", "unknown key {key}{hint_en}"),
    "unknown_property": ("不认识的自定义属性“{key}”{hint_zh}", "unknown custom property {key}{hint_en}"),
    "misplaced": ("“{key}”应写在 customProperties 下", "{key} belongs under customProperties"),
    "twice": ("“{key}”给了两次", "{key} is given twice"),
    "not_pairs": ("customProperties 应是 property 与 value 的列表", "customProperties must be a list of property and value"),
    "enum": ("“{key}”只能是 {expected}", "{key} must be {expected}"),
    "literal_error": ("“{key}”只能是 {expected}", "{key} must be {expected}"),
}
"""Pydantic's error types in both languages; what is not here is said in pydantic's own words."""

ELEMENTS: tuple[type[BaseModel], ...] = (
    *(Contract, Table, Field, Description, Basis, Team, Promise, Bounds, Comparison, Expectation, Arguments, Codelist),
)


def first_mistake(document: Document, error: ValidationError) -> ContentError:
    """The topmost mistake of a file as a ContentError with its line; further ones are counted.

    A key that is missing comes last: mostly it stands there misspelt, which is said better.
    """
    found = [(_line(document, details), details) for details in error.errors()]
    line, details = min(found, key=lambda mistake: (mistake[1]["type"] == "missing", mistake[0]))
    zh, en = _words(details)
    more = len(found) - 1
    return complaint(
        document.path, line, zh=zh + (f"(另有 {more} 处)" if more else ""), en=en + (f" (and {more} more)" if more else "")
    )


def _line(document: Document, details: ErrorDetails) -> int:
    key = details.get("ctx", {}).get("key")
    return line_of(document, [*details["loc"], *([key] if key else [])])


def _words(details: ErrorDetails) -> tuple[str, str]:
    context: dict[str, Any] = details.get("ctx", {})
    where = [step for step in details["loc"] if isinstance(step, str)]
    key = context.get("key") or (where[-1] if where else "")
    near = difflib.get_close_matches(key, _known_keys(), n=1)
    said = {"key": key, "expected": context.get("expected", ""), "hint_zh": "", "hint_en": ""}
    if near and near[0] != key:
        said |= {"hint_zh": f",是不是“{near[0]}”?", "hint_en": f"; did you mean {near[0]}?"}
    plain = details["msg"].removeprefix("Value error, ")
    zh, en = SAID.get(details["type"], ("“{key}”不合要求:" + _literal(plain), "{key}: " + _literal(plain)))
    return zh.format(**said), en.format(**said)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _known_keys() -> list[str]:
    keys = {info.alias or name for element in ELEMENTS for name, info in element.model_fields.items()}
    return sorted(keys)
