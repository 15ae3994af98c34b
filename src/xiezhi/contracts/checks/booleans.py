"""Yes and no, in the words departments use for them."""

from __future__ import annotations

from functools import partial

from xiezhi.contracts.cell import among, decimal_suffix, whole
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

YES = ("是", "有", "对", "真", "√", "✓", "✔", "☑", "TRUE", "T", "YES", "Y", "1")
NO = ("否", "不是", "没有", "错", "假", "×", "✗", "✘", "☒", "FALSE", "F", "NO", "N", "0")
"""Compared cleaned and in upper case."""

_ASKS = "是否"
_DENIALS = ("未", "没", "没有", "不", "非", "无")


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """BOOLEAN; anything else is `boolean_malformed`. A field that asks 是否中标 may be answered 中标 and 未中标."""
    asked = tuple(said.removeprefix(_ASKS).upper() for said in field.spellings if said.startswith(_ASKS) and said != _ASKS)
    denied = tuple(f"{denial}{one}" for one in asked for denial in _DENIALS)
    return Judgement(
        plain=among(raw, ("是", "否", "1", "0", "true", "false")),
        plain_value=among(raw, ("是", "1", "true")),
        read=partial(_read, yes=(*YES, *asked), no=(*NO, *denied)),
    )


def _read(text: str, yes: tuple[str, ...], no: tuple[str, ...]) -> Reading:
    said = f"upper({whole(text, '[01]')})"
    return Reading(
        value=f"CASE WHEN {among(said, yes)} THEN true WHEN {among(said, no)} THEN false END",
        fault="'boolean_malformed'",
        repairs=(decimal_suffix(text, "[01]"),),
    )
