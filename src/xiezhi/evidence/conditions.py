"""The conditions of a rule one by one, with the values a hit had, and how far each is from turning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiezhi.kernel.words import Words
from xiezhi.rules.rule import Rule


@dataclass(frozen=True)
class ConditionShown:
    """One condition. `holds` None: it could not be judged. `distance`: value minus bound, where both are numbers.

    `statement`: its words say all of it; value and bound are how that is computed, and tell a reader nothing.
    """

    name: str
    words: Words
    value: Any
    op: str
    bound: Any
    holds: bool | None
    distance: float | None
    statement: bool


def conditions_of(rule: Rule, diagnosis: Mapping[str, Any]) -> list[ConditionShown]:
    """The rule's conditions read from a diagnosis row (`c_`, `v_` and `b_` columns per condition)."""
    shown = []
    for condition in rule.conditions:
        value, bound = diagnosis.get(f"v_{condition.name}"), diagnosis.get(f"b_{condition.name}")
        holds = diagnosis.get(f"c_{condition.name}")
        words = Words(zh=condition.zh, en=condition.en)
        apart, statement = distance(value, bound), condition.is_statement
        shown.append(ConditionShown(condition.name, words, value, condition.op, bound, holds, apart, statement))
    return shown


def distance(value: Any, bound: Any) -> float | None:
    """How far `value` lies from `bound`; None where the two are not both numbers."""
    if isinstance(value, bool) or isinstance(bound, bool):
        return None
    try:
        return float(value) - float(bound)
    except (TypeError, ValueError):
        return None
