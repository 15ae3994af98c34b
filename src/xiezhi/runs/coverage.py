"""How much of what a rule concerns could be evaluated, per unit and month, and why the rest could not.

A zero is never shown without this. Each row of a rule's population is given one outcome: `evaluated`, or the reason of the
first thing missing: an unsound id, an empty value, nothing to hold it against, a table that never came, that begins too late,
ends too early or has a gap, too few peers, a condition that could not be judged. Rows set aside at intake, and months that a
unit did not deliver, are counted with them: they would have been judged, had they come. Rows that the rule does not look at are
`outside`: no part of the population, but told, for a zero that was found among nobody says nothing. All rules whose population
is the same fact, unit and month share one scan: their outcomes are packed into one integer per row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.rules.coverage_reasons import EVALUATED, OUTSIDE
from xiezhi.rules.rule import Rule
from xiezhi.runs.counties import COUNTY
from xiezhi.runs.horizon import reach_of
from xiezhi.runs.judging import BITS, Judging, judging_of, qualified
from xiezhi.runs.set_aside import HeldAgainst

SCHEMA = pa.schema(
    [("rule", pa.string()), ("unit", pa.string()), ("month", pa.date32()), ("outcome", pa.string()), ("rows", pa.int64())]
)

RULES_A_SCAN = 62 // BITS
"""Outcomes of one scan are packed into a signed 64-bit integer."""

Counts = Counter[tuple[str, str | None, date | None, str]]
"""(rule, unit, month, outcome) → rows."""


def measure_coverage(
    engine: DuckDB,
    rules: Iterable[Rule],
    parameters: Mapping[str, Mapping[str, Any]],
    missing: Mapping[str, list[str]],
    linked: Mapping[str, str | None],
    set_aside: Mapping[str, str] | None = None,
    against: Mapping[str, Sequence[HeldAgainst]] | None = None,
    delivered: Mapping[str, int] | None = None,
) -> pa.Table:
    """Coverage of `rules`, with the columns of SCHEMA.

    `missing`: rule code → facts without data. `linked`: code → table of the judged candidates' population columns
    and `_met`; None where the rule broke off. `set_aside`: fact → table of the same columns holding what it would have had of
    rows that were set aside at intake. `against`: code → such rows of the facts that its population is held against.
    `delivered`: fact → rows of its principal table: all of them are outside where the fact has none.
    """
    shared: dict[tuple[str, str, str | None], list[Judging]] = defaultdict(list)
    counts: Counts = Counter()
    for rule in rules:
        population = rule.population
        absent = missing.get(rule.code, [])
        if absent:
            counts[rule.code, None, None, "table_missing"] = 0  # named even where nobody was left to be counted
        if population.fact in absent:
            _set_aside(engine, rule, parameters[rule.code], (set_aside or {}).get(population.fact), counts)
            continue
        link = None if absent else linked.get(rule.code)
        broken = not absent and link is None
        judging = judging_of(engine, rule, parameters[rule.code], table_missing=bool(absent), link=link, broken=broken)
        for held in (against or {}).get(rule.code, ()):
            judging.hold_against(held)
        shared[population.fact, population.unit, population.month].append(judging)
    for place, users in shared.items():
        for start in range(0, len(users), RULES_A_SCAN):
            _scan(engine, place, users[start : start + RULES_A_SCAN], counts)
        ask = cache(engine.rows)  # rules over one population count it by unit and month in the same words
        for user in users:
            _beside(engine, ask, user, parameters[user.rule.code], (set_aside or {}).get(place[0]), counts)
        _left_out(engine, place[0], users, (delivered or {}).get(place[0], 0), counts)
    return _table(counts)


def _scan(engine: DuckDB, place: tuple[str, str, str | None], users: list[Judging], counts: Counts) -> None:
    fact, unit, month = place
    packed = " + ".join(f"(CAST({user.sql} AS BIGINT) << {BITS * number})" for number, user in enumerate(users))
    joins = " ".join(join for user in users for join in user.joins)
    rows = engine.rows(
        f"SELECT CAST(unit AS VARCHAR) AS unit, month, packed, sum(rows) AS rows FROM (SELECT p.{quoted(unit)} AS unit,"
        f" {_month(month)} AS month, {packed} AS packed, count(*) AS rows FROM {quoted(fact)} AS p {joins} GROUP BY 1, 2, 3)"
        " GROUP BY 1, 2, 3"
    )
    for user in users:
        counts[user.rule.code, None, None, EVALUATED] += 0  # that a rule was measured is known where it concerned nobody, too
    for row in rows:
        for number, user in enumerate(users):
            word = user.words[(int(row["packed"]) >> (BITS * number)) & (2**BITS - 1)]
            counts[user.rule.code, row["unit"], row["month"], word] += int(row["rows"])


def _beside(engine: DuckDB, ask: Ask, user: Judging, values: Mapping[str, Any], set_aside: str | None, counts: Counts) -> None:
    """What is not among the population's rows and should be."""
    population, code = user.rule.population, user.rule.code
    _set_aside(engine, user.rule, values, set_aside, counts)
    if population.monthly and population.month:
        _undelivered(code, _by_part(ask, user, set_aside), counts)


def _set_aside(engine: DuckDB, rule: Rule, values: Mapping[str, Any], table: str | None, counts: Counts) -> None:
    """Rows set aside at intake that the rule's `where` does not rule out."""
    population = rule.population
    if not table:
        return
    where = f"({qualified(population.where, values)}) IS NOT FALSE" if population.where else "true"
    for row in engine.rows(
        f"SELECT CAST(p.{quoted(population.unit)} AS VARCHAR) AS unit, {_month(population.month)} AS month, count(*) AS rows"
        f" FROM {quoted(table)} AS p WHERE {where} GROUP BY 1, 2"
    ):
        counts[rule.code, row["unit"], row["month"], "set_aside"] += int(row["rows"])


def _left_out(engine: DuckDB, fact: str, users: list[Judging], delivered: int, counts: Counts) -> None:
    """All rows of a table of which the fact over it has none: they met nothing there, and are nobody's population."""
    if delivered and not engine.value(f"SELECT count(*) FROM (SELECT 1 FROM {quoted(fact)} LIMIT 1)"):
        for user in users:
            counts[user.rule.code, None, None, OUTSIDE] += delivered


Ask = Callable[[str], list[dict[str, Any]]]
"""`DuckDB.rows`, of which equal questions are asked once."""

Part = tuple[str | None, int | None]
"""A unit, and a county of it where a population says by which column."""


def _by_part(ask: Ask, user: Judging, set_aside: str | None) -> dict[Part, Counter[date]]:
    """Rows a month that came, accepted or set aside, of each unit and county. Offices of one name in two counties are two."""
    population = user.rule.population
    place = f"p.{quoted(population.place)} // {COUNTY}" if population.place else "NULL"
    where = f"({user.where}) IS NOT FALSE" if user.where else "true"
    found: dict[Part, Counter[date]] = defaultdict(Counter)
    for table in filter(None, (population.fact, set_aside)):
        for row in ask(
            f"SELECT CAST(p.{quoted(population.unit)} AS VARCHAR) AS unit, {place} AS county,"
            f" {_month(population.month)} AS month, count(*) AS rows FROM {quoted(table)} AS p WHERE {where} GROUP BY ALL"
        ):
            if row["month"] is not None:
                found[row["unit"], row["county"]][row["month"]] += int(row["rows"])
    return found


def _undelivered(code: str, by_part: Mapping[Part, Counter[date]], counts: Counts) -> None:
    """Months in which a unit that delivers every month delivered nothing, or far too little; up to the newest of all units."""
    newest = max((max(months) for months in by_part.values()), default=date.min)
    for (unit, _), months in by_part.items():
        for month, rows in reach_of({newest: 0, **months}).lacking.items():
            counts[code, unit, month, "not_delivered"] += rows


def _month(column: str | None) -> str:
    return f"CAST(date_trunc('month', p.{quoted(column)}) AS DATE)" if column else "CAST(NULL AS DATE)"


def _table(counts: Counts) -> pa.Table:
    """The zero of a rule is left out where there is something to say of it."""
    told = {code for (code, _, _, _), rows in counts.items() if rows}
    kept = [(*key, rows) for key, rows in counts.items() if rows or key[0] not in told]
    return in_order(pa.table([[row[place] for row in kept] for place in range(len(SCHEMA))], schema=SCHEMA))


def broken_rows(codes: Iterable[str]) -> pa.Table:
    """Of rules whose population cannot be counted: that they broke off is said, of how many rows is not known."""
    rows = [{"rule": code, "unit": None, "month": None, "outcome": "rule_broken", "rows": 0} for code in codes]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def in_order(coverage: pa.Table) -> pa.Table:
    """The same rows in the order in which they are stored, whichever rules were measured first."""
    rows = sorted(coverage.to_pylist(), key=lambda row: tuple(str(row[name] or "") for name in SCHEMA.names[:-1]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)
