"""A content file's data as a pydantic model, every wrong key said with its line."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.yaml_document import Document, Location

Model = TypeVar("Model", bound=BaseModel)

PROBLEMS = {
    "extra_forbidden": ("不认识的键", "unknown key"),
    "torn": ("不认识的键;花括号里的句子含逗号时要加引号", "unknown key; inside {braces} a sentence with a comma needs quotes"),
    "missing": ("缺少必填的键", "a required key is missing"),
    "literal_error": ("不在允许的取值之内", "not one of the allowed words"),
}
"""Pydantic's error types that content authors meet most, in words. The rest are said with Pydantic's own sentence."""


def build(model: type[Model], document: Document, extra: dict[str, Any] | None = None) -> Model:
    """`model` from a document's data and `extra`. Raises ContentError naming every wrong key with its line."""
    try:
        return model.model_validate({**document.data, **extra} if extra else document.data)
    except ValidationError as error:
        raise _invalid(document, error) from None


def _invalid(document: Document, error: ValidationError) -> ContentError:
    faults = [_fault(document, fault["loc"], _kind(fault), fault["msg"]) for fault in error.errors()]
    faults.sort()
    return ContentError(
        "XZ-YAML-03",
        zh=";".join(dict.fromkeys(zh for _, zh, _ in faults)),
        en="; ".join(dict.fromkeys(en for _, _, en in faults)),
        place=Place(file=str(document.path), row=faults[0][0]),
    )


def _kind(fault: Any) -> str:
    """Pydantic's error type; an unknown key without a value is nearly always a sentence torn at its comma."""
    torn = fault["type"] == "extra_forbidden" and fault["input"] is None
    return "torn" if torn else str(fault["type"])


def _fault(document: Document, location: Location, kind: str, message: str) -> tuple[int, str, str]:
    line = document.line(*location)
    name = ".".join(str(part) for part in location if part != "[key]") or "?"
    zh, en = PROBLEMS.get(kind, (message, message))
    return line, f"第 {line} 行 {name}:{zh}", f"line {line}, {name}: {en}"
