"""The conditions of a rule one by one, with the values a hit had, how far each is from turning, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlglot import exp

from xiezhi.evidence.measured import Measures
from xiezhi.evidence.sentence import currency_of
from xiezhi.evidence.shown import as_day, as_decimal, percent, shown, with_unit
from xiezhi.evidence.undo import Undo, undo
from xiezhi.kernel.words import Words
from xiezhi.rules.binding import parse_expression, placeholders
from xiezhi.rules.measures import FEN, MINOR, SHARE, Measure, expression_unit
from xiezhi.rules.peers import peer_columns, peers_of
from xiezhi.rules.rule import Condition, Rule
from xiezhi.rules.titles import without_unit

OP_WORDS = {">=": "≥", "<=": "≤", "!=": "≠", "=": "=", ">": ">", "<": "<"}


@dataclass(frozen=True)
class ConditionShown:
    """One condition. `holds` None: it could not be judged. `distance`: value minus bound, where both are numbers.

    `statement`: its words say all of it; value and bound are how that is computed, and tell a reader nothing. `value_shown`,
    `bound_shown`, `apart` and `undo_shown`: as a person reads them, with their unit; empty where there is nothing to read.
    `relative`: of the smallest change, by the value.
    """

    name: str
    words: Words
    value: Any
    op: str
    bound: Any
    holds: bool | None
    distance: float | None
    statement: bool
    unit: str | None
    value_shown: Words
    bound_shown: Words
    apart: Words
    undo: Undo | None
    undo_shown: Words

    @property
    def sign(self) -> str:
        """The comparison as it is written for people; nothing where the words say all."""
        return "" if self.statement else OP_WORDS[self.op]


NOTHING = Words(zh="", en="")


def conditions_of(
    rule: Rule, diagnosis: Mapping[str, Any], parameters: Mapping[str, Any] | None = None, measures: Measures | None = None
) -> list[ConditionShown]:
    """The rule's conditions read from a diagnosis row (`c_`, `v_` and `b_` columns per condition)."""
    columns, given = measures or {}, parameters or {}
    currency = currency_of(diagnosis, columns)
    return [_condition(rule, condition, diagnosis, given, columns, currency) for condition in rule.conditions]


def smallest(conditions: Sequence[ConditionShown]) -> ConditionShown | None:
    """The condition that the smallest change, relative to its value, undoes: with it the whole hit is undone."""
    undone = [condition for condition in conditions if condition.undo is not None]
    return min(undone, key=_cost) if undone else None


def _cost(condition: ConditionShown) -> Decimal:
    """What cannot be told as a share of the value comes last."""
    relative = condition.undo.relative if condition.undo is not None else None
    return Decimal("Infinity") if relative is None else relative


def _condition(
    rule: Rule,
    condition: Condition,
    diagnosis: Mapping[str, Any],
    parameters: Mapping[str, Any],
    columns: Measures,
    currency: str | None,
) -> ConditionShown:
    value, bound = diagnosis.get(f"v_{condition.name}"), diagnosis.get(f"b_{condition.name}")
    holds = diagnosis.get(f"c_{condition.name}")
    statement = condition.is_statement or isinstance(value, bool)
    measure = _measure(rule, condition, columns)
    apart = distance(value, bound)
    asked = holds is True and not statement and not _of_others(rule, condition)
    undone = undo(condition, value, bound, parameters) if asked else None
    words = without_unit(Words(zh=condition.zh, en=condition.en)) if measure.unit else Words(zh=condition.zh, en=condition.en)
    return ConditionShown(
        name=condition.name,
        words=words,
        value=value,
        op=condition.op,
        bound=bound,
        holds=holds,
        distance=apart,
        statement=statement,
        unit=measure.unit,
        value_shown=NOTHING if statement else _meant(condition, value) or shown(value, measure, currency),
        bound_shown=NOTHING if statement else _meant(condition, bound) or shown(bound, measure, currency),
        apart=NOTHING if statement else _apart(value, bound, measure, currency),
        undo=undone,
        undo_shown=_undo_words(undone, measure, currency) if undone else NOTHING,
    )


def _meant(condition: Condition, value: Any) -> Words | None:
    """The word that a number stands for: 0 days from the term is "in office"."""
    number = as_decimal(value)
    return None if number is None or number != number.to_integral_value() else condition.says.get(str(int(number)))


def _of_others(rule: Rule, condition: Condition) -> bool:
    """Whether its value is the peers' alone (a quartile, the fence): nothing that this case could be otherwise in."""
    peers = peers_of(rule)
    others = set(peer_columns(peers)) - {peers.own} if peers else set()
    own = {column.name for column in parse_expression(condition.value).find_all(exp.Column)}
    return bool(own) and own <= others


def _measure(rule: Rule, condition: Condition, columns: Measures) -> Measure:
    """What is compared: as its value's columns are declared, else its bound's, else as the parameter in the bound is typed."""
    value, bound = parse_expression(condition.value), parse_expression(condition.bound)
    column = columns.get(condition.value.strip(), Measure())
    unit = expression_unit(value, columns) or expression_unit(bound, columns)
    if unit is None:
        typed = {rule.parameters[name].type for name in placeholders(bound) | placeholders(value) if name in rule.parameters}
        unit = FEN if typed == {"money"} else None
    return replace(column, unit=unit)


def _apart(value: Any, bound: Any, measure: Measure, currency: str | None) -> Words:
    apart = _difference(value, bound)
    return NOTHING if apart is None else shown(abs(apart), _of_change(measure), currency)


def _difference(value: Any, bound: Any) -> Any:
    one, other = as_decimal(value), as_decimal(bound)
    if one is not None and other is not None:
        return one - other
    day, limit = as_day(value), as_day(bound)
    return (day - limit).days if day is not None and limit is not None else None


def _of_change(measure: Measure) -> Measure:
    """Two shares are apart by percentage points, which are written as per cent; two days by days."""
    return Measure(unit="days") if measure.type in ("DATE", "MONTH") else replace(measure, type="UNKNOWN")


def _undo_words(undone: Undo, measure: Measure, currency: str | None) -> Words:
    """少 100.01元（-25.0%）即不成立."""
    change = Measure(unit="days") if undone.days else _of_change(measure)
    size = _exact(abs(undone.step), change, currency)
    up = undone.step > 0
    share = "" if undone.relative is None else percent(undone.relative)
    if undone.days:
        return Words(
            zh=f"{'晚' if up else '早'} {size.zh}（{undone.target}）即不成立",
            en=f"{size.en} {'later' if up else 'earlier'} ({undone.target}) undoes it",
        )
    bare = " " if size.zh[-1:].isdigit() and not share else ""  # 多 3 即不成立; a unit needs no space behind it
    aside_zh, aside_en = (f"（{'+' if up else '-'}{share}）", f" ({'+' if up else '-'}{share})") if share else ("", "")
    return Words(
        zh=f"{'多' if up else '少'} {size.zh}{aside_zh}{bare}即不成立",
        en=f"{size.en} {'more' if up else 'less'}{aside_en} undoes it",
    )


def _exact(size: Any, measure: Measure, currency: str | None) -> Words:
    """As it is, unrounded: a rounded step might not undo anything."""
    unit = (measure.unit or "").partition("/")[0]
    if unit == SHARE:
        points = format((size * 100).normalize(), "f")
        return Words(zh=f"{points} 个百分点", en=f"{points} percentage points")
    if unit in (FEN, MINOR) and size == size.to_integral_value():
        return shown(size, measure, currency)
    if unit in (FEN, MINOR):
        exact, none = format((size / 100).normalize(), "f"), shown(0, measure, currency)
        return Words(zh=none.zh.replace("0.00", exact), en=none.en.replace("0.00", exact))
    written = format(Decimal(size).normalize(), "f")
    return Words(zh=with_unit(written, measure.unit, "zh"), en=with_unit(written, measure.unit, "en"))


def distance(value: Any, bound: Any) -> float | None:
    """How far `value` lies from `bound`; None where the two are not both numbers."""
    if isinstance(value, bool) or isinstance(bound, bool):
        return None
    try:
        return float(value) - float(bound)
    except (TypeError, ValueError):
        return None
