"""SQL: a rule uses exactly what it declares to read, and everything it uses exists."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from xiezhi.kernel.yaml_document import Location
from xiezhi.rules.cases import facts_touched
from xiezhi.rules.fact import PROVENANCE
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.target import Target
from xiezhi.rules.reading import columns_used

Use = tuple[tuple[str, str], Location]
"""(fact, column) and where rule.yaml uses it; the empty location is query.sql."""


def check(target: Target) -> Iterator[Finding]:
    """Facts and columns against `reads`. Needs a query that could be parsed."""
    yield from _facts(target)
    yield from _columns(target)
    yield from _evidence(target)


def _facts(target: Target) -> Iterator[Finding]:
    rule = target.rule
    for fact in facts_touched(rule):
        if fact not in target.content.facts:
            yield target.at("SQL-05", ("reads", fact), f"没有事实表 {fact}", f"there is no fact {fact}")
        elif fact not in rule.reads:
            yield target.at(
                "SQL-04", ("reads",), f"用到事实表 {fact},却没有声明", f"it uses the fact {fact}, which is not declared"
            )


def _columns(target: Target) -> Iterator[Finding]:
    used = dict(_uses(target))
    declared = {(fact, column) for fact, columns in target.rule.reads.items() for column in columns}
    for (fact, column), location in sorted(used.items(), key=str):
        if fact in target.content.facts:
            yield from _one(target, fact, column, location, declared)
    if target.typed is not None:
        for fact, column in sorted(declared - set(used)):
            yield target.at(
                "SQL-08", ("reads", fact), f"声明了 {fact}.{column},却没有用到", f"{fact}.{column} is declared and not used"
            )


def _one(target: Target, fact: str, column: str, location: Location, declared: set[tuple[str, str]]) -> Iterator[Finding]:
    if column not in target.content.facts[fact].types:
        yield target.at("SQL-06", location, f"{fact} 没有列 {column}", f"{fact} has no column {column}")
    elif (fact, column) not in declared and column not in PROVENANCE:
        zh, en = f"用到 {fact}.{column},却没有声明", f"it uses {fact}.{column}, which is not declared"
        yield target.at("SQL-07", location, zh, en) if location else target.in_sql("SQL-07", _find(target, column), zh, en)


def _evidence(target: Target) -> Iterator[Finding]:
    for place, item in enumerate(target.rule.evidence):
        for column in item.by.values():
            if target.candidates and column not in target.candidates:
                yield target.at("SQL-03", ("evidence", place), f"候选没有列 {column}", f"there is no candidate column {column}")


def _uses(target: Target) -> Iterator[Use]:
    """Every use of a fact's column, the query's own last."""
    yield from _population(target)
    yield from _law(target)
    yield from _standing(target)
    yield from _reductions(target)
    if target.typed is not None:
        yield from ((pair, ()) for pair in columns_used(target.typed))


def _population(target: Target) -> Iterator[Use]:
    population = target.rule.population
    for key, column in (("unit", population.unit), ("month", population.month), ("place", population.place)):
        if column:
            yield (population.fact, column), ("population", key)
    for key, columns in (("needs", population.needs), ("candidate", [column for one in population.candidates for column in one])):
        for column in columns:
            yield (population.fact, column), ("population", key, column)
    for place, find in enumerate(population.finds):
        yield from (((find.fact, column), ("population", "finds", place)) for column in (*find.by, *find.columns))
        yield from (((population.fact, column), ("population", "finds", place)) for column in find.by.values())
    for place, spread in enumerate(population.everywhere):
        among, where = spread.among or population.fact, ("population", "everywhere", place)
        yield from (((spread.fact, column), where) for column in spread.by)
        yield from (((among, column), where) for column in (*spread.by.values(), spread.place))
        yield (population.fact, spread.place), where
    for fact, horizon in population.horizon.items():
        yield from (((fact, column), ("population", "horizon", fact)) for column in (horizon.column, *horizon.by))
        yield from (((population.fact, column), ("population", "horizon", fact)) for column in horizon.by.values())
    if population.compared:
        for column in (*population.compared.by, population.compared.count):
            yield (population.fact, column), ("population", "compared")


def _law(target: Target) -> Iterator[Use]:
    """Columns that say which law holds on a row's day."""
    population = target.rule.population
    for name, held in population.norms.items():
        yield from (((population.fact, column), ("population", "norms", name)) for column in (held.day, held.place) if column)
    if target.rule.in_force:
        yield (population.fact, target.rule.in_force.day), ("in_force", "day")


def _standing(target: Target) -> Iterator[Use]:
    """Columns of evidence queries, and of the expressions over facts."""
    for place, item in enumerate(target.rule.evidence):
        for name in item.by:
            yield (item.fact, name), ("evidence", place, "by", name)
    for expression in target.expressions():
        for column in expression.tree().find_all(exp.Column):
            if expression.over in ("population", "narrow") or (expression.over == "evidence" and column.table == "f"):
                yield (expression.fact, column.name), expression.location


def _reductions(target: Target) -> Iterator[Use]:
    for fact, how in target.rule.narrow.items():
        for column in [how.with_.on] if how.with_ else how.repeats:
            yield (fact, column), ("narrow", fact)
        if how.with_:
            yield (how.with_.fact, how.with_.on), ("narrow", fact, "with")


def _find(target: Target, column: str) -> exp.Expr | None:
    assert target.query is not None
    return next((node for node in target.query.find_all(exp.Column) if node.name == column), None)
