"""META: the words and names of rule.yaml: both languages, unique ids, and columns that exist where they are named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from xiezhi.kernel.words import Words
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten
from xiezhi.rules.lint.target import Target
from xiezhi.rules.rule import Party, WordLists

SENTENCE_FIELD = re.compile(r"\{(\w*)(?::(\w+))?\}")
STYLES = (None, "money", "percent", "month")
"""How a sentence may show a value: as it is, fen as yuan, a fraction as per cent, a date as a month."""

IDENTITY_OF = {"person": "citizen_id", "company": "credit_code", "party": "party_id"}
"""Subject kinds whose values are numbers of the vault, and the number space they must come from."""


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    yield from _words(target)
    yield from _names(target)
    yield from _levels(target)
    yield from _hit_columns(target)
    yield from _sentence(target)
    for key, party in (("subject", target.rule.hit.subject), ("counterpart", target.rule.hit.counterpart)):
        if party is not None:
            yield from _identity(target, key, party)


def _words(target: Target) -> Iterator[Finding]:
    for location, words in _all_words(target):
        pairs = zip(words.zh, words.en, strict=False) if isinstance(words, WordLists) else [(words.zh, words.en)]
        if isinstance(words, WordLists) and (not words.zh or len(words.zh) != len(words.en)):
            yield target.at(
                "META-02", location, "中英文条数不同或为空", "the two languages differ in number of points, or have none"
            )
        for zh, en in pairs:
            if wrong := unwritten(zh, en):
                yield target.at("META-01", location, *wrong)


def _all_words(target: Target) -> Iterator[tuple[tuple[str | int, ...], Words | WordLists]]:
    rule = target.rule
    for key in ("title", "summary", "why_suspicious", "verify", "false_positives", "owner"):
        yield (key,), getattr(rule, key)
    yield ("hit", "sentence"), rule.hit.sentence
    for name, parameter in rule.parameters.items():
        yield ("parameters", name), Words(zh=parameter.zh, en=parameter.en)
    for place, condition in enumerate(rule.conditions):
        yield ("conditions", place), Words(zh=condition.zh, en=condition.en)
    for place, variant in enumerate(rule.variants):
        yield ("variants", place), variant.title
    for place, words in enumerate(rule.quiet_when):
        yield ("quiet_when", place), words


def _names(target: Target) -> Iterator[Finding]:
    rule = target.rule
    for other in target.content.rules.values():
        if other.id == rule.id and other.code != rule.code:
            yield target.at("META-03", ("id",), f"{other.code} 用了同一个 id", f"{other.code} has the same id")
    for key, used in (
        ("conditions", [item.name for item in rule.conditions]),
        ("variants", [item.code for item in rule.variants]),
    ):
        for name, times in Counter(used).items():
            if times > 1:
                yield target.at("META-04", (key,), f"{name} 用了 {times} 次", f"{name} is used {times} times")
    for place, code in enumerate(rule.exclusions):
        if code not in target.content.exclusions:
            yield target.at("META-05", ("exclusions", place), f"没有排除情形 {code}", f"there is no exclusion {code}")
    if rule.domain not in target.content.domains:
        yield target.at(
            "META-13",
            ("domain",),
            f"没有业务条线 {rule.domain}:在 domains.yaml 中写明它的名称和负责部门",
            f"there is no domain {rule.domain}: say in domains.yaml what it is called and which departments answer for it",
        )


def _levels(target: Target) -> Iterator[Finding]:
    rule = target.rule
    if rule.level not in {item.level for item in rule.variants}:
        yield target.at("META-06", ("level",), f"没有规则是 {rule.level} 级", f"no variant has the level {rule.level}")
    if rule.variants[-1].when.strip().lower() != "true":
        yield target.at(
            "META-07",
            ("variants", len(rule.variants) - 1, "when"),
            "最后一条规则应为 true,否则有命中落空",
            "the last variant must be `true`, or some hits fall through",
        )


def _hit_columns(target: Target) -> Iterator[Finding]:
    hit, known = target.rule.hit, target.candidates
    named: list[tuple[str, list[str | None]]] = [
        ("subject", [hit.subject.column]),
        ("counterpart", [hit.counterpart.column if hit.counterpart else None]),
        ("key", list(hit.key)),
        ("unit", [hit.unit]),
        ("region", [hit.region]),
        ("period", list(hit.period or [])),
        ("amount", [hit.amount]),
        ("shows", list(hit.shows)),
    ]
    for key, columns in named:
        for column in columns:
            if known and column is not None and column not in known:
                yield target.at("META-08", ("hit", key), f"候选没有列 {column}", f"there is no candidate column {column}")
    yield from _kinds(target)


def _kinds(target: Target) -> Iterator[Finding]:
    hit, known = target.rule.hit, target.candidates
    for column in hit.period or []:
        if known.get(column, "DATE") not in ("DATE", "UNKNOWN"):
            yield target.at("META-09", ("hit", "period"), f"{column} 应是日期", f"{column} must be a date")
    if hit.amount and known.get(hit.amount, "BIGINT") not in ("BIGINT", "INT", "INTEGER", "INT128", "HUGEINT", "UNKNOWN"):
        yield target.at("META-09", ("hit", "amount"), f"{hit.amount} 应是整数(分)", f"{hit.amount} must be a whole number of fen")


def _sentence(target: Target) -> Iterator[Finding]:
    for words in (target.rule.hit.sentence.zh, target.rule.hit.sentence.en):
        for column, style in SENTENCE_FIELD.findall(words):
            if target.candidates and column not in target.candidates:
                yield target.at("META-08", ("hit", "sentence"), f"候选没有列 {column}", f"there is no candidate column {column}")
            if (style or None) not in STYLES:
                yield target.at("META-10", ("hit", "sentence"), f"不认识的写法 :{style}", f"unknown style :{style}")


def _identity(target: Target, key: str, party: Party) -> Iterator[Finding]:
    """A person, company or party must come from the vault's space of that kind."""
    wanted = IDENTITY_OF.get(party.kind)
    facts = [target.content.facts[name] for name in target.rule.reads if name in target.content.facts]
    declared = [fact.columns[party.column].identity for fact in facts if party.column in fact.columns]
    found = party.identity or next((kind for kind in declared if kind), None)
    if found != wanted and (wanted or (key == "subject" and found)):
        yield target.at(
            "META-11",
            ("hit", key),
            f"{party.kind} 的列 {party.column} 应是身份类 {wanted},却是 {found}",
            f"{party.kind}: column {party.column} should have the identity kind {wanted}, it has {found}",
        )
