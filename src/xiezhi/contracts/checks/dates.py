"""Days: ISO and the forms departments write instead. A form that is understood but names no day is `date_impossible`."""

from __future__ import annotations

from collections.abc import Callable

from xiezhi.contracts.cell import decimal_suffix, matches, whole
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.contracts.moments import ISO_DAY, day_fault, day_of, is_serial

_ISO_FORM = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_COMPACT = "[0-9]{8}"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """DATE. Year 9999, 长期 and 至今 mean an open end: NULL where the field may be empty."""
    return Judgement(
        plain=matches(raw, ISO_DAY),
        plain_value=f"TRY_CAST({raw} AS DATE)",
        read=lambda text: read_moment(field, text, day_of, compact=_COMPACT, iso_form=_ISO_FORM),
    )


def read_moment(field: Field, text: str, value_of: Callable[[str], str], *, compact: str, iso_form: str) -> Reading:
    """A day, or a moment of one. `compact`: forms of digits alone, which tools keep as decimals (`20240115.0`)."""
    said = whole(text, compact)
    return Reading(
        value=value_of(said),
        fault=day_fault(said, required=field.required),
        repairs=(
            decimal_suffix(text, compact),
            f"CASE WHEN {is_serial(text)} THEN 'date_serial' WHEN NOT {matches(text, iso_form)} THEN 'date_format' END",
        ),
    )
