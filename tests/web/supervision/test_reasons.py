"""Every reason for which coverage leaves a row out has a word on the screen."""

from __future__ import annotations

from xiezhi.rules import outcomes
from xiezhi.web.supervision import states


def test_reasons_on_screen_are_those_of_coverage() -> None:
    assert list(states.REASONS) == list(outcomes.REASONS)
