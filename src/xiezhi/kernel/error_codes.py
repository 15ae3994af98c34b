"""Every error code of the platform with what it says, read from the sources.

`python -m xiezhi.kernel.error_codes docs/reference/errors.md` writes the page; a test says when it is old, when a code is spelled
otherwise than `XZ-AREA-01`, and when one code says two things.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiezhi.kernel import errors

SOURCES = Path(__file__).parents[1]
CODE = re.compile(r"^XZ-[A-Z]+-\d{2,3}$")
UNKNOWN = "…"
"""Stands for a part that only the moment tells: a name, a number, a file."""

HEAD = """# 错误代码 · Error codes

由源代码生成:`python -m xiezhi.kernel.error_codes docs/reference/errors.md`。`…` 处是当时的名称、数字或文件。
退出码:2 请求不能照办,3 文件被拒收,4 契约、事实、规范或模型有误,5 不该变的东西变了,6 稍后再试;界面上同样显示代码和办法。
拒收一份文件的原因写在回执上,用它自己的词(如 `header_again`),不在此列。

Generated from the sources. `…` is what only the moment tells. Exit codes: 2 cannot be done as asked, 3 a file is refused,
4 content is wrong, 5 what must not change has changed, 6 try again later. Why a file is refused stands on its receipt, in words
of its own.
"""


@dataclass(frozen=True, order=True)
class Said:
    """One place that refuses under a code: `module` of the sources, and what it says in both languages."""

    code: str
    zh: str
    en: str
    todo_zh: str
    todo_en: str
    exit_code: int
    module: str


def said(sources: Path = SOURCES) -> list[Said]:
    """All of them, in the order of their codes."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(sources.rglob("*.py"))}
    exit_codes = _exit_codes(trees.values())
    modules = (_Module(path.relative_to(sources).with_suffix("").as_posix(), tree, exit_codes) for path, tree in trees.items())
    return sorted(one for module in modules for one in module.said())


def _exit_codes(trees: Iterable[ast.Module]) -> dict[str, int]:
    """The name of each kind of error → its exit code; what is derived elsewhere keeps that of its base."""
    kinds = {name: kind.exit_code for name, kind in vars(errors).items() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in kinds:
                kinds.setdefault(node.name, kinds[base.id])
    return kinds


class _Module:
    """One source file. An error may be made by a function of the same file, which adds words of its own."""

    def __init__(self, name: str, tree: ast.Module, exit_codes: Mapping[str, int]) -> None:
        self._name, self._tree, self._exit_codes = name, tree, exit_codes
        self._functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    def said(self) -> Iterator[Said]:
        for call in self._calls(self._tree):
            code = _part(call, "code", 0)
            if isinstance(code, ast.Constant) and isinstance(code.value, str) and CODE.match(code.value):
                made = self._made(call)
                texts = {name: _text(_part(call, name, at)) or _text(_part(made, name, at)) for name, at in _TEXTS.items()}
                yield Said(code=code.value, exit_code=self._exit_codes.get(_called(made), 1), module=self._name, **texts)

    def _made(self, call: ast.Call) -> ast.Call:
        """The call of the exception itself: this one, or the one in the function that it calls."""
        function = self._functions.get(_called(call))
        if function is None:
            return call
        return next((inner for inner in self._calls(function) if _called(inner) in self._exit_codes), call)

    @staticmethod
    def _calls(tree: ast.AST) -> Iterator[ast.Call]:
        return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


_TEXTS = {"zh": 1, "en": 2, "todo_zh": 3, "todo_en": 4}
"""Words of an error, and at which place among its arguments they stand where they are not named."""


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _part(call: ast.Call, name: str, place: int) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return named if named is not None else call.args[place] if place < len(call.args) else None


def _text(node: ast.expr | None) -> str:
    if node is None:
        return ""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else UNKNOWN for part in node.values)
    return UNKNOWN


def page(found: Iterable[Said]) -> str:
    """The whole page: one table for each area."""
    lines, area = [HEAD], ""
    for one in found:
        if one.code.rpartition("-")[0] != area:
            area = one.code.rpartition("-")[0]
            lines += ["", f"## {area}", "", "| 代码 | 退出码 | 说明 | What | 办法 | What to do |", "|---|---|---|---|---|---|"]
        cells = (one.code, str(one.exit_code), one.zh, one.en, one.todo_zh, one.todo_en)
        line = "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
        if line != lines[-1]:
            lines.append(line)
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(said()), encoding="utf-8")
