"""Law by the day: which value a norm states on a day in a place, and on which days a rule is in force itself.

A query that reads the table `<parameter>_versions` finds the value of an event's own day and place in one join:

    LEFT JOIN limit_versions AS v ON p.signed >= v.valid_from AND p.signed < v.valid_to
      AND COALESCE(p.region, 0) >= v.place_from AND COALESCE(p.region, 0) <= v.place_to

No two rows of the table hold on one day in one place. Where a place has a norm of its own, only its versions hold there: what
it does not state for a day, the norm of the country does not state for it either. A place that is not known (0) is the
country's. A value that a site sets holds on every day and everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlglot import exp

from xiezhi.rules.binding import DIALECT, literal
from xiezhi.rules.norm import OPEN_END, Norm
from xiezhi.rules.rule import Parameter, ParameterType, Rule

SUFFIX = "_versions"
PLACES = 10**12
"""One more than the highest region code; codes have twelve digits, 0 stands for a place that is not known."""

FIRST_DAY = date(1, 1, 1)

Version = list[Any]
"""valid_from, valid_to (exclusive), place_from, place_to (inclusive), value: as JSON has them."""

COLUMNS = {"valid_from": "DATE", "valid_to": "DATE", "place_from": "BIGINT", "place_to": "BIGINT"}
VALUE_TYPES: dict[ParameterType, str] = {"integer": "BIGINT", "money": "BIGINT", "decimal": "DECIMAL(18, 6)"}


def versions_table(parameter: str) -> str:
    """What a query calls the versions of a parameter, and a run's record, too."""
    return f"{parameter}{SUFFIX}"


def dated(rule: Rule) -> list[str]:
    """The parameters whose versions the rule's query reads, in their order."""
    return [name for name in rule.parameters if versions_table(name) in rule.sql]


def table_types(rule: Rule) -> dict[str, dict[str, str]]:
    """Name of each table of versions → its columns' types."""
    return {
        versions_table(name): {**COLUMNS, "value": VALUE_TYPES.get(rule.parameters[name].type, "VARCHAR")} for name in dated(rule)
    }


def always(value: Any) -> list[Version]:
    """One value on every day and everywhere."""
    return [[FIRST_DAY.isoformat(), OPEN_END.isoformat(), 0, PLACES - 1, _plain(value)]]


def versions_of(parameter: Parameter, norms: Mapping[str, Norm]) -> list[Version]:
    """What the parameter's norm, and norms in its place elsewhere, state. Empty where they do not state it."""
    source = parameter.norm_value
    if source is None or source.norm not in norms:
        return []
    found: list[Version] = []
    for first, last, norm in _shares(source.norm, norms):
        for version in norm.versions:
            if source.name in version.values:
                days = [version.from_.isoformat(), (version.to or OPEN_END).isoformat()]
                found.append([*days, first, last, _plain(version.values[source.name])])
    return found


def with_versions(query: exp.Expr, rule: Rule, values: Mapping[str, Any]) -> exp.Expr:
    """A copy of the rule's query in which each table of versions is its rows."""
    tables = {versions_table(name): rule.parameters[name].type for name in dated(rule)}

    def filled(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name in tables and not node.db:
            rows = rows_select(values[node.name], tables[node.name])
            return rows.subquery(alias=node.alias or node.name)
        return node

    return query.transform(filled) if tables else query


def rows_select(versions: list[Version], kind: ParameterType) -> exp.Query:
    """The versions as a SELECT."""
    selects = []
    for valid_from, valid_to, first, last, value in versions:
        number = Decimal(str(value)) if kind == "decimal" else value
        parts = {
            "valid_from": literal(date.fromisoformat(valid_from)),
            "valid_to": literal(date.fromisoformat(valid_to)),
            "place_from": exp.cast(literal(first), "BIGINT"),
            "place_to": exp.cast(literal(last), "BIGINT"),
            "value": exp.cast(literal(number), VALUE_TYPES.get(kind, "VARCHAR")),
        }
        selects.append(exp.select(*(exp.alias_(part, name) for name, part in parts.items())))
    rows: exp.Query = selects[0]
    for select in selects[1:]:
        rows = exp.union(rows, select, distinct=False)
    return rows


def in_force_test(rule: Rule, alias: str) -> str | None:
    """Whether the rule is in force on the day of a row of its population, as SQL; None where it is at all times."""
    force = rule.in_force
    if force is None:
        return None
    day = f"{alias}.{exp.to_identifier(force.day, quoted=True).sql(dialect=DIALECT)}"
    tests = [f"{day} >= DATE '{force.first}'"] if force.first else []
    tests += [f"{day} <= DATE '{force.last}'"] if force.last else []
    return " AND ".join(tests)


def evidence_in_force(rule: Rule, fact: str) -> str:
    """What an evidence query (alias `f`) over `fact` must hold besides, beginning with AND; empty where nothing."""
    test = in_force_test(rule, "f") if fact == rule.population.fact else None
    return f" AND {test}" if test else ""


def while_in_force(query: exp.Expr, rule: Rule) -> exp.Expr:
    """A copy of the rule's query that reads of its population's fact only what happened while the rule was in force."""
    test = in_force_test(rule, "e")
    if test is None:
        return query
    fact, own = rule.population.fact, {part.alias for part in query.find_all(exp.CTE)}

    def cut(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name == fact and fact not in own and not node.db:
            inner = exp.select("*").from_(exp.to_table(fact).as_("e")).where(test, dialect=DIALECT)
            return inner.subquery(alias=node.alias or node.name)
        return node

    return query.transform(cut)


def _shares(name: str, norms: Mapping[str, Norm]) -> Iterator[tuple[int, int, Norm]]:
    """(first code, last code, norm): the codes from 0 on, each with the norm of the smallest place that has one."""
    local = [norm for norm in norms.values() if norm.in_place_of == name and norm.place != "national"]
    asked = norms[name]
    spans = [(*_span(norm.place), norm) for norm in [*local, asked]]
    bounds = sorted({bound for first, last, _ in spans for bound in (first, last + 1)})
    for first, following in pairwise(bounds):
        around = [span for span in spans if span[0] <= first and following - 1 <= span[1]]
        if around:
            smallest = min(around, key=lambda span: span[1] - span[0])
            yield first, following - 1, smallest[2]


def _span(place: int | str) -> tuple[int, int]:
    """The twelve-digit codes of a place: 33 is 330000000000 to 339999999999, 330100 is 330100000000 to 330199999999."""
    if place == "national":
        return 0, PLACES - 1
    digits = str(place)
    digits = digits.rstrip("0") if len(digits) in (6, 12) else digits
    digits += "0" * (len(digits) % 2 if len(digits) <= 6 else -len(digits) % 3)
    return int(digits.ljust(12, "0")), int(digits.ljust(12, "9"))


def _plain(value: Any) -> Any:
    """As JSON has it and a record gives it back."""
    return str(value) if isinstance(value, Decimal | date) else value
