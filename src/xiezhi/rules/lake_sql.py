"""The same SELECT over other tables: a fact over the delivered tables of a lake, a rule over reduced facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

from xiezhi.rules.fact import Fact

LAKE = "lake"
"""The schema that delivered tables have, so that a fact may bear the name of the table it reads."""


def lake_sql(fact: Fact) -> str:
    """The fact's SELECT with its lake tables spelled in their schema."""
    return retarget(fact.sql, {table: (LAKE, table) for table in fact.tables})


def retarget(sql: str, tables: Mapping[str, tuple[str, str]]) -> str:
    """The same SELECT reading other tables: name → (schema or '', table). Aliases and meaning stay."""
    return _retargeted(sql, frozenset(tables.items()))


@lru_cache(maxsize=512)
def _retargeted(sql: str, over: frozenset[tuple[str, tuple[str, str]]]) -> str:
    tables = dict(over)
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    local = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name in tables and table.name not in local and not table.db:
            schema, name = tables[table.name]
            alias = table.alias or table.name
            table.set("this", exp.to_identifier(name, quoted=True))
            table.set("db", exp.to_identifier(schema, quoted=True) if schema else None)
            table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return tree.sql(dialect="duckdb")
