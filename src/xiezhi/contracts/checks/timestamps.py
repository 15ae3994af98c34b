"""Moments → UTC. A time without a zone is the site's, see `moments`."""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.judgement import Judgement
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.contracts.moments import ISO_DAY, SITE_ZONE, ZONE, moment_of, read_moment

_PLAIN = f"{ISO_DAY}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_ISO_FORM = f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.][0-9]+)?)?{ZONE}?"
_COMPACT = "[0-9]{8}|[0-9]{14}"
_TO_UTC = f"- INTERVAL {SITE_ZONE} MINUTE"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """TIMESTAMP in UTC, whole seconds. A day without a time is its midnight; Excel serials keep their fraction."""
    return Judgement(
        plain=matches(raw, _PLAIN),
        plain_value=f"TRY_CAST({raw} AS TIMESTAMP) {_TO_UTC}",
        read=lambda text: read_moment(text, moment_of, required=field.required, compact=_COMPACT, iso_form=_ISO_FORM),
    )
