"""Every reason that coverage may give has a word on screen."""

from __future__ import annotations

from xiezhi.rules.outcomes import REASONS
from xiezhi.web.supervision import states


def test_every_reason_has_a_word() -> None:
    assert states.REASONS.keys() == REASONS.keys()
