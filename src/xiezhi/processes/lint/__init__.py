"""Lint of processes: everything about them that can be found out before a matter runs. One family of checks a file."""

from __future__ import annotations

from collections.abc import Collection

from xiezhi.processes.lint import names, paths, words
from xiezhi.processes.lint.target import Registered, Target
from xiezhi.processes.loader import ProcessContent
from xiezhi.rules.lint.finding import Finding

__all__ = ["Finding", "Registered", "lint_processes"]

FAMILIES = (words.check, names.check, paths.check)


def lint_processes(content: ProcessContent, registered: Registered, norms: Collection[str]) -> list[Finding]:
    """Everything wrong with every process, chain and deadline, by file and line. `norms`: those that deadlines may rest on."""
    found: list[Finding] = []
    for process in content.processes.values():
        target = Target(process, content, registered)
        for family in FAMILIES:
            found += family(target)
    found += names.check_chains(content, registered)
    found += names.check_deadlines(content, norms)
    found += words.check_shared(content)
    return sorted(dict.fromkeys(found), key=lambda one: (one.place.file or "", one.place.row or 0, one.code))
