"""The small mistakes that can be planted at one node of a syntax tree, a family a file."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from xiezhi.rules.mutation.changes import comparing, computing, selecting
from xiezhi.rules.mutation.changes.change import Mutator

FAMILIES = (comparing.changes, selecting.changes, computing.changes)


def changes_at(node: exp.Expr) -> Iterator[Mutator]:
    """Every small mistake that could be made at `node`, in a fixed order."""
    for family in FAMILIES:
        yield from family(node)
