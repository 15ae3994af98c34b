"""How much of what a rule concerns could be evaluated, per unit and month, and why the rest could not.

A zero is never shown without this. The rows of a rule's population are each given one outcome: `evaluated`, or the
reason of the first thing missing (an unsound id, an empty value, a table that never came or came late). All rules whose
population is the same fact, unit and month share one scan: their outcomes are packed into one integer per row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.rules.render import bind_expression
from xiezhi.rules.rule import Rule

OUTSIDE = "outside"
EVALUATED = "evaluated"
TABLE_MISSING = "table_missing"
TABLE_LATE = "table_late"

SCHEMA = pa.schema(
    [("rule", pa.string()), ("unit", pa.string()), ("month", pa.date32()), ("outcome", pa.string()), ("rows", pa.int64())]
)

RULES_A_SCAN = 15
"""Outcomes of one scan are packed four bits each into a signed 64-bit integer."""


@dataclass(frozen=True)
class Outcomes:
    """The outcomes one rule gives to its population's rows, as the SQL of a number 0–15."""

    rule: Rule
    words: list[str]
    sql: str


def measure_coverage(
    engine: DuckDB, rules: Iterable[Rule], parameters: Mapping[str, Mapping[str, Any]], missing: Mapping[str, list[str]]
) -> pa.Table:
    """Coverage of `rules`; `missing` names, per rule code, the facts that could not be built. Columns: SCHEMA."""
    shared: dict[tuple[str, str, str | None], list[Outcomes]] = defaultdict(list)
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for rule in rules:
        population = rule.population
        if population.fact in missing.get(rule.code, []):
            _add(columns, rule.code, None, None, TABLE_MISSING, 0)
            continue
        outcomes = _outcomes(engine, rule, parameters[rule.code], bool(missing.get(rule.code)))
        shared[population.fact, population.unit, population.month].append(outcomes)
    for (fact, unit, month), users in shared.items():
        for start in range(0, len(users), RULES_A_SCAN):
            _scan(engine, fact, unit, month, users[start : start + RULES_A_SCAN], columns)
    return pa.table(columns, schema=SCHEMA)


def _outcomes(engine: DuckDB, rule: Rule, values: Mapping[str, Any], table_missing: bool) -> Outcomes:
    population = rule.population
    words = [OUTSIDE, EVALUATED]
    branches = []
    if population.where:
        branches.append(f"WHEN ({bind_expression(population.where, values)}) IS NOT TRUE THEN 0")
    if table_missing:
        words.append(TABLE_MISSING)
        branches.append(f"WHEN true THEN {len(words) - 1}")
    for column, reason in population.needs.items():
        words.append(reason)
        branches.append(f"WHEN {quoted(column)} IS NULL THEN {len(words) - 1}")
    if not table_missing and population.month:
        for fact, column in population.horizon.items():
            newest = engine.value(f"SELECT CAST(date_trunc('month', max({quoted(column)})) AS DATE) FROM {quoted(fact)}")
            if newest is not None:
                words.append(TABLE_LATE)
                branches.append(f"WHEN {quoted(population.month)} > DATE '{newest}' THEN {len(words) - 1}")
    return Outcomes(rule, words, f"CASE {' '.join(branches)} ELSE 1 END" if branches else "1")


def _scan(engine: DuckDB, fact: str, unit: str, month: str | None, users: list[Outcomes], columns: dict[str, list[Any]]) -> None:
    packed = " + ".join(f"(CAST({user.sql} AS BIGINT) << {4 * place})" for place, user in enumerate(users))
    by_month = f"CAST(date_trunc('month', {quoted(month)}) AS DATE)" if month else "CAST(NULL AS DATE)"
    counted = engine.query(
        f"SELECT CAST({quoted(unit)} AS VARCHAR) AS unit, month, packed, sum(rows) AS rows FROM ("
        f"SELECT {quoted(unit)}, {by_month} AS month, {packed} AS packed, count(*) AS rows FROM {quoted(fact)} GROUP BY 1, 2, 3"
        ") GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).to_pylist()
    for place, user in enumerate(users):
        sums: dict[tuple[Any, Any, str], int] = defaultdict(int)
        for row in counted:
            word = user.words[(int(row["packed"]) >> (4 * place)) & 15]
            if word != OUTSIDE:
                sums[row["unit"], row["month"], word] += int(row["rows"])
        for (unit_value, month_value, word), rows in sums.items():
            _add(columns, user.rule.code, unit_value, month_value, word, rows)


def _add(columns: dict[str, list[Any]], rule: str, unit: str | None, month: Any, outcome: str, rows: int) -> None:
    for name, value in zip(SCHEMA.names, (rule, unit, month, outcome, rows), strict=True):
        columns[name].append(value)
