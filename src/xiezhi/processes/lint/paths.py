"""PATH: a matter comes into every state and out of it to an end, with somebody in the seat, and every clock does its part."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.processes.exploration import MOST, RUNNING, SUSPENDED, Exploration, TooManySituations
from xiezhi.processes.lint.target import Target
from xiezhi.rules.lint.finding import Finding

WORDS = {
    "begin": ("开始", "begun"),
    "stop": ("停止", "stopped"),
    "suspend": ("中止", "suspended"),
    "resume": ("恢复", "resumed"),
    "extend": ("延长", "extended"),
}


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family; none where the process names states there are not, which is said elsewhere."""
    process = target.process
    try:
        explored = target.exploration
    except TooManySituations:
        yield target.at("PROC-25", ("moves",), f"可能的情形超过 {MOST} 种,查不完:时限的起止应随状态而定",
                        f"it can stand in more than {MOST} ways, too many to look through: let clocks go by states")  # fmt: skip
        return
    if explored is None:
        return
    for state in process.states.keys() - explored.states():
        yield target.at("PROC-20", ("states", state), f"没有动作能到达 {state}", f"no move leads to {state}")
    for state in explored.states() - explored.ending(process):
        yield target.at("PROC-21", ("states", state), f"从 {state} 走不到终态", f"no final state can be reached from {state}")
    yield from _seats(target, explored)
    yield from _clocks(target, explored)


def _seats(target: Target, explored: Exploration) -> Iterator[Finding]:
    states = target.process.states
    for state in {one.state for one in explored.situations if (seat := states[one.state].seat) and seat not in one.seats}:
        yield target.at(
            "PROC-22",
            ("states", state, "seat"),
            f"进入 {state} 时可能还没有{target.process.seats.get(states[state].seat or '', target.process.title).zh}",
            f"a matter can come into {state} before anybody has the seat {states[state].seat}",
        )


def _clocks(target: Target, explored: Exploration) -> Iterator[Finding]:
    for move, what, clock in sorted({(one.move, one.what, one.clock) for one in explored.impossible}):
        zh, en = WORDS[what]
        yield target.at(
            "PROC-23",
            ("moves", move, "clocks"),
            f"做 {move} 时,时限 {clock} 可能不能{zh}",
            f"when {move} is made, the clock {clock} may be in no state to be {en}",
        )
    running = {
        (one.state, clock)
        for one in explored.situations
        for clock, standing in one.clocks
        if target.process.states[one.state].final and standing in (RUNNING, SUSPENDED)
    }
    for state, clock in sorted(running):
        yield target.at(
            "PROC-24",
            ("states", state),
            f"到终态 {state} 时,时限 {clock} 还在走",
            f"the clock {clock} still runs when the matter has ended in {state}",
        )
