"""META: every figure that an officer reads of a hit has a title, and no two have the same one."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.kernel.words import Words
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten
from xiezhi.rules.lint.target import Target
from xiezhi.rules.measures import Measure, output_measures
from xiezhi.rules.peers import peer_columns, peers_of
from xiezhi.rules.titles import figure_titles, without_unit

Location = tuple[str | int, ...]


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    yield from _named(target)
    yield from _written(target)
    if target.typed is None or target.query is None:
        return
    titles = figure_titles(target.rule, _measures(target))
    for column, title in titles.items():
        if title is None and column in target.candidates:
            yield target.at(
                "META-12",
                ("hit", "shows"),
                f"{column} 没有名称,看证据的人只会看到列名;写在 hit.titles 里",
                f"{column} has no title, and its column name tells a reader nothing; give it one under hit.titles",
            )
    yield from _repeated(target, titles)


def _measures(target: Target) -> dict[str, Measure]:
    """Titles come from the facts alone: contracts add units only."""
    facts = {name: target.content.facts[name] for name in target.rule.reads if name in target.content.facts}
    declared = {
        name: {column: Measure(one.type, one.unit, Words(zh=one.zh, en=one.en)) for column, one in fact.columns.items()}
        for name, fact in facts.items()
    }
    return output_measures(target.query, target.schema, declared) if target.query is not None else {}


def _repeated(target: Target, titles: dict[str, Words | None]) -> Iterator[Finding]:
    """Two figures, two conditions, or a figure and the condition on something else, under one name."""
    rule = target.rule
    called: list[tuple[str, Location, Words]] = [
        (column, ("hit", "titles", column) if column in rule.hit.titles else ("hit", "shows"), title)
        for column, title in titles.items()
        if title is not None
    ]
    called += [
        (condition.value.strip(), ("conditions", place), without_unit(Words(zh=condition.zh, en=condition.en)))
        for place, condition in enumerate(rule.conditions)
    ]
    for language in ("zh", "en"):
        first: dict[str, str] = {}
        for column, location, title in called:
            other = first.setdefault(title.in_(language).casefold(), column)
            if other != column:
                said = title.in_(language)
                yield target.at(
                    "META-13", location, f"{other} 和 {column} 都叫“{said}”", f"{other} and {column} are both called “{said}”"
                )


def _named(target: Target) -> Iterator[Finding]:
    """Titles, words and peers are of columns that there are."""
    hit, known = target.rule.hit, target.candidates
    for key, columns in (("titles", hit.titles), ("says", hit.says), ("peers", peer_columns(hit.peers))):
        for column in columns:
            if known and column not in known:
                yield target.at("META-08", ("hit", key), f"候选没有列 {column}", f"there is no candidate column {column}")
    unread = set(hit.titles) - set(hit.shows) - set(peer_columns(peers_of(target.rule)))
    for column in sorted(unread & set(known)):
        yield target.at(
            "META-14", ("hit", "titles", column), f"{column} 有名称却不展示", f"{column} has a title, but is not shown"
        )


def _written(target: Target) -> Iterator[Finding]:
    """In both languages."""
    rule = target.rule
    said: list[tuple[Location, Words]] = [(("hit", "titles", column), title) for column, title in rule.hit.titles.items()]
    said += [(("hit", "says", column), word) for column, words in rule.hit.says.items() for word in words.values()]
    said += [(("conditions", place), word) for place, one in enumerate(rule.conditions) for word in one.says.values()]
    for location, words in said:
        if wrong := unwritten(words.zh, words.en):
            yield target.at("META-01", location, *wrong)
