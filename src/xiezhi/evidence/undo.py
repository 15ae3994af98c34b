"""The smallest change of a condition's value that makes it false: exact, in steps of the value itself, never more than is true.

A condition is compared as it was recorded: `value op bound`. Nothing is said where no change of the value alone can undo it:
statements that are yes or no, values that the bound itself is computed from, constants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from xiezhi.evidence.shown import as_day, as_decimal
from xiezhi.rules.binding import bind, parse_expression
from xiezhi.rules.rule import Condition

Step = Decimal | int
MOST_DIGITS, LEAST_PLACES = 6, -4
"""Significant digits of a step that is shown, where it has more than four decimals, as fractions that the engine computed have;
it is rounded away from the bound, so that it undoes as well."""


@dataclass(frozen=True)
class Undo:
    """Change the value by `step` (signed; days where `days`) to `target` and the condition is false.

    `relative`: the step by the value, without sign; None where the value is nought or a day.
    """

    step: Step
    target: Decimal | date
    relative: Decimal | None
    days: bool = False


def undo(condition: Condition, value: Any, bound: Any, parameters: Mapping[str, Any]) -> Undo | None:
    """How the condition, which holds, is undone at the least cost; None where no single value can."""
    if not moves_alone(condition, parameters):
        return None
    day, limit = as_day(value), as_day(bound)
    if day is not None and limit is not None:
        return _of_days(condition.op, day, limit)
    number, edge = as_decimal(value), as_decimal(bound)
    if number is None or edge is None:
        return None
    target = _target(condition.op, number, edge, _grain(value, number, edge))
    if target is None:
        return None
    step = target - number
    return Undo(step, target, abs(step / number) if number else None) if step else None


def moves_alone(condition: Condition, parameters: Mapping[str, Any]) -> bool:
    """Whether the value is something of the case, of which the bound knows nothing."""
    value, bound = (_bound(text, parameters) for text in (condition.value, condition.bound))
    own = {column.name for column in value.find_all(exp.Column)}
    return bool(own) and not own & {column.name for column in bound.find_all(exp.Column)}


def _bound(text: str, parameters: Mapping[str, Any]) -> exp.Expr:
    """With its parameters put in, and the branches they close taken away."""
    simple: exp.Expr = simplify(bind(parse_expression(text), parameters), dialect="duckdb")
    return simple


def _grain(value: Any, number: Decimal, edge: Decimal) -> Decimal:
    """The least step of the value: one for whole numbers, else the last decimal that either of the two has."""
    if isinstance(value, int):
        return Decimal(1)
    return Decimal(1).scaleb(min(_exponent(number), _exponent(edge), 0))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _target(op: str, number: Decimal, edge: Decimal, grain: Decimal) -> Decimal | None:
    """The value nearest to `number`, on its own grid of steps, for which `value op edge` is false."""
    whole = grain == 1
    below = edge.to_integral_value(ROUND_FLOOR) if whole else edge
    above = edge.to_integral_value(ROUND_CEILING) if whole else edge
    if op == ">=":
        return _rounded(number, above - grain, down=True)
    if op == ">":
        return _rounded(number, below, down=True)
    if op == "<=":
        return _rounded(number, below + grain, down=False)
    if op == "<":
        return _rounded(number, above, down=False)
    if op == "!=":
        return None if whole and below != above else edge
    return number + grain  # an equality is undone by any step; up, because counts do not go below nought


def _rounded(number: Decimal, target: Decimal, *, down: bool) -> Decimal:
    """With no more digits in the step than can be read, and never nearer than `target`."""
    step = target - number
    digits = min(step.adjusted() - MOST_DIGITS + 1, 0)
    unit = Decimal(1).scaleb(digits)
    if step == 0 or _exponent(step) >= min(digits, LEAST_PLACES):
        return target
    return number + step.quantize(unit, rounding=ROUND_FLOOR if down else ROUND_CEILING)


def _of_days(op: str, day: date, limit: date) -> Undo | None:
    one = timedelta(days=1)
    target = {">=": limit - one, ">": limit, "<=": limit + one, "<": limit, "!=": limit, "=": day + one}[op]
    step = (target - day).days
    return Undo(step, target, None, days=True) if step else None
