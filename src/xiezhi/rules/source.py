"""YAML as content needs it: every key with the line it stands on, no key twice, and only YAML 1.2's plain words.

PyYAML reads YAML 1.1, where `on`, `yes` and `=` are not text; content authors write `on: person` and `op: =`, so those
spellings stay text here. Dates stay dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from xiezhi.kernel.errors import ContentError, Place

Model = TypeVar("Model", bound=BaseModel)

Location = tuple[str | int, ...]

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PROBLEMS = {
    "extra_forbidden": ("不认识的键", "unknown key"),
    "torn": ("不认识的键;花括号里的句子含逗号时要加引号", "unknown key; inside {braces} a sentence with a comma needs quotes"),
    "missing": ("缺少必填的键", "a required key is missing"),
    "literal_error": ("不在允许的取值之内", "not one of the allowed words"),
}
"""Pydantic's error types that content authors meet most, in words. The rest are said with Pydantic's own sentence."""


class _Loader(_Base):  # type: ignore[misc]
    """SafeLoader with YAML 1.2's booleans, and without merge keys and the `=` value."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("timestamp", r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?)?$", "0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [*_first, ""] if _tag == "null" else list(_first)
    )


@dataclass(frozen=True)
class Document:
    """One YAML file: its data and the line (from 1) of every key and list item."""

    path: Path
    data: dict[str, Any]
    lines: dict[Location, int] = field(default_factory=dict)

    def line(self, *location: str | int) -> int:
        """The line of the deepest part of `location` that is written in the file; 1 where none is."""
        for length in range(len(location), -1, -1):
            found = self.lines.get(location[:length])
            if found is not None:
                return found
        return 1

    def place(self, *location: str | int) -> Place:
        return Place(file=str(self.path), row=self.line(*location))

    def entries(self) -> Iterator[tuple[str, Document]]:
        """Of a file that lists things by name: each with what stands under it."""
        for name, written in self.data.items():
            lines = {location[1:]: line for location, line in self.lines.items() if location[0] == name}
            yield name, Document(self.path, written, lines)


def read_yaml(path: Path) -> Document:
    """The mapping a content file holds. Raises ContentError for bad syntax, a key given twice, or anything but a mapping."""
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _syntax(path, mark.line + 1 if mark else 1, str(getattr(error, "problem", error))) from error
    except UnicodeDecodeError as error:
        raise _syntax(path, 1, "not UTF-8") from error
    if not isinstance(node, yaml.MappingNode):
        raise _syntax(path, 1, "the file must hold one mapping of keys to values")
    lines: dict[Location, int] = {}
    for location, line in _walk(node, (), set()):
        if location in lines:
            raise ContentError(
                "XZ-YAML-02",
                zh=f"键 {location[-1]} 写了两次",
                en=f"the key {location[-1]} is given twice",
                place=Place(file=str(path), row=line),
            )
        lines[location] = line
    return Document(path, _construct(node), lines)


def build(model: type[Model], document: Document, extra: dict[str, Any] | None = None) -> Model:
    """`model` from a document's data and `extra`. Raises ContentError naming every wrong key with its line."""
    try:
        return model.model_validate({**document.data, **extra} if extra else document.data)
    except ValidationError as error:
        raise _invalid(document, error) from None


def _construct(node: yaml.Node) -> Any:
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _walk(node: yaml.Node, location: Location, seen: set[int]) -> Iterator[tuple[Location, int]]:
    """Every key and item with its line. An anchor used twice is walked once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*location, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _walk(value, here, seen)
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield (*location, place), item.start_mark.line + 1
            yield from _walk(item, (*location, place), seen)


def _syntax(path: Path, line: int, problem: str) -> ContentError:
    return ContentError(
        "XZ-YAML-01",
        zh=f"YAML 读不懂:{problem}",
        en=f"cannot read the YAML: {problem}",
        place=Place(file=str(path), row=line),
    )


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
