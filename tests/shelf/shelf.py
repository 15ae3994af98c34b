"""A lake in memory from which something can be taken away, and rules judged on what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.shelf.taking import PROVENANCE, Take, Window, columns_read, takes, times_of
from xiezhi.engines.duckdb_engine import DuckDB, quoted, scan_sql
from xiezhi.kernel.tables import TableRef
from xiezhi.rules.coverage_reasons import EVALUATED
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.lake_sql import LAKE, lake_sql
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import judged_sql
from xiezhi.rules.rule import Rule
from xiezhi.runs.coverage import measure_coverage
from xiezhi.runs.judging import link_select
from xiezhi.runs.plan import facts_of

Coverage = Counter[tuple[Any, ...]]
"""(unit, month, outcome) → rows."""


@dataclass(frozen=True)
class Answer:
    """What a rule says: the keys of its hits, and what it could judge."""

    hits: frozenset[str]
    coverage: Coverage

    @property
    def evaluated(self) -> int:
        return sum(rows for (_, _, outcome), rows in self.coverage.items() if outcome == EVALUATED)


class Shelf:
    """`content` over the tables of a lake, held in memory. Tables that the lake has not are empty."""

    def __init__(
        self,
        content: Content,
        tables: Mapping[str, TableRef],
        types: Mapping[str, Mapping[str, str]],
        never_null: AbstractSet[tuple[str, str]] = frozenset(),
        derived: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> None:
        """`never_null`: (table, column) pairs without which a row would have been set aside at intake. `derived`: pair → columns
        that intake makes of it, which come and go with it."""
        self.content, self.types, self.never_null, self.derived = content, types, never_null, derived or {}
        self.tables = {name: TableRef(name, (), dict(columns)) for name, columns in types.items()} | dict(tables)
        self.engine = DuckDB(threads=1)
        self.engine.run("CREATE SCHEMA whole")
        self.engine.run(f"CREATE SCHEMA {LAKE}")
        for table in self.tables.values():
            self.engine.run(f"CREATE TABLE whole.{quoted(table.name)} AS {scan_sql(table)}")
            self.engine.run(f"CREATE VIEW {LAKE}.{quoted(table.name)} AS SELECT * FROM whole.{quoted(table.name)}")
        self.values = {code: parameter_values(rule, {}, content.norms) for code, rule in content.rules.items()}

    def takes_of(self, rule: Rule, whole: Answer, *, each_month: bool = False) -> list[Take]:
        """Everything that may be taken away from what the rule reads."""
        facts = self.content.facts
        pairs = columns_read(rule, facts, self.types) - self.never_null
        months = sorted(month for _, month, outcome in whole.coverage if month and outcome == EVALUATED)
        window = Window(months[0], months[-1], each_month) if months else Window(date.max, date.min)
        tables = {(table, column) for table, column in columns_read(rule, facts, self.types) if column not in PROVENANCE}
        every = [Take(table) for table in sorted({table for table, _ in tables} - {table for table, _ in pairs})]
        made = {(table, name) for (table, _), names in self.derived.items() for name in names}
        found = takes(self.engine, self.tables, pairs - made, times_of(rule, facts, self.types), window)
        return [*every, *(self._with_derived(take) for take in found)]

    def _with_derived(self, take: Take) -> Take:
        return replace(take, derived=self.derived.get((take.table, take.column or ""), ()))

    @contextmanager
    def without(self, take: Take) -> Iterator[None]:
        view, source = f"{LAKE}.{quoted(take.table)}", f"whole.{quoted(take.table)}"
        self.engine.run(f"CREATE OR REPLACE VIEW {view} AS {take.select(source, self.tables[take.table].columns)}")
        try:
            yield
        finally:
            self.engine.run(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM {source}")

    def ask(self, rules: Sequence[Rule]) -> dict[str, Answer]:
        """Judge the rules on the lake as it stands."""
        wanted = {fact for rule in rules for fact in facts_of(rule)}
        for fact in facts_in_order(self.content.facts, wanted):
            self.engine.run(f"CREATE OR REPLACE TABLE {quoted(fact.name)} AS {lake_sql(fact)}")
        return {rule.code: self._answer(rule) for rule in rules}

    def _answer(self, rule: Rule) -> Answer:
        values = self.values[rule.code]
        self.engine.run(f"CREATE OR REPLACE TABLE judged AS {judged_sql(rule, values)}")
        self.engine.run(f"CREATE OR REPLACE TABLE link AS {link_select(rule, 'judged')}")
        key = ", ".join(f"CAST({quoted(column)} AS VARCHAR)" for column in rule.hit.key)
        hits = self.engine.rows(f"SELECT DISTINCT concat_ws('|', {key}) AS f FROM judged WHERE _met")
        table = measure_coverage(self.engine, [rule], {rule.code: values}, {}, {rule.code: "link"})
        counted: Coverage = Counter()
        for row in table.to_pylist():
            counted[row["unit"], row["month"], row["outcome"]] += row["rows"]
        return Answer(frozenset(row["f"] for row in hits), counted)


def unnoticed(rule: Rule, take: Take, whole: Answer, left: Answer, readers: set[str]) -> str | None:
    """What is wrong with the answer of a rule from which `take` was taken; None where it is honest.

    `readers`: the facts that are built on what was taken. That some months are missing must be told. A table or a column may be
    missing in silence only if every hit is as before, or if the rule says of a fact, or its column, that it bounds nothing.
    """
    told = left.coverage != whole.coverage if take.months else left.evaluated < whole.evaluated
    honest = told or (not take.months and left.hits == whole.hits)
    named = readers | {f"{fact}.{take.column}" for fact in readers}
    if honest or named & set(rule.population.unaffected):
        return None
    lost, more = len(whole.hits - left.hits), len(left.hits - whole.hits)
    return f"{rule.code} without {take}: {lost} hits lost, {more} more, evaluated {whole.evaluated} -> {left.evaluated}"
