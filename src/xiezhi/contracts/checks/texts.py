"""Free text: trimmed; code-like text (no Chinese characters) also half-width, so that ＰＡＹ１ joins with PAY1."""

from __future__ import annotations

from xiezhi.contracts.cell import CODE_LIKE, EMPTY_SPELLINGS, ODD, literal
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field

_NOT_PLAIN = f"(?i){ODD}|^(?:{CODE_LIKE}|{'|'.join(EMPTY_SPELLINGS)})$"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Sound up to `maxLength` characters, else `text_too_long`."""
    short = f"length({raw}) <= {field.max_length}"
    return Judgement(
        plain=f"{short} AND NOT regexp_matches({raw}, {literal(_NOT_PLAIN)})",
        plain_value=raw,
        read=lambda text: Reading(f"CASE WHEN length({text}) <= {field.max_length} THEN {text} END", "'text_too_long'"),
    )
