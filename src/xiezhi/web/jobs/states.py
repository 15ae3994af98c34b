"""The states of a job and which may follow which: the one table that the actions, the tests and the pictures read."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    WAITING = "waiting"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


NEXT: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.DOING, JobState.FAILED, JobState.CANCELLED}),
    JobState.DOING: frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.WAITING}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}
"""Doing goes back to waiting where its worker died, or where the same call may succeed later."""

LIVE = frozenset(state for state, after in NEXT.items() if after)
FINAL = frozenset(JobState) - LIVE


def may(before: JobState | str, after: JobState | str) -> bool:
    """Whether a job in the one state may come into the other."""
    return JobState(after) in NEXT[JobState(before)]


def before(after: JobState) -> tuple[JobState, ...]:
    """The states from which `after` may be reached: what an UPDATE asks of the row it changes."""
    return tuple(state for state in JobState if after in NEXT[state])
