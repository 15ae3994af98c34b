"""Lint: everything about content that can be found out without running it on data. One family of checks a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from xiezhi.kernel.clock import today
from xiezhi.kernel.errors import ContentError, Place
from xiezhi.rules.case_file import Case, load_cases
from xiezhi.rules.lint import cases, coverage, domains, facts, metadata, norms, sql, titles, words
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.target import Target
from xiezhi.rules.loader import Content
from xiezhi.rules.reading import Schema
from xiezhi.rules.rule import Rule

__all__ = ["Finding", "lint_domain", "lint_fact", "lint_norm", "lint_rule"]

FAMILIES = (metadata.check, titles.check, sql.check, coverage.check, cases.check, norms.check, words.check)


UNEXCUSED = "SEC-"
"""What reaches beyond the data: nobody gives leave for it."""


def lint_rule(rule: Rule, content: Content) -> list[Finding]:
    """Everything wrong with one rule, in the order of its files and lines, without what it has leave for."""
    read, unread = _cases(rule, content)
    target = Target(rule, content, read)
    families = [check for check in FAMILIES if not (unread and check is cases.check)]
    found = [*unread, *(finding for check in families for finding in check(target)), *target.problems]
    left = [*_without_allowed(rule, found), *_allowances(target, found)]
    return sorted(dict.fromkeys(left), key=lambda finding: (finding.place.file or "", finding.place.row or 0, finding.code))


def lint_fact(name: str, content: Content, tables: Schema | None = None) -> list[Finding]:
    """Everything wrong with one fact. `tables`: delivered table → column → type, where the contracts are at hand."""
    return list(facts.check(content.facts[name], content, tables or {}))


def lint_norm(name: str, content: Content) -> list[Finding]:
    """Everything wrong with one norm."""
    return list(norms.check_norm(name, content))


def lint_domain(code: str, content: Content, departments: Collection[str]) -> list[Finding]:
    """Everything wrong with one line of work. `departments`: the codes of the codelist of that name."""
    return list(domains.check_domain(code, content, departments))


def _cases(rule: Rule, content: Content) -> tuple[list[Case], list[Finding]]:
    try:
        return load_cases(content.folder(rule.code)), []
    except ContentError as error:
        return [], [Finding("CASE-05", rule.code, error.zh, error.en, error.place or Place())]


def _without_allowed(rule: Rule, found: Iterable[Finding]) -> Iterator[Finding]:
    in_force = {item.code for item in rule.lint_allow if item.until >= today() and not item.code.startswith(UNEXCUSED)}
    return (finding for finding in found if finding.code not in in_force)


def _allowances(target: Target, found: list[Finding]) -> Iterator[Finding]:
    """A leave that has run out, that nothing needs, or that nobody can give, is a finding itself."""
    for place, item in enumerate(target.rule.lint_allow):
        if item.code.startswith(UNEXCUSED):
            yield target.at(
                "ALLOW-03", ("lint_allow", place), f"对 {item.code} 没有许可可言", f"there is no leave for {item.code}"
            )
        elif item.until < today():
            yield target.at(
                "ALLOW-01",
                ("lint_allow", place),
                f"对 {item.code} 的许可已于 {item.until} 到期",
                f"the leave for {item.code} ended on {item.until}",
            )
        elif item.code not in {finding.code for finding in found}:
            yield target.at(
                "ALLOW-02", ("lint_allow", place), f"没有 {item.code} 需要许可", f"nothing here needs leave for {item.code}"
            )
