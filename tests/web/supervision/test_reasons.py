"""Every reason that coverage may give is told on screen."""

from __future__ import annotations

from xiezhi.rules import coverage_reasons
from xiezhi.web.supervision import states
from xiezhi.web.supervision.presenters.coverage import counted


def test_every_reason_is_said_in_the_cores_words() -> None:
    told = counted(dict.fromkeys(coverage_reasons.REASONS, 1))["reasons"]
    assert {reason["why"] for reason in told} == {words.zh for words in coverage_reasons.REASONS.values()}


def test_what_is_outside_is_told_beside_whom_a_model_concerns() -> None:
    """967 rows that it does not look at are no part of a percentage, and no reason for it."""
    told = counted({states.EVALUATED: 3, "value_missing": 1, coverage_reasons.OUTSIDE: 967})
    assert (told["population"], told["evaluated"], told["share"], told["outside"]) == (4, 3, 75.0, 967)
    assert [reason["rows"] for reason in told["reasons"]] == [1]
    assert counted({coverage_reasons.OUTSIDE: 967})["share"] is None
