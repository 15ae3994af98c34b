"""What can be taken away from a lake so that a rule may notice, and the lake without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot.optimizer.eliminate_ctes import eliminate_ctes
from sqlglot.optimizer.eliminate_joins import eliminate_joins
from sqlglot.optimizer.pushdown_projections import pushdown_projections

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.kernel.tables import TableRef
from xiezhi.rules.binding import parse_select
from xiezhi.rules.fact import Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.reading import columns_used, typed_query
from xiezhi.rules.rule import Rule
from xiezhi.runs.facts import columns_needed

PROVENANCE = ("_delivery", "_row")


@dataclass(frozen=True)
class Take:
    """Rows of `table` (`months` of its date column, or all where there is no column), or the values of a column and of those
    that intake derives from it."""

    table: str
    column: str | None = None
    months: tuple[date, ...] = ()
    derived: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f".{self.column}" if self.column else ""
        return f"{self.table}{where}" + (f" {self.months[0]:%Y-%m}..{self.months[-1]:%Y-%m}" if self.months else "")

    def select(self, source: str, types: Mapping[str, str]) -> str:
        """What is left of `source`, whose columns have `types`."""
        if self.column is None:
            return f"SELECT * FROM {source} WHERE false"
        if not self.months:
            gone = ", ".join(f"CAST(NULL AS {types[name]}) AS {quoted(name)}" for name in (self.column, *self.derived))
            return f"SELECT * REPLACE ({gone}) FROM {source}"
        gone = ", ".join(f"DATE '{month}'" for month in self.months)
        month = f"CAST(date_trunc('month', {quoted(self.column)}) AS DATE)"
        return f"SELECT * FROM {source} WHERE {month} NOT IN ({gone}) OR {quoted(self.column)} IS NULL"


def times_of(rule: Rule, facts: Mapping[str, Fact], tables: Mapping[str, Mapping[str, str]]) -> set[tuple[str, str]]:
    """(delivered table, date column) pairs that say of which month a row is: of the population, and of what must reach it."""
    population = rule.population
    asked = [(population.fact, population.month), *((fact, horizon.column) for fact, horizon in population.horizon.items())]
    found = set()
    for name, column in asked:
        fact = facts[name]
        if column and not fact.facts:
            found |= {(t, c) for t, c in _built_on(fact, {column}, facts, tables) if tables[t][c] in ("DATE", "TIMESTAMP")}
    return found


def columns_read(rule: Rule, facts: Mapping[str, Fact], tables: Mapping[str, Mapping[str, str]]) -> set[tuple[str, str]]:
    """(delivered table, column) pairs on which the facts' columns that the rule uses are built."""
    needed = columns_needed([rule], facts)
    wanted = {name: set(columns) for name, columns in needed.items()}
    found: set[tuple[str, str]] = set()
    ordered = facts_in_order(facts, wanted)
    for fact in reversed(ordered):
        columns = wanted.get(fact.name) or set()
        for source, column in _built_on(fact, columns, facts, tables):
            if source in fact.facts:
                wanted.setdefault(source, set()).add(column)
            else:
                found.add((source, column))
    return {(table, column) for table, column in found if column not in PROVENANCE}


def _built_on(
    fact: Fact, columns: set[str], facts: Mapping[str, Fact], tables: Mapping[str, Mapping[str, str]]
) -> set[tuple[str, str]]:
    schema = {table: dict(tables[table]) for table in fact.tables} | {name: dict(facts[name].types) for name in fact.facts}
    listed = ", ".join(sorted(columns)) or "*"
    query = typed_query(parse_select(f"SELECT {listed} FROM ({fact.sql}) AS built"), schema)
    for leave_out in (pushdown_projections, eliminate_joins, eliminate_ctes, pushdown_projections):
        query = leave_out(query)
    return columns_used(query)


def takes(
    engine: DuckDB, tables: Mapping[str, TableRef], pairs: set[tuple[str, str]], times: Iterable[tuple[str, str]], window: Window
) -> Iterator[Take]:
    """Every table, column, and run of months of `pairs`. `times`: the columns that say when a row is of.

    `window` (first and last month that are judged) bounds the months; with `each` one is taken at a time, else three at once.
    """
    for table in sorted({table for table, _ in pairs}):
        yield Take(table)
    for table, column in sorted(pairs):
        yield Take(table, column)
    for table, column in sorted(times):
        yield from _months(engine, table, column, window)


@dataclass(frozen=True)
class Window:
    first: date
    last: date
    each: bool = False


def _months(engine: DuckDB, table: str, column: str, window: Window) -> Iterator[Take]:
    month = f"CAST(date_trunc('month', {quoted(column)}) AS DATE)"
    rows = engine.rows(
        f"SELECT {month} AS month FROM whole.{quoted(table)} WHERE {month} > DATE '{window.first}'"
        f" AND {month} < DATE '{window.last}' GROUP BY 1 ORDER BY 1"
    )
    months = [row["month"] for row in rows]
    if window.each:
        yield from (Take(table, column, (month,)) for month in months)
    elif len(months) >= 5:
        middle = len(months) // 2
        yield Take(table, column, tuple(months[middle - 1 : middle + 2]))
