"""What grading an identity value gives: the value to number, its grade, the repairs."""

from __future__ import annotations

from typing import NamedTuple


class Graded(NamedTuple):
    """What became of one delivered value; the words are those of `expressions.GradingSql`."""

    value: str | None
    grade: str | None
    repairs: str | None
