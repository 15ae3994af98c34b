"""Every Python text that is one small mistake away from a module's own.

Only the mutated characters change: lines stay where they are. Parts inside an f-string's braces are left alone (Python 3.11
does not say where they stand); SQL in strings is changed by its words, since much of the core's sense is there.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.GtE: (">=", ">"),
    ast.Gt: (">", ">="),
    ast.LtE: ("<=", "<"),
    ast.Lt: ("<", "<="),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.FloorDiv: ("//", "*"),
    ast.Div: ("/", "*"),
    ast.Mod: ("%", "*"),
}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}

SQL = re.compile(r"\b(SELECT|FROM|WHERE|JOIN|CASE|WHEN|AND|OVER|HAVING)\b")
SQL_WORDS = [
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bANTI JOIN\b", "SEMI JOIN"),
    (r"\bUNION ALL\b", "UNION"),
    (r"\bIS NOT DISTINCT FROM\b", "IS DISTINCT FROM"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bNOT IN\b", "IN"),
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"\bDESC\b", "ASC"),
    (r"(?<= )>=(?= )", ">"),
    (r"(?<= )<=(?= )", "<"),
    (r"(?<= )<>(?= )", "="),
    (r"\bmin\((?!\))", "max("),
    (r"\bmax\((?!\))", "min("),
]


@dataclass(frozen=True)
class Mutant:
    """`source` is the whole module with the mistake in it; `id` stays the same while its lines do."""

    id: str
    module: str
    line: int
    kind: str
    before: str
    after: str
    source: str


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str
    kind: str


def mutants(module: str, source: str) -> list[Mutant]:
    """In the order of the text. Every one of them compiles."""
    found: list[Mutant] = []
    alike: Counter[tuple[str, ...]] = Counter()
    data = source.encode()
    for edit in sorted(_edits(source), key=lambda edit: (edit.start, edit.end, edit.text)):
        changed = data[: edit.start] + edit.text.encode() + data[edit.end :]
        try:
            compile(changed, module, "exec")
        except SyntaxError:
            continue
        line = data.count(b"\n", 0, edit.start)
        before, after = source.splitlines()[line].strip(), changed.decode().splitlines()[line].strip()
        told = (module, edit.kind, before, after)
        digest = sha256("\0".join((*told, str(alike[told]))).encode()).hexdigest()
        alike[told] += 1
        found.append(Mutant(f"m{digest[:10]}", module, line + 1, edit.kind, before, after, changed.decode()))
    return found


class _Places:
    """Where the nodes of a module stand, in bytes."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self._lines = [0]
        for line in self.data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self._lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def text(self, node: ast.expr | ast.stmt) -> str:
        return self.data[self.start(node) : self.end(node)].decode()

    def negated(self, test: ast.expr) -> _Edit:
        return _Edit(self.start(test), self.end(test), f"not ({self.text(test)})", "condition")

    def between(self, left: ast.expr, right: ast.expr, old: str, new: str, kind: str) -> Iterator[_Edit]:
        """`old`, which stands alone between two operands (besides brackets and blanks), becomes `new`."""
        start, end = self.end(left), self.start(right)
        found = re.search(
            rf"(?<![\w]){re.escape(old).replace(chr(92) + ' ', chr(92) + 's+')}(?![\w=])", self.data[start:end].decode()
        )
        if found:
            yield _Edit(start + found.start(), start + found.end(), new, kind)


def _edits(source: str) -> Iterator[_Edit]:
    places = _Places(source)
    for node in _walk(ast.parse(source)):
        yield from (places.negated(test) for test in _conditions(node))
        if isinstance(node, ast.expr):
            yield from _expression(node, places)
        elif isinstance(node, ast.stmt):
            yield from _statement(node, places)


def _conditions(node: ast.AST) -> list[ast.expr]:
    """What decides whether a part of `node` is computed at all."""
    if isinstance(node, ast.comprehension):
        return node.ifs
    return [node.test] if isinstance(node, ast.If | ast.While | ast.IfExp) and not _typing_only(node) else []


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that can be mutated: no docstrings, no annotations, nothing inside an f-string."""
    yield node
    if isinstance(node, ast.JoinedStr):
        return
    for name, part in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or (name == "test" and _typing_only(node)):
            continue
        for child in part if isinstance(part, list) else [part]:
            docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not docstring:
                yield from _walk(child)


def _typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _expression(node: ast.expr, places: _Places) -> Iterator[_Edit]:
    if isinstance(node, ast.Compare):
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            yield from places.between(left, right, *COMPARISONS[type(operator)], "comparison")
    elif isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from places.between(left, right, old, new, "logic")
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _Edit(places.start(node), places.start(node.operand), "", "not")
    elif isinstance(node, ast.BinOp):
        yield from _arithmetic(node, places)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        yield _Edit(places.start(node), places.end(node.func), FUNCTIONS[node.func.id], "function")
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        yield from _constant(node, places)


def _arithmetic(node: ast.BinOp, places: _Places) -> Iterator[_Edit]:
    """Of texts, lists and paths no other operator is there: such a mistake would be found by starting the program."""
    sides = (node.left, node.right)
    path = isinstance(node.op, ast.Div) and not any(isinstance(side, ast.Constant) and not _wordy(side) for side in sides)
    if type(node.op) in ARITHMETIC and not path and not any(_wordy(side) or _listed(side) for side in sides):
        yield from places.between(node.left, node.right, *ARITHMETIC[type(node.op)], "arithmetic")


def _constant(node: ast.Constant | ast.JoinedStr, places: _Places) -> Iterator[_Edit]:
    start, end = places.start(node), places.end(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _Edit(start, end, str(not node.value), "constant")
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield _Edit(start, end, str(node.value + 1), "constant")
    elif _wordy(node) and SQL.search(places.text(node)):
        yield from _sql(places.text(node), start)


def _listed(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.ListComp | ast.Tuple)


def _wordy(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _sql(text: str, start: int) -> Iterator[_Edit]:
    for pattern, new in SQL_WORDS:
        for found in re.finditer(pattern, text):
            begin = start + len(text[: found.start()].encode())
            yield _Edit(begin, begin + len(found.group().encode()), new, "sql")


def _statement(node: ast.stmt, places: _Places) -> Iterator[_Edit]:
    start, end = places.start(node), places.end(node)
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield _Edit(places.start(node.value), places.end(node.value), "None", "return")
    elif isinstance(node, ast.Raise):
        yield _Edit(start, end, "pass", "raise")
    elif isinstance(node, ast.Continue | ast.Break):
        yield _Edit(start, end, "break" if isinstance(node, ast.Continue) else "continue", "loop")
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield _Edit(start, end, "pass", "call")
    elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        old, new = ARITHMETIC[type(node.op)]
        found = places.data.find(f"{old}=".encode(), places.end(node.target), places.start(node.value))
        if found >= 0 and not _wordy(node.value) and not _listed(node.value):
            yield _Edit(found, found + len(old), new, "arithmetic")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
