"""Mistakes in which rows are taken: joins, filters left out, groups, partitions, order, what counts as the same row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from xiezhi.rules.mutation.changes.change import Mutator, gone, only

FILTERS: dict[type[exp.Expr], str] = {exp.Where: "where", exp.Having: "having", exp.Qualify: "qualify", exp.Limit: "limit"}


def changes(node: exp.Expr) -> Iterator[Mutator]:
    """Changes of the choice of rows at `node`."""
    if isinstance(node, exp.Filter):
        yield only("filter", "this")
    elif type(node) in FILTERS and not isinstance(node.parent, exp.Filter):
        if not isinstance(node.this, exp.And):
            yield gone(FILTERS[type(node)])  # of several conjuncts each is left out on its own
    elif isinstance(node, exp.Join):
        yield from _join(node)
    elif isinstance(node, exp.Group):
        yield from (Mutator("group", _without("expressions", place)) for place in range(len(node.expressions)))
    elif isinstance(node, exp.Window):
        keys = len(node.args.get("partition_by") or [])
        yield from (Mutator("partition", _without("partition_by", place)) for place in range(keys))
    elif isinstance(node, exp.Ordered):
        yield Mutator("order", lambda found: _set(found, "desc", not found.args.get("desc")))
    elif isinstance(node, exp.Union):
        yield Mutator("union", lambda found: _set(found, "distinct", not found.args.get("distinct")))
    elif isinstance(node, exp.Select) and node.args.get("distinct"):
        yield Mutator("distinct", lambda found: _set(found, "distinct", None))


def _join(node: exp.Join) -> Iterator[Mutator]:
    if node.side == "LEFT" or (node.kind in ("", "INNER") and not node.side and node.args.get("on")):
        yield Mutator("join", lambda found: _set(found, "side", None if found.args.get("side") else "LEFT"))
    elif node.kind in ("SEMI", "ANTI"):
        yield Mutator("join", lambda found: _set(found, "kind", "ANTI" if found.args["kind"] == "SEMI" else "SEMI"))
    on = node.args.get("on")
    if on is not None and not isinstance(on, exp.And):
        yield Mutator("on", lambda found: _set(found, "on", exp.true()))


def _without(argument: str, place: int) -> Callable[[exp.Expr], exp.Expr | None]:
    """How to leave out one of several keys; a clause left without any key goes as a whole."""

    def make(node: exp.Expr) -> exp.Expr | None:
        kept = [key for number, key in enumerate(node.args[argument]) if number != place]
        if not kept and isinstance(node, exp.Group):
            node.pop()
            return None
        node.set(argument, kept)
        return node

    return make


def _set(node: exp.Expr, argument: str, value: object) -> exp.Expr:
    node.set(argument, value)
    return node
