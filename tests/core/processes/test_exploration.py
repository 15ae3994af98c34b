"""What exploration says of a process holds for whoever wanders through it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.processes.shipped import CONTENT
from xiezhi.processes.exploration import RUNNING, SUSPENDED, explore
from xiezhi.processes.process import Process

PROCESSES = list(CONTENT.processes.values())


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.code)
def test_every_state_is_reached_and_left_for_an_end(process: Process) -> None:
    explored = explore(process)
    assert explored.states() == set(process.states) == explored.ending(process)
    assert not explored.impossible


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.code)
@settings(max_examples=100)
@given(data=st.data())
def test_a_walk_meets_no_situation_that_was_not_explored(process: Process, data: st.DataObject) -> None:
    """State, seats and clocks kept by hand along a random walk are among the situations, and ends leave no clock running."""
    known = {(one.state, one.seats, one.clocks) for one in explore(process).situations}
    state, seats, clocks = process.initial, set(process.begins_with), dict.fromkeys(process.begins, "running")
    for _ in range(data.draw(st.integers(0, 25))):
        moves = process.moves_from(state)
        if not moves:
            break
        move = moves[data.draw(st.sampled_from(sorted(moves)))]
        state, seats = move.to or state, seats - set(move.vacates) | set(move.seats)
        for clock in move.clocks.stop:
            clocks[clock] = "stopped"
        clocks |= dict.fromkeys(move.clocks.suspend, "suspended")
        clocks |= dict.fromkeys((*move.clocks.resume, *move.clocks.begin), "running")
        assert (state, frozenset(seats), tuple(sorted(clocks.items()))) in known
        if process.states[state].final:
            assert not {RUNNING, SUSPENDED} & set(clocks.values())
