"""NORM: every rule says what it rests on, and what it rests on exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiezhi.kernel.words import Words
from xiezhi.rules.law_by_day import versions_table
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten
from xiezhi.rules.lint.target import Target
from xiezhi.rules.loader import Content
from xiezhi.rules.norm import Norm
from xiezhi.rules.reading import tables_read

TAG = re.compile(r"^((L|P|S)\d+|REC|INF)$")
"""Where a default comes from: a law, a page or a source of the bibliography, recalled, or inferred by us."""


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    rule, norms = target.rule, target.content.norms
    if not rule.basis:
        yield target.at("NORM-01", ("basis",), "没有写规范依据", "no norm is named")
    yield from _by_day(target)
    for place, name in enumerate(rule.basis):
        if name not in norms:
            yield target.at("NORM-02", ("basis", place), f"没有规范 {name}", f"there is no norm {name}")
    for name, parameter in rule.parameters.items():
        source = parameter.norm_value
        if source is not None and not any(
            source.name in version.values for version in (norms[source.norm].versions if source.norm in norms else [])
        ):
            yield target.at(
                "NORM-03",
                ("parameters", name),
                f"规范 {source.norm} 没有数值 {source.name}",
                f"the norm {source.norm} states no {source.name}",
            )
        if not TAG.match(parameter.basis):
            yield target.at(
                "NORM-04",
                ("parameters", name, "basis"),
                f"不认识的出处 {parameter.basis}(用 L9、P50、S1、REC 或 INF)",
                f"unknown source {parameter.basis} (use L9, P50, S1, REC or INF)",
            )


CONGRESS, STATE_COUNCIL = re.compile("人民代表大会"), re.compile("^国务院$")


def _issuer(norm: Norm) -> tuple[str, str] | None:
    """What is wrong with who issued a norm, as far as its title tells: laws are the congress's, regulations are not laws.

    Legislation Law, arts 10, 72, 80 and 91: laws (…法) are made by the National People's Congress and its Standing Committee,
    regulations (…条例) by the State Council or, for their place, by local congresses; measures and rules (…办法, …规定) by none
    of the national congress.
    """
    title, issuer = norm.title.zh.partition("（")[0], norm.authority.zh
    if title.endswith("法") and not title.endswith("办法"):
        if not CONGRESS.search(issuer):
            return f"《{title}》是法律,不由{issuer}制定", f"{norm.title.en} is a law; {norm.authority.en} makes none"
    elif title.endswith(("条例", "办法", "规定")) and issuer.startswith("全国人民代表大会"):
        return f"《{title}》不是法律,不由{issuer}制定", f"{norm.title.en} is no law of the National People's Congress"
    if title.endswith("条例") and norm.place == "national" and not STATE_COUNCIL.match(issuer):
        return f"《{title}》是行政法规,应由国务院制定", f"{norm.title.en} is a regulation of the State Council"
    return None


def _by_day(target: Target) -> Iterator[Finding]:
    """A parameter that a norm states is taken by the day of the event, and rows without a version are counted."""
    rule = target.rule
    for name in sorted(set(rule.population.norms) - set(rule.parameters)):
        yield target.at("NORM-06", ("population", "norms", name), f"没有参数 {name}", f"there is no parameter {name}")
    if target.query is None:
        return
    read = tables_read(target.query)
    for name, parameter in rule.parameters.items():
        joined = versions_table(name) in read
        if parameter.norm_value is not None and not joined:
            yield target.at(
                "NORM-05",
                ("parameters", name),
                f"参数 {name} 出自规范,查询却没有按日期取版本(与 {versions_table(name)} 连接)",
                f"{name} is stated by a norm, but the query does not take its version by day (join {versions_table(name)})",
            )
        if joined != (name in rule.population.norms):
            yield target.at(
                "NORM-06",
                ("population", "norms") if name in rule.population.norms else ("population",),
                f"查询读 {versions_table(name)} 与 population.norms 写 {name},应当一致",
                f"the query reads {versions_table(name)} if and only if population.norms names {name}",
            )
    if rule.in_force and rule.population.fact not in read:
        told = rule.population.fact
        yield target.at("NORM-08", ("in_force",), f"查询没有读 {told},施行期限管不到它", f"the query does not read {told}")


def check_norm(name: str, content: Content) -> Iterator[Finding]:
    """A norm and its texts are written in both languages."""
    norm, document = content.norms[name], content.document("norm", name)
    if wrong := _issuer(norm):
        yield Finding("NORM-07", name, *wrong, document.place("authority"))
    if norm.in_place_of is not None and (norm.in_place_of not in content.norms or norm.place == "national"):
        told = f"没有规范 {norm.in_place_of},或没有写 place", f"there is no norm {norm.in_place_of}, or it names no place"
        yield Finding("NORM-02", name, *told, document.place("in_place_of"))
    texts: list[tuple[tuple[str | int, ...], Words]] = [(("title",), norm.title), (("authority",), norm.authority)]
    texts += [(("versions", place, "text"), version.text) for place, version in enumerate(norm.versions)]
    for location, words in texts:
        if wrong := unwritten(words.zh, words.en):
            yield Finding("META-01", name, *wrong, document.place(*location))
