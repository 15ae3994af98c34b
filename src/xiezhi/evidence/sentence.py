"""A hit in one plain sentence, from the rule's template and the hit's values.

`{column}` is a value with the unit that its fact declares, `{total:money}` fen shown as yuan, `{m:month}` a month,
`{x:percent}` a share. A clause in `[…]` is left out where a value in it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xiezhi.evidence.measured import FIELD, Measures
from xiezhi.evidence.shown import amount, as_decimal, is_moment, money, percent, plain, shown, text
from xiezhi.kernel.words import Words
from xiezhi.rules.measures import CURRENCY, FEN, MINOR, Measure
from xiezhi.rules.rule import HitShape, Rule

CLAUSE = re.compile(r"\[([^\[\]]*)\]")
SAID_TO_BE_UTC = re.compile(r"\s*[(（]UTC[)）]")
"""Rules once showed moments as the lake has them and said so. Runs keep copies of their rules: shown on the site's clock, that
they are in UTC is no longer true."""


def sentence(rule: Rule, candidate: Mapping[str, Any], measures: Measures | None = None) -> Words:
    """The rule's sentence in both languages. Without `measures` values have no other unit than the styles say."""
    return Words(
        zh=_said(rule.hit, candidate, measures or {}, "zh"),
        en=_said(rule.hit, candidate, measures or {}, "en"),
    )


def currency_of(candidate: Mapping[str, Any], measures: Measures) -> str | None:
    """The currency of the candidate's amounts in minor units; None where it has no column for it, or several that differ."""
    named = {candidate.get(name) for name, measure in measures.items() if measure.unit == CURRENCY}
    return str(named.pop()) if len(named) == 1 and None not in named else None


def _said(hit: HitShape, candidate: Mapping[str, Any], measures: Measures, language: str) -> str:
    told = CLAUSE.sub(lambda clause: _kept(clause[1], candidate), hit.sentence.in_(language))
    names = {match[1] for match in FIELD.finditer(told)}
    if any(is_moment(candidate.get(name), measures.get(name, Measure())) for name in names):
        told = SAID_TO_BE_UTC.sub("", told)
    currency = currency_of(candidate, measures)

    def value_of(name: str, style: str | None) -> str:
        word = hit.word_for(name, candidate.get(name))
        if word is not None:
            return word.in_(language)
        return spoken(candidate.get(name), style, language, measures.get(name, Measure()), currency)

    return FIELD.sub(lambda match: value_of(match[1], match[2]), told)


def _kept(clause: str, candidate: Mapping[str, Any]) -> str:
    """The clause without its brackets, or nothing where a value in it is NULL."""
    return "" if any(candidate.get(match[1]) is None for match in FIELD.finditer(clause)) else clause


def spoken(value: Any, style: str | None, language: str, measure: Measure | None = None, currency: str | None = None) -> str:
    """A value as a person reads it; what is not known is said to be so."""
    measure = measure or Measure()
    number = as_decimal(value)
    if number is not None and style == "money":
        return amount(number, currency, language) if measure.unit == MINOR else shown_money(value, measure, language)
    if number is not None and style == "percent":
        return percent(number)
    if number is not None and style is None and (measure.unit or "").partition("/")[0] not in (FEN, MINOR):
        return plain(value)  # the sentence itself says of what
    if value is not None and style == "month":
        return str(value)[:7]
    return shown(value, measure, currency).in_(language)


def shown_money(value: Any, measure: Measure, language: str) -> str:
    """Fen, by the kilogram where the fact says so."""
    if (measure.unit or "").startswith(FEN):
        return shown(value, measure).in_(language)
    number = as_decimal(value)
    return text(value, measure) if number is None else money(number, language)
