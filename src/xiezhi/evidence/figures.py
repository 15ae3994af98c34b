"""The numbers a hit shows, each with its title and unit, and beside what they are judged: the peers' median, quartiles, fence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiezhi.evidence.measured import Measures
from xiezhi.evidence.sentence import currency_of
from xiezhi.evidence.shown import shown
from xiezhi.kernel.words import Words
from xiezhi.rules import titles
from xiezhi.rules.measures import Measure
from xiezhi.rules.peers import STATISTICS, peer_columns, peers_of
from xiezhi.rules.rule import Rule


@dataclass(frozen=True)
class Figure:
    """One shown column. `identity`: the kind whose vault number the value is."""

    column: str
    title: Words
    value: Any
    shown: Words
    identity: str | None = None


def figures(rule: Rule, candidate: Mapping[str, Any], measures: Measures) -> list[Figure]:
    """Every column of `shows` that is known and has a title, but those shown as a comparison.

    What nobody gave a title (`hit.titles`) is left to the sentence: the name of a column tells a reader nothing.
    """
    compared = peer_columns(peers_of(rule))
    return [
        _figure(rule, name, candidate, measures)
        for name in rule.hit.shows
        if name not in compared and candidate.get(name) is not None and titles.title_of(rule, name, measures.get(name, Measure()))
    ]


def comparison(rule: Rule, candidate: Mapping[str, Any], measures: Measures) -> list[Figure]:
    """The hit's own value, and what its peers have, in one unit; empty where the rule compares with no peers."""
    peers = peers_of(rule)
    if peers is None or candidate.get(peers.own) is None:
        return []
    own = _figure(rule, peers.own, candidate, measures)
    unit = next((measures[name].unit for name in peer_columns(peers) if name in measures and measures[name].unit), None)
    currency = currency_of(candidate, measures)
    found = [Figure(own.column, own.title, own.value, shown(own.value, Measure(unit=unit), currency), own.identity)]
    for role, title in STATISTICS.items():
        column = getattr(peers, role)
        if column is not None and candidate.get(column) is not None:
            measure = Measure() if role == "count" else Measure(unit=unit)
            called = rule.hit.titles.get(column, title)
            found.append(Figure(column, called, candidate[column], shown(candidate[column], measure, currency)))
    return found if len(found) > 1 else []


def _figure(rule: Rule, name: str, candidate: Mapping[str, Any], measures: Measures) -> Figure:
    measure = measures.get(name, Measure())
    value = candidate[name]
    number = Words(zh=f"#{value}", en=f"#{value}") if measure.identity else None
    known = rule.hit.word_for(name, value) or number or shown(value, measure, currency_of(candidate, measures))
    return Figure(name, title_of(rule, name, measure), value, known, measure.identity)


def title_of(rule: Rule, name: str, measure: Measure) -> Words:
    """What a column is called; its own name where nothing gives it a title."""
    return titles.title_of(rule, name, measure) or Words(zh=name, en=name)
