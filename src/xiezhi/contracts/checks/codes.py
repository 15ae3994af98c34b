"""Codes of a codelist: any known spelling becomes the code; an unknown one is refused, never guessed."""

from __future__ import annotations

from xiezhi.contracts.cell import among, decimal_suffix, half_width, literal, whole
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Codes as they stand, else by title or alias, in any width and case, else as this site decided; otherwise `code_unknown`.

    A numeric code that became a decimal (`2.0`) is the code.
    """
    if field.codelist is None:
        raise ValueError(f"{field.name} has no codelist")
    spellings = {half_width(said): code for said, code in field.codelist.spellings.items()}
    decided = [half_width(written.upper()) for written in field.codelist.decided]
    cases = " ".join(f"WHEN {literal(said)} THEN {literal(code)}" for said, code in spellings.items())
    return Judgement(
        plain=among(raw, tuple(entry.code for entry in field.codelist.codes)),
        plain_value=raw,
        read=lambda text: _read(text, cases, tuple(decided)),
    )


def _read(text: str, cases: str, decided: tuple[str, ...]) -> Reading:
    said = f"upper({whole(text, '[0-9]+')})"
    by_decision = f"CASE WHEN {among(said, decided)} THEN 'code_decided' END" if decided else "NULL"
    return Reading(f"CASE {said} {cases} END", "'code_unknown'", (decimal_suffix(text, "[0-9]+"), by_decision))
