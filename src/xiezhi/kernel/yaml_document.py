"""YAML as content needs it: every key with the line it stands on, no key twice, and only YAML 1.2's plain words.

PyYAML reads YAML 1.1, where `on`, `yes` and `=` are not text, `12:30` is 750 and `0123` is 83; content authors write
`on: person` and `op: =`, and a code may begin with 0: those spellings stay text here. Dates stay dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from xiezhi.kernel.errors import ContentError, Place

Location = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """libyaml's SafeLoader, 8 times as fast as Python's own, with YAML 1.2's plain words, and without merge keys."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
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


LARGEST = 4 << 20
"""Bytes of a content file. The largest that is shipped has 40,000."""

DEEPEST = 200
"""Levels of nesting: content has eight. The parser's own recursion ends the process at some ten thousand."""

_OPENINGS = 1_000
_IN_ONE_LINE = re.compile(r"(?:[-?:][ \t]+){100}")


def read_text(path: Path) -> str:
    """A content file as text. Raises ContentError for what is no file (a pipe would be waited for), too large, or not UTF-8."""
    if not path.is_file():
        raise _unreadable(path, 1, "it is no file", "它不是普通文件")
    with path.open("rb") as handle:
        content = handle.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _unreadable(path, 1, f"it has more than {LARGEST:,} bytes", f"它超过 {LARGEST:,} 字节")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(path, content[: error.start].count(b"\n") + 1, "not UTF-8", "不是 UTF-8 编码") from error


def read_yaml(path: Path) -> Document:
    """The mapping a content file holds. Raises ContentError for bad syntax, a key given twice, an anchor, or no mapping."""
    try:
        return _read(path)
    except RecursionError as error:
        raise _unreadable(path, 1, f"nested deeper than {DEEPEST} levels", f"嵌套超过 {DEEPEST} 层") from error


def _read(path: Path) -> Document:
    """RecursionError where it is nested deeper than Python walks.

    Anchors are refused: nine lines of them stand for a thousand million values, and nobody reads what a line of content says if
    that stands elsewhere.
    """
    text = read_text(path)
    try:
        if _may_be_deep(text) or "&" in text:
            _refuse_anchors_and_depth(path, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _unreadable(path, mark.line + 1 if mark else 1, str(getattr(error, "problem", error))) from error
    if not isinstance(node, yaml.MappingNode):
        raise _unreadable(path, 1, "the file must hold one mapping of keys to values", "文件须为一组“键: 值”")
    lines: dict[Location, int] = {}
    for location, line in _walk(node, ()):
        if location in lines:
            raise ContentError(
                "XZ-YAML-02",
                zh=f"键 {location[-1]} 写了两次",
                en=f"the key {location[-1]} is given twice",
                place=Place(file=str(path), row=line),
            )
        lines[location] = line
    return Document(path, _construct(path, node), lines)


def _may_be_deep(text: str) -> bool:
    """Whether it may be nested thousands of levels: by brackets, or by dashes in one line. Indented, it would be gigabytes."""
    return text.count("[") + text.count("{") > _OPENINGS or _IN_ONE_LINE.search(text) is not None


def _construct(path: Path, node: yaml.Node) -> Any:
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else node.start_mark.line + 1
        raise _unreadable(path, line, str(error.problem)) from error
    except ValueError as error:
        raise _unreadable(path, _line_of_no_value(node), str(error)) from error
    finally:
        loader.dispose()


def _line_of_no_value(node: yaml.Node) -> int:
    """Where the first scalar stands that has the shape of a value and is none, like the date 2024-02-30."""
    loader = _Loader("")
    for scalar in _scalars(node):
        try:
            loader.construct_document(scalar)
        except ValueError:
            return scalar.start_mark.line + 1
    return node.start_mark.line + 1


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _scalars(part)


def _refuse_anchors_and_depth(path: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None):
            raise _unreadable(path, line, "anchors (& and *) are not for content: write it out", "内容不用锚点（& 与 *），请写全")
        if depth > DEEPEST:
            raise _unreadable(path, line, f"nested deeper than {DEEPEST} levels", f"嵌套超过 {DEEPEST} 层")


def _walk(node: yaml.Node, location: Location) -> Iterator[tuple[Location, int]]:
    """Every key and item with its line."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*location, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _walk(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield (*location, place), item.start_mark.line + 1
            yield from _walk(item, (*location, place))


def _unreadable(path: Path, line: int, problem: str, problem_zh: str = "") -> ContentError:
    """`problem_zh` where the problem is ours to say; the parser has its own only in English."""
    return ContentError(
        "XZ-YAML-01",
        zh=f"YAML 读不懂:{problem_zh or problem}",
        en=f"cannot read the YAML: {problem}",
        place=Place(file=str(path), row=line),
    )
