"""What of a rule differs between two runs: what it computes, a parameter, a fact it reads. Mere words do not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xiezhi.evidence.shown import shown
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.words import Words
from xiezhi.rules.fact import Fact
from xiezhi.rules.measures import FEN, Measure
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Rule

Told = tuple[Rule, Mapping[str, Any], Mapping[str, Fact]]
"""A rule as a run had it: the rule, its parameters' values, the facts."""


@dataclass(frozen=True)
class Definition:
    kind: Literal["rule", "parameter", "fact"]
    words: Words


def changed_definitions(before: Told, after: Told, facts: Sequence[str]) -> list[Definition]:
    """Everything that can change what the rule finds on the same data."""
    return [*_rule(before[0], after[0]), *_parameters(before, after), *_facts(before[2], after[2], facts)]


def _rule(before: Rule, after: Rule) -> Iterable[Definition]:
    if _behaviour(before) != _behaviour(after):
        if before.version != after.version:
            change = Words(
                zh=f"模型由第 {before.version} 版改为第 {after.version} 版",
                en=f"the rule went from version {before.version} to {after.version}",
            )
        else:
            change = Words(zh="模型的内容有变而版本号未变", en="the rule changed without a new version")
        yield Definition("rule", change)


def _behaviour(rule: Rule) -> Any:
    """What it computes, without a word that it says."""
    return (
        rule.sql,
        [(one.value, one.op, one.bound) for one in rule.conditions],
        [(one.code, one.when) for one in rule.variants],
        rule.hit.key,
        {name: one.model_dump(mode="json") for name, one in rule.narrow.items()},
    )


def _parameters(before: Told, after: Told) -> Iterable[Definition]:
    for name, parameter in after[0].parameters.items():
        if name not in before[0].parameters:
            continue
        measure = Measure(unit=FEN) if parameter.type == "money" else Measure()
        was, now = (_value(rule, values, name) for rule, values, _facts in (before, after))
        if was != now:
            one, other = _shown(was, measure), _shown(now, measure)
            words = Words(
                zh=f"参数“{parameter.zh}”由 {one.zh} 改为 {other.zh}",
                en=f'the parameter "{parameter.en}" went from {one.en} to {other.en}',
            )
            yield Definition("parameter", words)


def _value(rule: Rule, values: Mapping[str, Any], name: str) -> Any:
    """As the rule understands it: records keep decimals and days as texts."""
    try:
        return parameter_values(rule, {name: values[name]})[name]
    except (KeyError, UserError):
        return values.get(name)


def _shown(value: Any, measure: Measure) -> Words:
    if isinstance(value, list):
        return Words(zh="、".join(value) or "（空）", en=", ".join(value) or "(none)")
    if value == "":
        return Words(zh="（空）", en="(none)")
    return shown(value, measure)


def _facts(before: Mapping[str, Fact], after: Mapping[str, Fact], names: Sequence[str]) -> Iterable[Definition]:
    for name in names:
        was, now = before.get(name), after.get(name)
        if was is not None and now is not None and was.sql != now.sql:
            yield Definition(
                "fact", Words(zh=f"事实“{now.title.zh}”的算法有变", en=f'the fact "{now.title.en}" is computed otherwise')
            )
