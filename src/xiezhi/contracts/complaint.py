"""What is wrong in a contract, codelist or decision: file and line in every complaint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.yaml_document import Document, Location


def complaint(path: Path, line: int, *, zh: str, en: str) -> ContentError:
    """A ContentError that names file and line."""
    return ContentError("XZ-CONTRACT-01", zh=zh, en=en, place=Place(file=str(path), row=line))


def line_of(document: Document, location: Sequence[str | int]) -> int:
    """The line (from 1) of the deepest element on `location` that is written.

    A custom property is on `location` by its name, as the model knows it; in the file it is a {property, value} of a list.
    """
    element: Any = document.data
    written: Location = ()
    for step in location:
        steps = _steps(element, step)
        if not steps:
            break
        for one in steps:
            element = element[one]
        written = (*written, *steps)
    return document.line(*written)


def _steps(element: Any, step: str | int) -> Location:
    """From `element` to what its model calls `step`; empty where nothing of that name is written."""
    if isinstance(element, dict):
        if step in element:
            return (step,)
        within = _steps(element.get("customProperties"), step)
        return ("customProperties", *within) if within else ()
    if isinstance(element, list):
        return _item(element, step) if isinstance(step, int) else _custom_property(element, step)
    return ()


def _item(items: list[Any], number: int) -> Location:
    return (number,) if number < len(items) else ()


def _custom_property(entries: list[Any], name: str) -> Location:
    for number, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get("property") == name:
            return (number, "value") if "value" in entry else (number,)
    return ()
