"""Yes and no, in the words departments use for them."""

from __future__ import annotations

from xiezhi.contracts.cell import among, decimal_suffix, whole
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

YES = ("是", "有", "对", "真", "√", "TRUE", "T", "YES", "Y", "1")
NO = ("否", "不是", "没有", "错", "假", "×", "FALSE", "F", "NO", "N", "0")
"""Compared cleaned and in upper case."""


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """BOOLEAN; anything else is `boolean_malformed`."""
    return Judgement(
        plain=among(raw, ("是", "否", "1", "0", "true", "false")),
        plain_value=among(raw, ("是", "1", "true")),
        read=_read,
    )


def _read(text: str) -> Reading:
    said = f"upper({whole(text, '[01]')})"
    return Reading(
        value=f"CASE WHEN {among(said, YES)} THEN true WHEN {among(said, NO)} THEN false END",
        fault="'boolean_malformed'",
        repairs=(decimal_suffix(text, "[01]"),),
    )
