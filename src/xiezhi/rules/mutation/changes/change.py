"""Change: one small mistake, and how to make it at a node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from xiezhi.rules.binding import DIALECT


@dataclass(frozen=True)
class Mutator:
    """`make` edits the node it is given, in place, and returns what then stands there; None where nothing does."""

    kind: str
    make: Callable[[exp.Expr], exp.Expr | None]


def turned(kind: str, into: type[exp.Expr]) -> Mutator:
    """The same operands under another operator."""
    return Mutator(kind, lambda node: put(node, into(**{name: part for name, part in node.args.items() if part is not None})))


def only(kind: str, argument: str) -> Mutator:
    """One part of the node in place of the whole."""
    return Mutator(kind, lambda node: put(node, node.args[argument].copy()))


def gone(kind: str) -> Mutator:
    """The node taken out."""

    def make(node: exp.Expr) -> None:
        node.pop()

    return Mutator(kind, make)


def put(node: exp.Expr, other: exp.Expr) -> exp.Expr:
    """`other` in the place of `node`, in brackets where its neighbours would otherwise bind closer."""
    if (
        isinstance(other, exp.Connector)
        and isinstance(node.parent, exp.Connector | exp.Not)
        and type(other) is not type(node.parent)
    ):
        node.replace(exp.Paren(this=other))
    else:
        node.replace(other)
    return other


def sql(node: exp.Expr) -> str:
    """One line of SQL."""
    return node.sql(dialect=DIALECT, comments=False)
