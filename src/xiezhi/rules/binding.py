"""Put parameter values into SQL: through the syntax tree, as typed literals, never by formatting strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from xiezhi.kernel.errors import ContentError

DIALECT = "duckdb"


@dataclass(frozen=True)
class Values:
    """Parameter values that may be a key: what is rendered with them is rendered once.

    They are told apart as they are written, for 1, 1.0 and True are equal in Python, and three literals.
    """

    of: Mapping[str, Any] = field(compare=False)
    written: tuple[tuple[str, str], ...]

    @classmethod
    def fixed(cls, values: Mapping[str, Any]) -> Values:
        return cls(dict(values), tuple((name, repr(value)) for name, value in sorted(values.items())))


def parse_select(sql: str) -> exp.Query:
    """The one SELECT that `sql` holds. Raises ContentError for anything else."""
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=DIALECT) if tree is not None]
    except SqlglotError as error:
        raise _unreadable(sql, error) from error
    except RecursionError:
        raise _too_deep() from None
    for tree in trees:
        _refuse_too_deep(tree)
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ContentError("XZ-SQL-02", zh="SQL 必须是一条 SELECT", en="the SQL must be exactly one SELECT")
    return trees[0]


def parse_expression(sql: str) -> exp.Expr:
    """One SQL expression. Raises ContentError where `sql` is anything more or less."""
    try:
        select = sqlglot.parse_one(f"SELECT {sql}\n", dialect=DIALECT)
    except SqlglotError as error:
        raise _unreadable(sql, error) from error
    except RecursionError:
        raise _too_deep() from None
    _refuse_too_deep(select)
    if not isinstance(select, exp.Select) or len(select.expressions) != 1 or set(_parts(select)) != {"expressions"}:
        raise ContentError("XZ-SQL-03", zh=f"应当是一个表达式:{sql}", en=f"this must be one expression: {sql}")
    only = select.expressions[0]
    if isinstance(only, exp.Alias | exp.Star):
        raise ContentError("XZ-SQL-03", zh=f"应当是一个表达式:{sql}", en=f"this must be one expression: {sql}")
    return only  # type: ignore[no-any-return]


DEEPEST = 120
"""Levels of a query's tree: content has 24. Whatever reads a tree goes down it, and ends with the stack at some nine hundred."""


def _refuse_too_deep(tree: exp.Expr) -> None:
    deep, level = 0, [tree]
    while level:
        deep += 1
        level = [child for node in level for child in node.iter_expressions()]
    if deep > DEEPEST:
        raise _too_deep()


def _too_deep() -> ContentError:
    return ContentError(
        "XZ-SQL-11",
        zh="SQL 的括号或运算嵌套太深",
        en="the SQL is nested too deep",
        todo_zh=f"写成不超过 {DEEPEST} 层;用 WITH 分成几步",
        todo_en=f"write it in {DEEPEST} levels at most; take it apart by WITH",
    )


def bind(tree: exp.Expr, values: Mapping[str, Any]) -> exp.Expr:
    """A copy of `tree` with every `$name` replaced by its value. Raises ContentError for a name without a value."""
    return tree.transform(lambda node: _bound(node, values))


def placeholders(tree: exp.Expr) -> set[str]:
    """The names of the `$parameters` in a tree."""
    return {str(node.this) for node in tree.find_all(exp.Placeholder)}


def literal(value: Any) -> exp.Expr:
    """A value as a SQL literal of its type."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | Decimal):
        text = format(abs(value), "f") if isinstance(value, Decimal) else str(abs(value))
        number = exp.Literal.number(text if isinstance(value, int) or "." in text else f"{text}.0")
        return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    if isinstance(value, str):
        return exp.Literal.string(value)
    raise ContentError("XZ-SQL-04", zh=f"不能放进 SQL 的值:{value!r}", en=f"not a value for SQL: {value!r}")


def _bound(node: exp.Expr, values: Mapping[str, Any]) -> exp.Expr:
    if isinstance(node, exp.In):
        return _bound_list(node, values)
    if not isinstance(node, exp.Placeholder):
        return node
    name = str(node.this)
    if name not in values:
        raise ContentError("XZ-SQL-05", zh=f"没有声明参数 ${name}", en=f"the parameter ${name} is not declared")
    return literal(values[name])


def _bound_list(node: exp.In, values: Mapping[str, Any]) -> exp.Expr:
    """`x IN ($texts)` with its members; an empty list holds no x, which SQL can only say as FALSE."""
    members: list[exp.Expr] = []
    for member in node.expressions:
        value = values.get(str(member.this)) if isinstance(member, exp.Placeholder) else None
        members += [literal(word) for word in value] if isinstance(value, list) else [member]
    if node.expressions and not members:
        return exp.false()
    node.set("expressions", members)
    return node


def _parts(select: exp.Select) -> list[str]:
    return [name for name, part in select.args.items() if part not in (None, False, [])]


def _unreadable(sql: str, error: SqlglotError) -> ContentError:
    first = str(error).splitlines()[0]
    shown = " ".join(sql.split())[:80]
    return ContentError("XZ-SQL-01", zh=f"SQL 读不懂({shown}):{first}", en=f"cannot read the SQL ({shown}): {first}")
