"""Codes of a codelist: any known spelling becomes the code; an unknown one is refused, never guessed."""

from __future__ import annotations

from xiezhi.contracts.cell import among, half_width, literal
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Codes as they stand, else by title or alias, in any width and case, else as this site decided; otherwise `code_unknown`."""
    if field.codelist is None:
        raise ValueError(f"{field.name} has no codelist")
    spellings = {half_width(said): code for said, code in field.codelist.spellings.items()}
    decided = [half_width(written.upper()) for written in field.codelist.decided]
    cases = " ".join(f"WHEN {literal(said)} THEN {literal(code)}" for said, code in spellings.items())
    return Judgement(
        plain=among(raw, tuple(entry.code for entry in field.codelist.codes)),
        plain_value=raw,
        read=lambda text: Reading(
            f"CASE upper({text}) {cases} END",
            "'code_unknown'",
            (f"CASE WHEN {among(f'upper({text})', tuple(decided))} THEN 'code_decided' END",) if decided else (),
        ),
    )
