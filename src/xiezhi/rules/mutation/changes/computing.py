"""Mistakes in what is computed: aggregates, plus and minus, numbers and words, defaults, branches, which is the bigger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlglot import exp

from xiezhi.rules.mutation.changes.change import Mutator, only, put, turned

TURNED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
    exp.FirstValue: exp.LastValue,
    exp.LastValue: exp.FirstValue,
    exp.Lag: exp.Lead,
    exp.Lead: exp.Lag,
    exp.RowNumber: exp.Rank,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
}

WORD = "~"
"""What a text literal gets behind it to be another text."""

NO_END = 9000
"""From this year on a day stands for "no end", and a day more or less for the same."""


def changes(node: exp.Expr) -> Iterator[Mutator]:
    """Changes of a computation at `node`."""
    if type(node) in TURNED:
        yield turned("arithmetic" if isinstance(node, exp.Binary) else "function", TURNED[type(node)])
    elif isinstance(node, exp.Count | exp.Sum | exp.Avg):
        yield from _aggregate(node)
    elif isinstance(node, exp.Coalesce) and len(node.expressions) == 1:
        yield only("default", "this")
    elif isinstance(node, exp.Case):
        yield from _branches(node)
    elif isinstance(node, exp.Boolean):
        yield Mutator("literal", lambda found: put(found, exp.Boolean(this=not found.this)))
    elif isinstance(node, exp.Literal):
        yield from _literal(node)


def _aggregate(node: exp.Expr) -> Iterator[Mutator]:
    inner = node.this
    if isinstance(inner, exp.Star) or inner is None:
        return
    if isinstance(inner, exp.Distinct):
        if len(inner.expressions) == 1:
            yield Mutator("distinct", lambda found: put(found, type(found)(this=found.this.expressions[0].copy(), big_int=True)))
        return
    if isinstance(node, exp.Count):
        distinct = exp.Distinct(expressions=[inner.copy()])
        yield Mutator("distinct", lambda found: put(found, exp.Count(this=distinct.copy(), big_int=True)))
    yield turned("function", exp.Sum if isinstance(node, exp.Count) else exp.Count)


def _branches(node: exp.Case) -> Iterator[Mutator]:
    """Each branch's result exchanged with the next one's (the last one's with ELSE)."""
    branches = node.args["ifs"]
    for place in range(len(branches) - (node.args.get("default") is None)):
        yield Mutator("branch", lambda found, place=place: _exchange(found, place))  # type: ignore[misc]


def _exchange(node: exp.Expr, place: int) -> exp.Expr:
    branches = node.args["ifs"]
    one, other = branches[place], branches[place + 1] if place + 1 < len(branches) else node
    argument = "true" if other is not node else "default"
    mine, theirs = one.args["true"].copy(), other.args[argument].copy()
    one.set("true", theirs)
    other.set(argument, mine)
    return node


def _literal(node: exp.Literal) -> Iterator[Mutator]:
    if not node.is_string:
        for step in (1, -1):
            yield Mutator("literal", lambda found, step=step: put(found, _number(str(found.this), step)))  # type: ignore[misc]
    elif isinstance(node.parent, exp.Cast) and node.parent.is_type("date"):
        day = date.fromisoformat(str(node.this))
        for days in (1, -1) if day.year < NO_END else ():
            moved = (day + timedelta(days)).isoformat()
            yield Mutator("literal", lambda found, moved=moved: put(found, exp.Literal.string(moved)))  # type: ignore[misc]
    elif not isinstance(node.parent, exp.DateTrunc | exp.TimestampTrunc | exp.Interval):
        yield Mutator("literal", lambda found: put(found, exp.Literal.string(f"{found.this}{WORD}")))


def _number(text: str, step: int) -> exp.Expr:
    value = Decimal(text) + step
    number = exp.Literal.number(format(abs(value), "f"))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
