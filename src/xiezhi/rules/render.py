"""From a rule to SQL: self-contained SELECTs over facts, every parameter already a literal.

`candidates` is the rule's own query. `diagnosis` is every candidate with each condition's answer (`c_name`), value
(`v_name`) and bound (`b_name`): why and why not. `hits` are the diagnosed candidates that meet all conditions, with
`_variant` and `_level`; `judged` has those beside them that could be hits, were something known that is not. `population` is
whom the rule could have concerned, with what was missing.

Rendering a rule takes longer than running it on a small lake: what was rendered is kept while rule and values are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlglot import exp

from xiezhi.rules.binding import DIALECT, Values, bind, literal, parse_expression, parse_select
from xiezhi.rules.coverage_reasons import EVALUATED
from xiezhi.rules.law_by_day import while_in_force, with_versions
from xiezhi.rules.rule import Rule


def candidates_sql(rule: Rule, values: Mapping[str, Any]) -> str:
    """The rule's query, bound, over what happened while the rule was in force."""
    return _candidates(rule, Values.fixed(values))


def bind_expression(expression: str, values: Mapping[str, Any]) -> str:
    """One bound SQL expression (a condition's value, a population's `where` …). Raises ContentError if it is not one."""
    return _bound(expression, Values.fixed(values))


@lru_cache(maxsize=256)
def _candidates(rule: Rule, fixed: Values) -> str:
    values = fixed.of
    query = with_versions(while_in_force(parse_select(rule.sql), rule), rule, values)
    return bind(query, values).sql(dialect=DIALECT, comments=False)


@lru_cache(maxsize=2048)
def _bound(expression: str, values: Values) -> str:
    return bind(parse_expression(expression), values.of).sql(dialect=DIALECT, comments=False)


def hits_sql(rule: Rule, values: Mapping[str, Any]) -> str:
    """Candidates meeting every condition, diagnosed, plus `_variant` (code) and `_level` of the first variant that applies."""
    return hits_over(diagnosis_sql(rule, values), rule, values)


def hits_over(diagnosis: str, rule: Rule, values: Mapping[str, Any]) -> str:
    """The hits, where the diagnosis is rendered already."""
    variant = _first_variant(rule, values, {item.code: item.code for item in rule.variants})
    level = _first_variant(rule, values, {item.code: item.level.value for item in rule.variants})
    met = " AND ".join([*(f"d.c_{item.name}" for item in rule.conditions), f"{variant} IS NOT NULL"])
    return f"SELECT d.*, {variant} AS _variant, {level} AS _level FROM ({diagnosis}) AS d WHERE {met}"


def judged_sql(rule: Rule, values: Mapping[str, Any]) -> str:
    """As `hits_sql`, with the candidates beside them of which no condition fails and some cannot be judged: `_met` is FALSE."""
    variant = _first_variant(rule, values, {item.code: item.code for item in rule.variants})
    level = _first_variant(rule, values, {item.code: item.level.value for item in rule.variants})
    tests = [f"d.c_{item.name}" for item in rule.conditions]
    met = " AND ".join([*(f"COALESCE({test}, FALSE)" for test in tests), f"{variant} IS NOT NULL"])
    open_ = " AND ".join(f"COALESCE({test}, TRUE)" for test in tests)
    return (
        f"SELECT d.*, {variant} AS _variant, {level} AS _level, {met} AS _met "
        f"FROM ({diagnosis_sql(rule, values)}) AS d WHERE {open_}"
    )


def diagnosis_sql(rule: Rule, values: Mapping[str, Any]) -> str:
    """Every candidate with `c_`, `v_` and `b_` columns for each condition. `c_` is NULL where it cannot be judged."""
    shown = []
    for condition, test in zip(rule.conditions, _tests(rule, values), strict=True):
        shown.append(f"{test} AS c_{condition.name}")
        shown.append(f"{bind_expression(condition.value, values)} AS v_{condition.name}")
        shown.append(f"{bind_expression(condition.bound, values)} AS b_{condition.name}")
    return f"SELECT c.*, {', '.join(shown)} FROM ({candidates_sql(rule, values)}) AS c"


def population_sql(rule: Rule, values: Mapping[str, Any]) -> str:
    """Rows of the population per `unit` (text), `month` and `outcome` (`evaluated` or the first missing thing's reason)."""
    population = rule.population
    month = f"CAST(date_trunc('month', {name(population.month)}) AS DATE)" if population.month else "CAST(NULL AS DATE)"
    missing = [f"WHEN {name(column)} IS NULL THEN {_word(reason)}" for column, reason in population.needs.items()]
    outcome = f"CASE {' '.join(missing)} ELSE {_word(EVALUATED)} END" if missing else _word(EVALUATED)
    where = f" WHERE {bind_expression(population.where, values)}" if population.where else ""
    return (
        f"SELECT CAST({name(population.unit)} AS VARCHAR) AS unit, {month} AS month, {outcome} AS outcome, COUNT(*) AS rows "
        f"FROM {name(population.fact)}{where} GROUP BY 1, 2, 3"
    )


@lru_cache(maxsize=1024)
def name(identifier: str) -> str:
    """A name as a quoted SQL identifier."""
    return exp.to_identifier(identifier, quoted=True).sql(dialect=DIALECT)


def _tests(rule: Rule, values: Mapping[str, Any]) -> list[str]:
    """The comparison of each condition."""
    return [
        f"({bind_expression(item.value, values)}) {item.op} ({bind_expression(item.bound, values)})" for item in rule.conditions
    ]


def _first_variant(rule: Rule, values: Mapping[str, Any], words: Mapping[str, str]) -> str:
    branches = [f"WHEN {bind_expression(item.when, values)} THEN {_word(words[item.code])}" for item in rule.variants]
    return f"CASE {' '.join(branches)} END"


def _word(text: str) -> str:
    return literal(text).sql(dialect=DIALECT)
