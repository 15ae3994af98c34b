"""YAML that remembers its lines: a file's plain values together with where each stands, double keys refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xiezhi.kernel.errors import ContentError, Place


class _PlainLoader(yaml.CSafeLoader):
    """libyaml's SafeLoader, 8 times as fast as Python's own, that takes only `true` and `false` for booleans.

    Lists of 是/否 say `no` and `y` and mean the words.
    """


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or letter in "tTfF"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class MarkedYaml:
    """A parsed file: `value` as plain Python, `root` with the marks."""

    path: Path
    value: Any
    root: yaml.Node

    def line_of(self, location: Sequence[str | int]) -> int:
        """The line (from 1) of the deepest element on `location` that exists; a list of {property, value} is searched by name."""
        node, line = self.root, self.root.start_mark.line
        for step in location:
            found = _child(node, step)
            if found is None:
                break
            node, line = found
        return line + 1


def read_marked_yaml(path: Path) -> MarkedYaml:
    """Parse one YAML file. ContentError with file and line where it is not YAML, not UTF-8, or gives a key twice."""
    try:
        loader = _PlainLoader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        if root is None:
            raise complaint(path, 1, zh="文件是空的", en="the file is empty")
        for key, line in _double_keys(root):
            raise complaint(path, line, zh=f"键“{key}”出现两次", en=f"key {key!r} is given twice")
        return MarkedYaml(path, loader.construct_document(root), root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise complaint(path, line, zh=f"不是合法的 YAML:{error.problem}", en=f"not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise complaint(path, 1, zh=f"读不出来:{error}", en=f"cannot be read: {error}") from error


def complaint(path: Path, line: int, *, zh: str, en: str, code: str = "XZ-CONTRACT-01") -> ContentError:
    """A ContentError that names file and line."""
    return ContentError(code, zh=zh, en=en, place=Place(file=f"{path}:{line}"))


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line
        custom = next((value for key, value in node.value if key.value == "customProperties"), None)
        return _child(custom, step) if custom is not None else None
    if isinstance(node, yaml.SequenceNode):
        if isinstance(step, int):
            return (node.value[step], node.value[step].start_mark.line) if step < len(node.value) else None
        return _custom_property(node, step)
    return None


def _custom_property(entries: yaml.SequenceNode, name: str) -> tuple[yaml.Node, int] | None:
    for entry in entries.value:
        if isinstance(entry, yaml.MappingNode) and ("property", name) in {(k.value, _scalar(v)) for k, v in entry.value}:
            return _child(entry, "value") or (entry, entry.start_mark.line)
    return None


def _scalar(node: yaml.Node) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _double_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(str(key.value))
            yield from _double_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _double_keys(child)
