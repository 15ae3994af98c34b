"""Names of organisations that are kept in clear: whether a text can be one, by the measure of names but for what persons are.

Shops may be called 85度C, 女儿红酒业 or 某某人家.
"""

from __future__ import annotations

import re

from xiezhi.identity.cleaning import half_width, half_width_sql, spaced_out, spaced_out_sql, trimmed, trimmed_sql
from xiezhi.identity.expressions import contains_match, let
from xiezhi.identity.name import LINE_END, UNREADABLE
from xiezhi.identity.no_name import no_organisation, no_organisation_sql
from xiezhi.identity.nothing import PLACEHOLDER, nothing_sql, says_nothing
from xiezhi.kernel.identity_kind import IdentityKind


def organisation_fault(text: str) -> str | None:
    """The grade of a delivered text that is no name of one organisation; None for one."""
    ends = trimmed(text)
    single = half_width(spaced_out(re.sub(LINE_END, "/", ends)))
    if re.search(UNREADABLE, ends):
        return "name_unreadable"
    return PLACEHOLDER if says_nothing(IdentityKind.NAME, single.upper()) else no_organisation(single)


def organisation_fault_sql(raw: str) -> str:
    """The same over an expression."""
    ends = trimmed_sql(raw)
    single = half_width_sql(spaced_out_sql(f"regexp_replace({ends}, '{LINE_END}', '/', 'g')"))
    nothing = nothing_sql(IdentityKind.NAME, "upper(single)")
    verdict = let("single", single, f"CASE WHEN {nothing} THEN '{PLACEHOLDER}' ELSE {no_organisation_sql('single')} END")
    return f"CASE WHEN {contains_match(ends, UNREADABLE)} THEN 'name_unreadable' ELSE {verdict} END"
