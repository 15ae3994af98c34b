"""Codes of a codelist: any known spelling becomes the code; an unknown one is refused, never guessed."""

from __future__ import annotations

import re

from xiezhi.contracts.cell import among, decimal_suffix, half_width, literal, whole
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

_BETWEEN = "([一-鿿])[ \u3000\t]+([一-鿿])"
"""Blanks that pad Chinese characters: 补 发. Those between words of English are part of a title."""


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Codes as they stand, else by title or alias, in any width and case and padded with blanks, else as this site decided.

    Otherwise `code_unknown`.

    A numeric code that became a decimal (`2.0`) is the code.
    """
    if field.codelist is None:
        raise ValueError(f"{field.name} has no codelist")
    spellings = {half_width(said): code for said, code in field.codelist.spellings.items()}
    spellings |= _padded(spellings)
    decided = [_closed(half_width(written.upper())) for written in field.codelist.decided]
    cases = " ".join(f"WHEN {literal(said)} THEN {literal(code)}" for said, code in spellings.items())
    return Judgement(
        plain=among(raw, tuple(entry.code for entry in field.codelist.codes)),
        plain_value=raw,
        read=lambda text: _read(text, cases, tuple(decided)),
    )


def _read(text: str, cases: str, decided: tuple[str, ...]) -> Reading:
    closed = _closed_sql(text)
    said = f"upper({whole(closed, '[0-9]+')})"
    padded = f"CASE WHEN {closed} <> {text} THEN 'code_spacing' END"
    by_decision = f"CASE WHEN {among(said, decided)} THEN 'code_decided' END" if decided else "NULL"
    return Reading(f"CASE {said} {cases} END", "'code_unknown'", (decimal_suffix(text, "[0-9]+"), padded, by_decision))


def _padded(spellings: dict[str, str]) -> dict[str, str]:
    """Spellings that have blanks themselves, without them, where only one code is meant and no other is spelled so."""
    closed: dict[str, set[str]] = {}
    for said, code in spellings.items():
        closed.setdefault(_closed(said), set()).add(code)
    return {said: min(codes) for said, codes in closed.items() if len(codes) == 1}


def _closed(said: str) -> str:
    """Twice, since matches may not overlap: 补 发 金."""
    return re.sub(_BETWEEN, r"\1\2", re.sub(_BETWEEN, r"\1\2", said))


def _closed_sql(text: str) -> str:
    for _ in range(2):
        text = f"regexp_replace({text}, {literal(_BETWEEN)}, '\\1\\2', 'g')"
    return text
