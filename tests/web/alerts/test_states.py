"""The table of moves: every state and every move, as one reads it."""

from __future__ import annotations

import pytest

from xiezhi.web.alerts.states import MOVES, AlertState, Conflict, moved

ALLOWED = {
    ("open", "dismiss"): "dismissed",
    ("snoozed", "dismiss"): "dismissed",
    ("open", "snooze"): "snoozed",
    ("snoozed", "wake"): "open",
    ("open", "merge"): "merged",
    ("snoozed", "merge"): "merged",
    ("dismissed", "reopen"): "open",
    ("merged", "reopen"): "open",
}


@pytest.mark.parametrize("state", AlertState.values)
@pytest.mark.parametrize("move", MOVES)
def test_every_state_and_every_move(state: str, move: str) -> None:
    if (state, move) in ALLOWED:
        assert moved(state, move) == ALLOWED[state, move]
    else:
        with pytest.raises(Conflict):
            moved(state, move)
