"""How the rows of one rule's population are judged: the SQL of an outcome's number, and the tables it is joined with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
from sqlglot import exp

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.rules.binding import DIALECT, bind, parse_expression
from xiezhi.rules.coverage_reasons import EVALUATED, OUTSIDE
from xiezhi.rules.law_by_day import in_force_test, rows_select, versions_table
from xiezhi.rules.render import bind_expression
from xiezhi.rules.rule import Compared, Everywhere, Find, Horizon, NormDay, Rule
from xiezhi.runs.counties import COUNTY, silent_counties
from xiezhi.runs.horizon import Reach, reach_of
from xiezhi.runs.set_aside import HeldAgainst

LINK = "link"
"""What the part of a rule is called that says which rows of the population its judged candidates are about."""

BITS = 5
"""An outcome is a number below 32."""


@dataclass
class Judging:
    """`sql` gives each row of the population, alias `p`, the number of its outcome in `words`."""

    rule: Rule
    where: str | None
    words: list[str] = field(default_factory=lambda: [OUTSIDE, EVALUATED])
    branches: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    @property
    def sql(self) -> str:
        return f"CASE {' '.join(self.branches)} ELSE 1 END" if self.branches else "1"

    def when(self, test: str, word: str) -> None:
        """Rows for which `test` is TRUE, and none before, come to `word`."""
        if word not in self.words:
            self.words.append(word)
        self.branches.append(f"WHEN {test} THEN {self.words.index(word)}")

    def hold_against(self, held: HeldAgainst) -> None:
        """Rows of whom rows set aside speak: what these say is not known."""
        spoken_of = f"(SELECT DISTINCT {quoted(held.theirs)}, true AS _there FROM ({held.rows}))"
        alias = self.join(spoken_of, {held.theirs: held.ours})
        self.when(f"{alias}._there", "against_set_aside")

    def join(self, table: str, pairs: Mapping[str, str]) -> str:
        """Join a table of distinct keys (its column → population column); returns its alias."""
        alias = f"j{len(self.joins)}_{self.rule.code.replace('-', '_')}"
        on = " AND ".join(f"{alias}.{quoted(theirs)} = p.{quoted(ours)}" for theirs, ours in pairs.items())
        self.joins.append(f"LEFT JOIN {table} AS {alias} ON {on}")
        return alias


def link_select(rule: Rule, judged: str) -> str:
    """The population's columns of the judged candidates, and whether each is a hit (`_met`) or could not be judged."""
    columns = [quoted(name) for name in dict.fromkeys(name for one in rule.population.candidates for name in one.values())]
    return f"SELECT DISTINCT {', '.join([*columns, '_met'])} FROM {judged}"


def judging_of(
    engine: DuckDB, rule: Rule, values: Mapping[str, Any], *, table_missing: bool, link: str | None, broken: bool
) -> Judging:
    """The outcomes of a rule's population. `link`: the table of its judged candidates, which may hold several rows a key."""
    population = rule.population
    where = qualified(population.where, values) if population.where else None
    judging = Judging(rule, where)
    if where:
        judging.when(f"({where}) IS NOT TRUE", OUTSIDE)
    if rule.in_force:
        judging.when(f"({in_force_test(rule, 'p')}) IS FALSE", "not_in_force")
    if table_missing:
        judging.when("true", "table_missing")
    elif broken:
        judging.when("true", "rule_broken")
    else:
        _ask(engine, judging, values, link)
    return judging


def _ask(engine: DuckDB, judging: Judging, values: Mapping[str, Any], link: str | None) -> None:
    """Everything that may be missing, in the order of `outcomes.REASONS`. What a hit stands on was evaluated.

    Without a day or a version on it a row is in no candidate, whatever else its candidate holds: that is asked first.
    """
    population = judging.rule.population
    _law(judging, values)
    met = [_linked(judging, link, by) for by in population.candidates] if link else []
    for one in met:
        judging.when(f"{one} IS TRUE", EVALUATED)
    for fact in population.delivered:
        if not engine.value(f"SELECT count(*) FROM (SELECT 1 FROM {quoted(fact)} LIMIT 1)"):
            judging.when("true", "table_missing")
    for column, reason in population.needs.items():
        judging.when(f"p.{quoted(column)} IS NULL", reason)
    for find in population.finds:
        _find(judging, find)
    for spread in population.everywhere:
        _everywhere(engine, judging, spread)
    for number, (fact, horizon) in enumerate(population.horizon.items() if population.month else ()):
        name = f"horizon_{number}_{judging.rule.code}".replace("-", "_")
        _reaches(engine, judging, fact, horizon, str(population.month), name)
    if population.compared:
        _compared(judging, population.compared, values)
    for one in met:
        judging.when(f"{one} IS FALSE", "undetermined")


def qualified(expression: str, values: Mapping[str, Any]) -> str:
    """A bound expression over the population's columns, said to be those of `p`."""
    tree = bind(parse_expression(expression), values)
    for column in tree.find_all(exp.Column):
        if not column.table:
            column.set("table", exp.to_identifier("p"))
    return tree.sql(dialect=DIALECT)


def _linked(judging: Judging, link: str, by: Mapping[str, str]) -> str:
    """TRUE where one of a row's candidates is a hit, FALSE where one could not be judged, NULL where it has none of these."""
    keys = ", ".join(quoted(name) for name in by.values())
    table = f"(SELECT {keys}, bool_or(_met) AS _met FROM {quoted(link)} GROUP BY {keys})"
    alias = judging.join(table, {theirs: ours for ours, theirs in by.items()})
    return f"{alias}._met"


def _law(judging: Judging, values: Mapping[str, Any]) -> None:
    """What must be known, and in force, on a row's own day."""
    if judging.rule.in_force:
        judging.when(f"p.{quoted(judging.rule.in_force.day)} IS NULL", "value_missing")
    for name, held in judging.rule.population.norms.items():
        _norm(judging, name, held, values)


def _norm(judging: Judging, name: str, held: NormDay, values: Mapping[str, Any]) -> None:
    """Rows on whose day and place no version of the parameter's norm was in force."""
    alias = f"n{len(judging.joins)}_{judging.rule.code.replace('-', '_')}"
    rows = rows_select(values[versions_table(name)], judging.rule.parameters[name].type).sql(dialect=DIALECT)
    day, place = f"p.{quoted(held.day)}", f"coalesce(p.{quoted(held.place)}, 0)" if held.place else "0"
    judging.joins.append(
        f"LEFT JOIN ({rows}) AS {alias} ON {day} >= {alias}.valid_from AND {day} < {alias}.valid_to"
        f" AND {place} >= {alias}.place_from AND {place} <= {alias}.place_to"
    )
    judging.when(f"{day} IS NULL", "value_missing")
    judging.when(f"{alias}.valid_from IS NULL", "norm_missing")


def _find(judging: Judging, find: Find) -> None:
    keys = ", ".join(quoted(name) for name in find.by)
    complete = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in find.columns) or "true"
    alias = judging.join(f"(SELECT DISTINCT {keys}, true AS _there FROM {quoted(find.fact)} WHERE {complete})", find.by)
    judging.when(f"{alias}._there IS NULL", find.reason)


def _everywhere(engine: DuckDB, judging: Judging, spread: Everywhere) -> None:
    """A county of whose people the fact says nothing."""
    if counties := silent_counties(engine, spread, judging.rule.population.fact):
        judging.when(f"p.{quoted(spread.place)} // {COUNTY} IN ({', '.join(map(str, counties))})", "county_missing")


def _reaches(engine: DuckDB, judging: Judging, fact: str, horizon: Horizon, month: str, name: str) -> None:
    here = f"CAST(date_trunc('month', p.{quoted(month)}) AS DATE)"
    parts = _reaches_by_part(engine, fact, horizon)
    if not parts:
        judging.when("true", "table_missing")
        return
    engine.register(name, _spans(horizon, parts))
    engine.register(f"{name}_gaps", _gaps(horizon, parts))
    if horizon.by:
        span = judging.join(quoted(name), horizon.by)
        judging.when(f"{span}._first IS NULL", "table_missing")
        first, last = f"{span}._first", f"{span}._last"
    else:
        (reach,) = parts.values()
        first, last = f"DATE '{reach.first}'", f"DATE '{reach.last}'"
    judging.when(f"{here} < {first}", "table_early")
    judging.when(f"{here} > {last}", "table_late")
    if any(reach.lacking for reach in parts.values()):
        alias = f"g_{name}"
        on = "".join(f" AND {alias}.{quoted(theirs)} = p.{quoted(ours)}" for theirs, ours in horizon.by.items())
        judging.joins.append(f"LEFT JOIN {quoted(f'{name}_gaps')} AS {alias} ON {alias}._month = {here}{on}")
        judging.when(f"{alias}._month IS NOT NULL", "table_gap")


Part = tuple[Any, ...]


def _reaches_by_part(engine: DuckDB, fact: str, horizon: Horizon) -> dict[Part, Reach]:
    keys = [quoted(name) for name in horizon.by]
    rows: dict[Part, dict[date, int]] = defaultdict(dict)
    month = f"CAST(date_trunc('month', {quoted(horizon.column)}) AS DATE)"
    selected = ", ".join([*keys, f"{month} AS _month", "count(*) AS _rows"])
    grouped = ", ".join(str(place + 1) for place in range(len(keys) + 1))
    for row in engine.rows(
        f"SELECT {selected} FROM {quoted(fact)} WHERE {quoted(horizon.column)} < DATE '9999-01-01' GROUP BY {grouped}"
    ):
        rows[tuple(row[name] for name in horizon.by)][row["_month"]] = row["_rows"]
    return {part: reach_of(months) for part, months in rows.items()}


def _spans(horizon: Horizon, parts: Mapping[Part, Reach]) -> pa.Table:
    rows = [{**_named(horizon, part), "_first": reach.first, "_last": reach.last} for part, reach in parts.items()]
    return pa.Table.from_pylist(rows)


def _gaps(horizon: Horizon, parts: Mapping[Part, Reach]) -> pa.Table:
    rows = list(_lacking(horizon, parts))
    return pa.Table.from_pylist(rows) if rows else pa.table({"_month": pa.array([], pa.date32())})


def _lacking(horizon: Horizon, parts: Mapping[Part, Reach]) -> Iterator[dict[str, Any]]:
    for part, reach in parts.items():
        yield from ({**_named(horizon, part), "_month": month} for month in reach.lacking)


def _named(horizon: Horizon, part: Part) -> dict[str, Any]:
    return dict(zip(horizon.by, part, strict=True))


def _compared(judging: Judging, compared: Compared, values: Mapping[str, Any]) -> None:
    keys = ", ".join(quoted(name) for name in compared.by)
    where = f" WHERE {bind_expression(compared.where, values)}" if compared.where else ""
    table = (
        f"(SELECT {keys}, count(DISTINCT {quoted(compared.count)}) AS _peers"
        f" FROM {quoted(judging.rule.population.fact)}{where} GROUP BY {keys})"
    )
    alias = judging.join(table, {name: name for name in compared.by})
    judging.when(f"coalesce({alias}._peers, 0) < ({bind_expression(compared.at_least, values)})", "peers_few")
