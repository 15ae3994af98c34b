"""The table of states: whatever is asked for, only what it allows happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xiezhi.web.jobs.states import FINAL, LIVE, NEXT, JobState, before, may

STATES = st.sampled_from(list(JobState))


@given(STATES, STATES)
def test_may_and_before_are_the_table_read_both_ways(one: JobState, other: JobState) -> None:
    assert may(one, other) == (other in NEXT[one]) == (one in before(other))


@given(st.lists(STATES, max_size=20))
def test_what_is_over_stays_over(asked: list[JobState]) -> None:
    state, over = JobState.WAITING, False
    for wanted in asked:
        if may(state, wanted):
            assert not over
            state = wanted
        over = state in FINAL
    assert (state in LIVE) != (state in FINAL)


def test_every_state_is_reached_and_every_live_one_can_end() -> None:
    reached, new = {JobState.WAITING}, {JobState.WAITING}
    while new:
        new = {after for state in new for after in NEXT[state]} - reached
        reached |= new
    assert reached == set(JobState)
    assert all(NEXT[state] & FINAL for state in LIVE)
    assert not may(JobState.WAITING, JobState.DONE), "nothing is done that nobody took"
