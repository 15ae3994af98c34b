"""DOC: a person could work from the page that is made of this rule. What `rules new` left to fill in is filled in."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.kernel.errors import Place
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.target import Target

TO_FILL_IN = ("【填写】", "[fill in]")
"""What the scaffold writes where only a person knows the words."""

LEAST = {"summary": 12, "why_suspicious": 12}
"""Fewest Chinese characters that say anything at all."""


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    for path in (target.document.path, *(case.document.path for case in target.cases)):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if any(mark in line for mark in TO_FILL_IN):
                place = Place(file=str(path), row=number)
                yield Finding("DOC-01", target.rule.code, "还没有填写", "this is still to be filled in", place)
    for key, least in LEAST.items():
        if len(getattr(target.rule, key).zh) < least:
            yield target.at("DOC-02", (key,), f"太短,至少 {least} 个字", "too short to tell anybody anything")
    if not target.rule.false_positives.zh or not target.rule.verify.zh:
        yield target.at("DOC-03", ("verify",), "要写如何核实和常见误报", "how to verify and typical false positives must be told")
