"""Build the facts a plan needs, once, for all its rules.

Lake tables are opened as views in the schema `lake`. A fact of ordinary size becomes a narrow table of its own in the
engine's scratch database (only the columns some rule needs, plus `_delivery` and `_row`), so its Parquet is decoded once
however many rules there are. A big fact stays a view: copying ten million rows costs more than the few scans that remain
once rules read their reduced copy (`narrow.py`); measured, 0.4–1.3 s for the copy against 0.2 s a scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlglot
from sqlglot import exp

from xiezhi.engines.duckdb_engine import DuckDB, TookTooLong, quoted, scan_sql
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.tables import SET_ASIDE, TableRef
from xiezhi.kernel.words import Words
from xiezhi.rules.fact import Fact
from xiezhi.rules.lake_sql import LAKE, lake_sql
from xiezhi.rules.rule import Rule

PROVENANCE = ("_delivery", "_row")

BIG_FACT = 1_000_000
"""Rows of its principal table from which a fact is not copied."""

PATIENCE = 3600.0
"""Seconds that one fact or one rule may take."""


def open_lake(
    engine: DuckDB,
    tables: Mapping[str, TableRef],
    facts: Iterable[Fact] = (),
    *,
    beside: Iterable[Path] = (),
    results: Iterable[Path] = (),
) -> None:
    """A view per lake table, in the schema `lake`, so that a fact may bear the name of the table it reads.

    Seals the engine before content is run on it: from here on it opens the tables' own files, those `beside` them and what lies
    in the folders of `results`.
    """
    engine.seal([*(file for table in tables.values() for file in table.files), *beside], results)
    engine.run(f"CREATE SCHEMA IF NOT EXISTS {LAKE}")
    optional = optional_columns(facts)
    for table in tables.values():
        engine.run(f"CREATE OR REPLACE VIEW {LAKE}.{quoted(table.name)} AS {completed_scan(table, optional)}")


def optional_columns(facts: Iterable[Fact]) -> dict[str, dict[str, str]]:
    """Lake table → columns with their types that it may lack."""
    found: dict[str, dict[str, str]] = {}
    for fact in facts:
        for table, columns in fact.optional.items():
            found.setdefault(table, {}).update(columns)
    return found


def completed_scan(table: TableRef, optional: Mapping[str, Mapping[str, str]]) -> str:
    """The SELECT that reads a table, with what an older lake lacks as NULL."""
    wanted = optional.get(table.name.removesuffix(SET_ASIDE), {})
    lacking = [f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in wanted.items() if name not in table.columns]
    return f"SELECT *, {', '.join(lacking)} FROM ({scan_sql(table)})" if lacking else scan_sql(table)


def build_facts(
    engine: DuckDB,
    facts: Iterable[Fact],
    columns: Mapping[str, set[str]],
    tables: Mapping[str, TableRef],
    patience: float = PATIENCE,
) -> dict[str, int]:
    """Make `facts` readable under their names with the wanted `columns`; returns fact name → rows (of the principal table).

    Raises UserError XZ-RUN-05 for a fact that takes more than `patience` seconds: one without an end held a run for ever.
    """
    rows = {}
    for fact in facts:
        wanted = [name for name in fact.columns if name in columns[fact.name]]
        selected = ", ".join(quoted(name) for name in (*wanted, *PROVENANCE))
        rows[fact.name] = tables[fact.principal].rows if fact.principal in tables else 0
        kind = "VIEW" if rows[fact.name] >= BIG_FACT else "TABLE"
        with named_where_endless(engine, patience, Words(zh=f"事实表 {fact.name} ", en=f"fact {fact.name}")):
            engine.run(f"CREATE OR REPLACE {kind} {quoted(fact.name)} AS SELECT {selected} FROM ({lake_sql(fact)})")
    return rows


@contextmanager
def named_where_endless(engine: DuckDB, patience: float, what: Words) -> Iterator[None]:
    """Raises UserError XZ-RUN-05 naming what takes more than `patience` seconds inside."""
    try:
        with engine.within(patience):
            yield
    except TookTooLong as error:
        raise UserError(
            "XZ-RUN-05",
            zh=f"{what.zh}算了 {patience:g} 秒还没有完,运行停止",
            en=f"{what.en} was not done after {patience:g} seconds; the run was stopped",
            todo_zh="看它的 SQL 是否有不会结束的递归或没有条件的连接,改正后重新运行",
            todo_en="look for a recursion without an end or a join without a condition in its SQL, then run again",
        ) from error


def columns_needed(rules: Iterable[Rule], facts: Mapping[str, Fact]) -> dict[str, set[str]]:
    """Fact name → the columns that queries, populations, evidence and reductions of `rules` touch (of the `facts` there are)."""
    needed: dict[str, set[str]] = {}
    for rule in rules:
        for fact, columns in _touched(rule):
            if fact in facts:
                needed.setdefault(fact, set()).update(columns & facts[fact].columns.keys())
    for reader in facts.values():
        for read in reader.facts:
            needed.setdefault(read, set()).update(facts[read].columns)
    return needed


def columns_named(rule: Rule, fact: Fact) -> set[str]:
    """The columns of `fact` that the rule itself touches, whatever else is built for others."""
    return {column for name, columns in _touched(rule) if name == fact.name for column in columns} & fact.columns.keys()


def _touched(rule: Rule) -> Iterable[tuple[str, set[str]]]:
    """Facts and names that a rule puts to them; some are columns of its own candidates, and none of the fact's."""
    yield from ((fact, set(columns)) for fact, columns in rule.reads.items())
    population = rule.population
    fixed = {column for column in (population.unit, population.month, population.place) if column}
    fixed |= {*population.needs, *(column for one in population.candidates for column in one)}
    fixed |= {column for held in population.norms.values() for column in (held.day, held.place) if column}
    fixed |= {rule.in_force.day} if rule.in_force else set()
    for find in population.finds:
        fixed |= set(find.by.values())
        yield find.fact, {*find.by, *find.columns}
    for spread in population.everywhere:
        fixed |= {spread.place}
        yield spread.fact, set(spread.by)
        yield spread.among or population.fact, {*spread.by.values(), spread.place}
    yield from ((fact, set()) for fact in population.delivered)
    for fact, horizon in population.horizon.items():
        fixed |= set(horizon.by.values())
        yield fact, {horizon.column, *horizon.by}
    if population.compared:
        fixed |= {*population.compared.by, population.compared.count}
        fixed |= _named(population.compared.where)
    yield population.fact, fixed | _named(population.where)
    for item in rule.evidence:
        yield item.fact, set(item.by) | _named(item.where)
    for fact, how in rule.narrow.items():
        yield fact, _named(how.keep)
        if how.with_ is None:
            yield fact, set(how.repeats)
        else:
            yield fact, {how.with_.on}
            yield how.with_.fact, {how.with_.on}


def _named(text: str | None) -> set[str]:
    """The columns that a SQL expression names."""
    return {column.name for column in sqlglot.parse_one(text, dialect="duckdb").find_all(exp.Column)} if text else set()
