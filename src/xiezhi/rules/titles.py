"""What a column of a rule's candidates is called where a person reads it: never by the name it has in the query."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xiezhi.kernel.words import Words
from xiezhi.rules.measures import Measure
from xiezhi.rules.peers import peers_of, statistics_of
from xiezhi.rules.rule import Rule

AS_KEPT = re.compile(r"\s*[(（](?:分|fen|最小货币单位|minor units)[)）]$")
"""How words say in which unit a sum is kept and compared. People read it in yuan, or in its currency."""


def title_of(rule: Rule, name: str, measure: Measure) -> Words | None:
    """As the rule calls it, else as a condition on it does, else as the fact's column it comes from; None where nothing does."""
    if name in rule.hit.titles:
        return rule.hit.titles[name]
    condition = next((one for one in rule.conditions if one.value.strip() == name), None)
    if condition is not None:
        return without_unit(Words(zh=condition.zh, en=condition.en))
    return without_unit(measure.title) if measure.title else None


def figure_titles(rule: Rule, measures: Mapping[str, Measure]) -> dict[str, Words | None]:
    """Column → its title, of every column that a hit shows as a figure; peers' statistics have titles of their own."""
    statistics = statistics_of(peers_of(rule))
    own = {name: title_of(rule, name, measures.get(name, Measure())) for name in _figures(rule) if name not in statistics}
    return own | {name: rule.hit.titles.get(name, title) for name, title in statistics.items()}


def _figures(rule: Rule) -> list[str]:
    """Those under `shows`, and the value that is compared with the peers' whether it stands there or not."""
    peers = peers_of(rule)
    return [*rule.hit.shows, *([peers.own] if peers is not None and peers.own not in rule.hit.shows else [])]


def without_unit(words: Words) -> Words:
    """A title without the unit that the values beside it no longer have."""
    return Words(zh=AS_KEPT.sub("", words.zh), en=AS_KEPT.sub("", words.en))
