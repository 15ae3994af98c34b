"""NORM: every rule says what it rests on, and what it rests on exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiezhi.kernel.words import Words
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten
from xiezhi.rules.lint.target import Target
from xiezhi.rules.loader import Content

TAG = re.compile(r"^((L|P|S)\d+|REC|INF)$")
"""Where a default comes from: a law, a page or a source of the bibliography, recalled, or inferred by us."""


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    rule, norms = target.rule, target.content.norms
    if not rule.basis:
        yield target.at("NORM-01", ("basis",), "没有写规范依据", "no norm is named")
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


def check_norm(name: str, content: Content) -> Iterator[Finding]:
    """A norm and its texts are written in both languages."""
    norm, document = content.norms[name], content.document("norm", name)
    texts: list[tuple[tuple[str | int, ...], Words]] = [(("title",), norm.title), (("authority",), norm.authority)]
    texts += [(("versions", place, "text"), version.text) for place, version in enumerate(norm.versions)]
    for location, words in texts:
        if wrong := unwritten(words.zh, words.en):
            yield Finding("META-01", name, *wrong, document.place(*location))
