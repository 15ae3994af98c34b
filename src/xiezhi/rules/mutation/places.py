"""Where a rule or a fact can be mistaken: its query, every SQL expression of its YAML, operators, parameters' values.

Expressions are found by their type in the model, so that one that is added to a rule's YAML is tried as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from xiezhi.kernel.errors import UserError
from xiezhi.rules.fact import Fact
from xiezhi.rules.mutation.edits import Edit, expression_edits, query_edits
from xiezhi.rules.mutation.mutant import Draft
from xiezhi.rules.mutation.nudges import nudged
from xiezhi.rules.norm import Norm
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Rule, Sql

QUERY = "query.sql"

OPERATORS = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "=": "!=", "!=": "="}

Location = tuple[str | int, ...]


def fact_drafts(fact: Fact) -> Iterator[Draft[Fact]]:
    """Every small mistake in a fact's SQL."""
    for edit in query_edits(fact.sql):
        yield _drafted(QUERY, edit, fact.sql, fact.model_copy(update={"sql": edit.text}))


def rule_drafts(rule: Rule, norms: Mapping[str, Norm]) -> Iterator[Draft[Rule]]:
    """Every small mistake in a rule: its query, the expressions and operators of its YAML, its parameters' values."""
    for edit in query_edits(rule.sql):
        yield _drafted(QUERY, edit, rule.sql, rule.model_copy(update={"sql": edit.text}))
    for location, text in _expressions(rule, ()):
        for edit in expression_edits(text):
            yield _drafted(_told(rule, location), edit, text, _changed(rule, location, edit.text))
    yield from _operators(rule)
    yield from _parameters(rule, norms)


def _operators(rule: Rule) -> Iterator[Draft[Rule]]:
    for place, condition in enumerate(rule.conditions):
        other = OPERATORS[condition.op]
        before, after = (f"{condition.value} {op} {condition.bound}" for op in (condition.op, other))
        changed = _changed(rule, ("conditions", place, "op"), other)
        yield Draft(f"conditions.{condition.name}", "", "comparison", before, after, (before, after), changed)
        if len(rule.conditions) > 1:
            others = [item for item in rule.conditions if item is not condition]
            less = rule.model_copy(update={"conditions": others})
            yield Draft(f"conditions.{condition.name}", "", "conjunct", before, "", (before, ""), less)


def _parameters(rule: Rule, norms: Mapping[str, Norm]) -> Iterator[Draft[Rule]]:
    """A parameter's value as it stands without a site's own, a step aside; what its own bounds refuse is not tried."""
    values = parameter_values(rule, {}, norms)
    for name, parameter in rule.parameters.items():
        value = values[name]
        for other in nudged(parameter, value):
            changed = parameter.model_copy(update={"default": other, "norm_value": None})
            mutant = rule.model_copy(update={"parameters": rule.parameters | {name: changed}})
            try:
                parameter_values(mutant, {}, norms)
            except UserError:
                continue
            before, after = str(value), str(other)
            yield Draft(f"parameters.{name}", "", "parameter", before, after, (before, after), mutant)


def _drafted(place: str, edit: Edit, text: str, subject: Any) -> Draft[Any]:
    return Draft(place, edit.scope, edit.kind, edit.before, edit.after, (text, edit.text), subject)


def _expressions(item: Any, above: Location) -> Iterator[tuple[Location, str]]:
    """Every value below `item` whose field says it is SQL, with where it is."""
    if isinstance(item, BaseModel):
        for name, field in type(item).model_fields.items():
            value = getattr(item, name)
            if isinstance(value, str) and _is_sql(field):
                yield (*above, name), value
            else:
                yield from _expressions(value, (*above, name))
    elif isinstance(item, Mapping):
        for key, value in item.items():
            yield from _expressions(value, (*above, key))
    elif isinstance(item, list):
        for place, value in enumerate(item):
            yield from _expressions(value, (*above, place))


def _is_sql(field: FieldInfo) -> bool:
    """Whether a field is declared as `Sql` or `Sql | None`."""
    (mark,) = (part for part in get_args(Sql) if isinstance(part, BeforeValidator))
    return mark in field.metadata or any(mark in get_args(kind) for kind in get_args(field.annotation))


def _changed(item: Any, location: Location, value: Any) -> Any:
    """A copy of a model, mapping or list with another value at a place."""
    if not location:
        return value
    first, *rest = location
    if isinstance(item, BaseModel):
        return item.model_copy(update={str(first): _changed(getattr(item, str(first)), tuple(rest), value)})
    if isinstance(item, Mapping):
        return {key: _changed(part, tuple(rest), value) if key == first else part for key, part in item.items()}
    return [_changed(part, tuple(rest), value) if place == first else part for place, part in enumerate(item)]


def _told(rule: Rule, location: Location) -> str:
    """A place in words that outlive a reordering: list items by their name, code or fact."""
    told, item = [], rule
    for step in location:
        item = getattr(item, step) if isinstance(item, BaseModel) and isinstance(step, str) else item[step]  # type: ignore[index]
        named = next((getattr(item, key) for key in ("name", "code", "fact") if isinstance(getattr(item, key, None), str)), None)
        told.append(str(step) if isinstance(step, str) else named or str(step))
    return ".".join(told)
