"""Every situation a matter can come into by its process's moves: state, seats taken, clocks as they stand.

A process has some dozen states and a handful of clocks, so all of them are simply visited. What lint says of a process, and
what a test holds against it, is read off here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from xiezhi.processes.process import Move, Process

MOST = 5_000
"""Situations: the alert's process has some forty."""

RUNNING, SUSPENDED, STOPPED = "running", "suspended", "stopped"

ALLOWED: dict[str, tuple[frozenset[str | None], str]] = {
    "begin": (frozenset({None, STOPPED}), RUNNING),
    "stop": (frozenset({RUNNING, SUSPENDED}), STOPPED),
    "suspend": (frozenset({RUNNING}), SUSPENDED),
    "resume": (frozenset({SUSPENDED}), RUNNING),
    "extend": (frozenset({RUNNING}), RUNNING),
}
"""What is done to a clock → from which standing it can be done (None: it never began), and how it stands afterwards."""


@dataclass(frozen=True)
class Situation:
    """`seats`: those taken. `clocks`: (code, standing) of those that have begun, by code."""

    state: str
    seats: frozenset[str]
    clocks: tuple[tuple[str, str], ...]

    def standing(self, clock: str) -> str | None:
        """How a clock stands; None where it never began."""
        return dict(self.clocks).get(clock)


@dataclass(frozen=True)
class Impossible:
    """A move that cannot be made in a situation it is offered in: what it would do to a clock cannot happen to it there."""

    situation: Situation
    move: str
    what: str
    clock: str


@dataclass(frozen=True)
class Exploration:
    """All situations, with the moves that lead from one to another, and the moves that cannot be made."""

    situations: frozenset[Situation]
    steps: frozenset[tuple[Situation, str, Situation]]
    impossible: frozenset[Impossible]

    def states(self) -> set[str]:
        """The states that a matter can come into."""
        return {situation.state for situation in self.situations}

    def ending(self, process: Process) -> set[str]:
        """The states from each of whose situations a final one can be reached."""
        before: dict[Situation, list[Situation]] = {}
        for earlier, _, later in self.steps:
            before.setdefault(later, []).append(earlier)
        reached = {one for one in self.situations if process.states[one.state].final}
        waiting = deque(reached)
        while waiting:
            for earlier in before.get(waiting.popleft(), ()):
                if earlier not in reached:
                    reached.add(earlier)
                    waiting.append(earlier)
        lost = {one.state for one in self.situations - reached}
        return self.states() - lost


class TooManySituations(Exception):
    """A process that could stand in more ways than anybody could look through: its clocks do not depend on its states."""


def explore(process: Process) -> Exploration:
    """Every situation that moves lead to from the beginning. Of a process whose moves name only states there are.

    Raises TooManySituations above MOST.
    """
    first = Situation(
        process.initial, frozenset(process.begins_with), tuple((clock, RUNNING) for clock in sorted(process.begins))
    )
    seen, steps, impossible = {first}, set[tuple[Situation, str, Situation]](), set[Impossible]()
    waiting = deque([first])
    while waiting:
        here = waiting.popleft()
        for code, move in process.moves_from(here.state).items():
            faults = set(_faults(here, code, move))
            impossible |= faults
            if faults:
                continue
            there = _after(here, move)
            steps.add((here, code, there))
            if there not in seen:
                if len(seen) == MOST:
                    raise TooManySituations
                seen.add(there)
                waiting.append(there)
    return Exploration(frozenset(seen), frozenset(steps), frozenset(impossible))


def _faults(here: Situation, code: str, move: Move) -> Iterator[Impossible]:
    standing = dict(here.clocks)
    for what, clock in move.clocks.each():
        before, after = ALLOWED[what]
        if standing.get(clock) not in before:
            yield Impossible(here, code, what, clock)
        standing[clock] = after


def _after(here: Situation, move: Move) -> Situation:
    clocks = dict(here.clocks)
    for what, clock in move.clocks.each():
        clocks[clock] = ALLOWED[what][1]
    return Situation(move.target(here.state), here.seats - set(move.vacates) | set(move.seats), tuple(sorted(clocks.items())))
