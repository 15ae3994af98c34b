"""Every SQL text that is one small mistake away from a given one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlglot import exp
from sqlglot.errors import SqlglotError

from xiezhi.rules.binding import parse_expression, parse_select
from xiezhi.rules.mutation.changes import changes_at
from xiezhi.rules.mutation.changes.change import sql


@dataclass(frozen=True)
class Edit:
    """`text` is the whole SQL with the mistake in it; `before` and `after` the part that differs.

    `scope`: the CTE and the output column it is in, `monthly.paid`; empty for the main query outside its columns.
    """

    kind: str
    scope: str
    before: str
    after: str
    text: str


def query_edits(text: str) -> Iterator[Edit]:
    """Edits of one SELECT. Raises ContentError where it is none."""
    return _edits(parse_select(text))


def expression_edits(text: str) -> Iterator[Edit]:
    """Edits of one expression. Raises ContentError where it is none."""
    return _edits(parse_expression(text))


def _edits(root: exp.Expr) -> Iterator[Edit]:
    """In the order of the tree; a text that comes out twice comes once, and what does not change the text not at all."""
    held = exp.Paren(this=root.copy())  # so that the root itself can be replaced
    seen = {sql(held.this)}
    for place, node in enumerate(held.walk()):
        for change in changes_at(node):
            copy = held.copy()
            twin = _nth(copy, place)
            scope, before = _scope(twin), sql(twin)
            after = change.make(twin)
            try:
                text, told = sql(copy.this), sql(after) if after is not None else ""
            except SqlglotError:
                continue  # the dialect cannot write it
            if text not in seen:
                seen.add(text)
                yield Edit(change.kind, scope, before, told, text)


def _nth(tree: exp.Expr, place: int) -> exp.Expr:
    return next(islice(tree.walk(), place, None))


def _scope(node: exp.Expr) -> str:
    inside, column = node.find_ancestor(exp.CTE), node.find_ancestor(exp.Alias)
    return ".".join(str(found.alias) for found in (inside, column) if found is not None)
