"""Mistakes in what is compared and how answers are joined: operators, AND and OR, NOT, NULL, a part left out."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from xiezhi.rules.mutation.changes.change import Mutator, gone, only, put, turned

TURNED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GTE: exp.GT,
    exp.GT: exp.GTE,
    exp.LTE: exp.LT,
    exp.LT: exp.LTE,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}


def changes(node: exp.Expr) -> Iterator[Mutator]:
    """Changes of comparisons and of logic at `node`."""
    if type(node) in TURNED:
        yield turned("comparison", TURNED[type(node)])
    elif isinstance(node, exp.And | exp.Or):
        yield Mutator("logic", _other_connector)
        yield from _parts_left_out(node)
    elif isinstance(node, exp.Not):
        yield Mutator("null" if _asks_null(node.this) else "not", lambda found: put(found, found.this.copy()))
    elif _asks_null(node) and not isinstance(node.parent, exp.Not):
        yield Mutator("null", lambda found: put(found, exp.Not(this=found.copy())))
    elif isinstance(node, exp.Between):
        yield Mutator("comparison", lambda found: _between(found, exp.GT, exp.LTE))
        yield Mutator("comparison", lambda found: _between(found, exp.GTE, exp.LT))
    elif isinstance(node, exp.In) and len(node.expressions) > 1:
        for place in range(len(node.expressions)):
            yield Mutator("member", lambda found, place=place: _without(found, place))  # type: ignore[misc]


def _parts_left_out(node: exp.And | exp.Or) -> Iterator[Mutator]:
    """Each side of a connector alone. A longer chain is a connector of connectors: each of its links drops its own."""
    kind = "conjunct" if isinstance(node, exp.And) else "disjunct"
    yield only(kind, "this")
    if not isinstance(node.this, type(node)):
        yield only(kind, "expression")


def _other_connector(node: exp.Expr) -> exp.Expr:
    into = exp.Or if isinstance(node, exp.And) else exp.And
    sides = [_bracketed(side.copy()) for side in (node.this, node.args["expression"])]
    return put(node, into(this=sides[0], expression=sides[1]))


def _bracketed(side: exp.Expr) -> exp.Expr:
    return exp.Paren(this=side) if isinstance(side, exp.Connector) else side


def _asks_null(node: exp.Expr) -> bool:
    return isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)


def _between(node: exp.Expr, low: type[exp.Expr], high: type[exp.Expr]) -> exp.Expr:
    value = node.this
    lower = low(this=value.copy(), expression=node.args["low"].copy())
    upper = high(this=value.copy(), expression=node.args["high"].copy())
    both = exp.And(this=lower, expression=upper)
    node.replace(exp.Paren(this=both))
    return both


def _without(node: exp.Expr, place: int) -> exp.Expr:
    gone("member").make(node.expressions[place])
    return node
