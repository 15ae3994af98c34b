"""Codes of organisations: the unified social credit code (GB 32100-2015) and the two older codes that it replaced."""

from __future__ import annotations

import re

from xiezhi.identity.cleaning import bare, bare_sql, half_width, half_width_sql
from xiezhi.identity.expressions import (
    EMPTY,
    GradingSql,
    accept,
    cases,
    graded,
    let_all,
    matches,
    refuse,
    repair_words,
    untouched,
)
from xiezhi.identity.graded import Graded

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a credit code; I, O, S, V and Z are left out (GB 32100, 5.1)."""

WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
"""3^(i-1) mod 31 for the i-th character (GB 32100, annex A)."""

SHAPE = f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}"
"""Registering office, kind of organisation, region, organisation code, check character."""

LEGACY_SHAPE = "[0-9A-Z]{8}-?[0-9X]|[0-9]{13}|[0-9]{15}"
"""Organisation codes of 9 characters (GB 11714-1997) and registration numbers of 15 digits (13 before 2007)."""


def check_character(body: str) -> str:
    """The 18th character for the first 17 of a credit code."""
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def normal_credit_code(text: str | None) -> Graded:
    """Grade and normalise one delivered code. The two older codes are recognised, and refused: they join with nothing."""
    bared = bare(text or "")
    if not bared:
        return Graded(None, None, None)
    halved = half_width(bared)
    raised = halved.upper()
    if reason := _refusal(raised):
        return Graded(None, reason, None)
    steps = {"trimmed": bared != text, "half_width": halved != bared, "upper_x": raised != halved}
    repairs = ";".join(word for word, done in steps.items() if done) or None
    return Graded(raised, "repaired" if repairs else "sound", repairs)


def grading(raw: str) -> GradingSql:
    """Value, grade and repairs of a column of delivered codes. Sound ones, nearly all, are recognised without cleaning."""
    sound = _sound_at_once(raw)
    return graded(cases((f"{raw} IS NULL", EMPTY), (sound, untouched(raw)), otherwise=_spoilt(raw)), sound)


def _refusal(raised: str) -> str | None:
    if re.fullmatch(LEGACY_SHAPE, raised):
        return "code_legacy"
    if not re.fullmatch(SHAPE, raised):
        return "code_malformed"
    return None if check_character(raised[:17]) == raised[17] else "code_check_digit"


def _spoilt(raw: str) -> str:
    repairs = repair_words((f"bared <> {raw}", "trimmed"), ("halved <> bared", "half_width"), ("raised <> halved", "upper_x"))
    steps = {"bared": bare_sql(raw), "halved": half_width_sql("bared"), "raised": "upper(halved)"}
    verdict = cases(
        ("bared = ''", EMPTY),
        (matches("raised", LEGACY_SHAPE), refuse("code_legacy")),
        (f"NOT {matches('raised', SHAPE)}", refuse("code_malformed")),
        (f"NOT {_sound_at_once('raised')}", refuse("code_check_digit")),
        otherwise=accept("raised", repairs),
    )
    return let_all(steps, verdict)


def _sound_at_once(code: str) -> str:
    """True for 18 clean characters of which the last is as it should be; false or NULL sends a code the slow way.

    Every doubt moves the expected place in the alphabet out of reach: no AND, for the reason told in `citizen_sql`.
    """
    places = [f"strpos('{ALPHABET}', substring({code}, {place}, 1))" for place in range(1, 18)]
    total = " + ".join(f"{weight} * ({place} - 1)" for weight, place in zip(WEIGHTS, places, strict=True))
    region = f"substring({code}, 3, 6)"
    doubts = (
        f"length({code}) <> 18",
        f"TRY_CAST({region} AS INTEGER) IS NULL",
        f"contains({region}, 'E')",
        *(f"{place} = 0" for place in places),
    )
    doubted = " + ".join(f"CAST({doubt} AS INTEGER)" for doubt in doubts)
    return f"strpos('{ALPHABET}', right({code}, 1)) = 1 + ({31**3} - ({total})) % 31 + 40 * ({doubted})"
