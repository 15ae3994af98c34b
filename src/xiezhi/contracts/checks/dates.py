"""Days: ISO and the forms departments write instead. A form that is understood but names no day is `date_impossible`."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.contracts.moments import ISO_DAY, day_of, read_moment

_ISO_FORM = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_COMPACT = "[0-9]{8}"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """DATE. Year 9999, 长期 and 至今 mean an open end: NULL where the field may be empty."""
    return Judgement(
        plain=matches(raw, ISO_DAY),
        plain_value=f"TRY_CAST({raw} AS DATE)",
        read=lambda text: read_moment(text, day_of, required=field.required, compact=_COMPACT, iso_form=_ISO_FORM),
    )
