"""What is looked at: one process, with all that it may name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xiezhi.processes.exploration import Exploration, explore
from xiezhi.processes.loader import ProcessContent
from xiezhi.processes.process import Process
from xiezhi.rules.lint.finding import Finding


@dataclass(frozen=True)
class Registered:
    """What the platform has under a name, that content may ask for by it."""

    permissions: frozenset[str]
    guards: frozenset[str]
    effects: frozenset[str]
    events: frozenset[str]


@dataclass(frozen=True)
class Target:
    """`process` with its file."""

    process: Process
    content: ProcessContent
    registered: Registered

    def at(self, code: str, location: tuple[str | int, ...], zh: str, en: str) -> Finding:
        """A finding at a place of the process's file."""
        return Finding(code, self.process.code, zh, en, self.content.document(self.process).place(*location))

    @cached_property
    def exploration(self) -> Exploration | None:
        """All it can come to; None where a move names a state there is not, or it begins in none."""
        process = self.process
        named = {
            process.initial,
            *(state for move in process.moves.values() for state in (*move.from_, move.to or process.initial)),
        }
        return explore(process) if named <= process.states.keys() else None
