"""Read a query against the columns it may use: which it uses, and the type of every part."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from xiezhi.kernel.errors import ContentError
from xiezhi.rules.binding import DIALECT

Schema = Mapping[str, Mapping[str, str]]


def typed_query(query: exp.Expr, schema: Schema) -> exp.Query:
    """The query with every column resolved and typed. Raises ContentError for a column that `schema` does not have."""
    known: dict[str, object] = {table: dict(columns) for table, columns in schema.items()}
    try:
        resolved = qualify(query.copy(), schema=known, dialect=DIALECT, identify=False)
        typed = annotate_types(resolved, schema=known, dialect=DIALECT)
    except SqlglotError as error:
        told = str(error).splitlines()[0]
        raise ContentError("XZ-SQL-07", zh=f"列名解析不了:{told}", en=f"a column cannot be resolved: {told}") from error
    assert isinstance(typed, exp.Query)
    return typed


def tables_read(query: exp.Expr) -> set[str]:
    """The tables a query names, without its own WITH parts."""
    own = {part.alias for part in query.find_all(exp.CTE)}
    return {table.name for table in query.find_all(exp.Table) if table.name not in own}


def columns_used(typed: exp.Query) -> set[tuple[str, str]]:
    """(table, column) pairs that a typed query reads."""
    used = set()
    for scope in traverse_scope(typed):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table):
                used.add((source.name, column.name))
    return used


def output_types(typed: exp.Query) -> dict[str, str]:
    """Output column → type in DuckDB's words ('UNKNOWN' where it cannot be told)."""
    return {column.alias_or_name: column.type.sql(DIALECT) if column.type else "UNKNOWN" for column in typed.selects}


def line_of(node: exp.Expr | None) -> int:
    """The line of a node's first token, or of the nearest thing around it whose line is known; else 1."""
    while node is not None:
        lines = [part.meta["line"] for part in node.walk() if "line" in part.meta]
        if lines:
            return int(min(lines))
        node = node.parent
    return 1
