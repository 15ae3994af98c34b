"""A rule's parameters: from defaults, norms and a site's own settings to values that are safe to put into SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xiezhi.kernel.errors import UserError
from xiezhi.rules.law_by_day import always, dated, versions_of, versions_table
from xiezhi.rules.norm import Norm
from xiezhi.rules.rule import Parameter, ParameterType, ParameterValue, Rule

Values = dict[str, ParameterValue]

PLACES = 30
"""Digits, and how far from the point the first may stand: 1e-999999999 lies within most bounds and takes gigabytes to write."""


def parameter_values(rule: Rule, overrides: Mapping[str, Any] | None = None, norms: Mapping[str, Norm] | None = None) -> Values:
    """The value of every parameter: an override, else what its norm states in its newest version, else its default.

    Where the query reads a parameter's versions, they stand beside it under the table's name: those of its norm, or its one
    value on every day where a site has set it. Overrides may be text (as the command line and stored records have them).
    Raises UserError for an unknown name, a value of the wrong type or outside its bounds.
    """
    overrides = overrides or {}
    by_day = {versions_table(name): name for name in dated(rule)}
    for name in overrides:
        if name not in rule.parameters and (name not in by_day or isinstance(overrides[name], str)):
            raise UserError(
                "XZ-RULE-01",
                zh=f"模型 {rule.code} 没有参数 {name}",
                en=f"rule {rule.code} has no parameter {name}",
                todo_zh=f"可用的参数:{'、'.join(rule.parameters) or '无'}",
                todo_en=f"its parameters: {', '.join(rule.parameters) or 'none'}",
            )
    values: Values = {}
    for name, parameter in rule.parameters.items():
        given = overrides[name] if name in overrides else _standing(parameter, norms or {})
        values[name] = checked(f"{rule.code}.{name}", parameter, given)
    for table, name in by_day.items():
        found = None if name in overrides else versions_of(rule.parameters[name], norms or {})
        values[table] = overrides.get(table) or found or always(values[name])
    return values


def checked(name: str, parameter: Parameter, given: Any) -> ParameterValue:
    """`given` as the parameter's type. Raises UserError where it is none, or outside `min`, `max` or `choices`."""
    try:
        value = _READERS[parameter.type](given)
        low = None if parameter.min is None else _READERS[parameter.type](parameter.min)
        high = None if parameter.max is None else _READERS[parameter.type](parameter.max)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise _refused(name, given, f"不是 {parameter.type}", f"is not a {parameter.type}") from error
    if (low is not None and value < low) or (high is not None and value > high):
        raise _refused(name, given, f"应在 {low} 与 {high} 之间", f"must lie between {low} and {high}")
    if parameter.choices is not None and any(
        word not in parameter.choices for word in (value if isinstance(value, list) else [value])
    ):
        allowed = ", ".join(parameter.choices)
        raise _refused(name, given, f"只能是 {allowed}", f"must be one of {allowed}")
    if parameter.type == "text" and parameter.default and _fits_everything(value):
        raise _refused(name, given, "留空或可以为空的词会与一切相符", "it would fit everything, for it fits an empty text")
    return value  # type: ignore[no-any-return]


def _fits_everything(words: str) -> bool:
    """Whether words that are searched for are found in an empty text: `` or `抚恤|`, which excuse or accuse everybody."""
    try:
        return re.search(words, "") is not None
    except (re.error, RecursionError):
        return False  # the engine has expressions of its own, and says what is wrong with one


def _standing(parameter: Parameter, norms: Mapping[str, Norm]) -> Any:
    source = parameter.norm_value
    if source is not None and source.norm in norms:
        newest = norms[source.norm].versions[-1]
        if source.name in newest.values:
            return newest.values[source.name]
    return parameter.default


def _integer(given: Any) -> int:
    if isinstance(given, bool) or (isinstance(given, float | Decimal) and given != int(given)):
        raise ValueError(given)
    return int(given)


def _decimal(given: Any) -> Decimal:
    value = Decimal(str(given))
    if not value.is_finite() or max(abs(value.adjusted()), len(value.as_tuple().digits)) > PLACES:
        raise ValueError(given)
    return value


def _text(given: Any) -> str:
    if not isinstance(given, str) or any(character < " " for character in given):
        raise ValueError(given)
    return given


def _texts(given: Any) -> list[str]:
    return [_text(word) for word in (given.split(",") if isinstance(given, str) else given)]


def _date(given: Any) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)


_READERS: dict[ParameterType, Callable[[Any], Any]] = {
    "integer": _integer,
    "money": _integer,
    "decimal": _decimal,
    "text": _text,
    "texts": _texts,
    "date": _date,
}


def _refused(name: str, given: Any, zh: str, en: str) -> UserError:
    return UserError("XZ-RULE-02", zh=f"参数 {name} 的值 {given!r} {zh}", en=f"parameter {name}: {given!r} {en}")
