"""Every SQL expression that a rule.yaml holds: where it stands and over what it is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from sqlglot import exp

from xiezhi.rules.binding import parse_expression
from xiezhi.rules.rule import Rule

Over = Literal["candidate", "population", "narrow", "evidence"]


class Expression(NamedTuple):
    """`location`: keys and places from the top of rule.yaml. `fact`: whose columns it names, where `over` is not a candidate."""

    location: tuple[str | int, ...]
    sql: str
    over: Over
    fact: str = ""

    def tree(self) -> exp.Expr:
        """Raises ContentError for anything that is not one expression."""
        return parse_expression(self.sql)


def expressions(rule: Rule) -> Iterator[Expression]:
    """All of them, in the order of rule.yaml."""
    for place, condition in enumerate(rule.conditions):
        yield Expression(("conditions", place, "value"), condition.value, "candidate")
        yield Expression(("conditions", place, "bound"), condition.bound, "candidate")
    for place, variant in enumerate(rule.variants):
        yield Expression(("variants", place, "when"), variant.when, "candidate")
    yield from _population(rule)
    for fact, how in rule.narrow.items():
        if how.keep:
            yield Expression(("narrow", fact, "keep"), how.keep, "narrow", fact)
    for place, item in enumerate(rule.evidence):
        if item.where:
            yield Expression(("evidence", place, "where"), item.where, "evidence", item.fact)


def _population(rule: Rule) -> Iterator[Expression]:
    fact, compared = rule.population.fact, rule.population.compared
    if rule.population.where:
        yield Expression(("population", "where"), rule.population.where, "population", fact)
    if compared:
        yield Expression(("population", "compared", "at_least"), compared.at_least, "population", fact)
        if compared.where:
            yield Expression(("population", "compared", "where"), compared.where, "population", fact)
