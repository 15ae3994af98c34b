"""What a family of checks says of a cell, as SQL: the frame that every family fills in and `judge.py` puts together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """How a cleaned, non-empty text is read.

    `value` is NULL where the text is malformed; `fault` is then the reason word, or NULL where NULL is the right value;
    `repairs` are expressions, each a word or NULL.
    """

    value: str
    fault: str
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """`plain` is true only of cells that are sound as they stand, `plain_value` their value; `read` takes any cleaned text."""

    plain: str
    plain_value: str
    read: Callable[[str], Reading]
