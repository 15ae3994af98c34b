"""Citizen identity numbers (GB 11643-1999), value by value: what makes one sound, and what can be made of a spoilt one.

The plain counterpart of `citizen_sql`, which does the same for columns; tests hold the two against each other.
Whether a region code exists is no part of soundness: codes are born and die, and people keep theirs.
"""

from __future__ import annotations

import re
from datetime import date

from xiezhi.identity.cleaning import MASKED, NOTHING_MEANT, NUMBER_SOUP, bare, half_width
from xiezhi.identity.graded import Graded
from xiezhi.kernel import clock

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""2^(18-i) mod 11 for the i-th digit (GB 11643, 4.2.3; ISO 7064 MOD 11-2)."""

CHECK_CHARACTERS = "10X98765432"
"""The check character for each remainder of the weighted sum modulo 11."""

FIRST_BIRTH = date(1850, 1, 1)
"""No one born earlier ever held a number: issuing began in 1984."""

INVENTED = ("123456789012345678", "123456789012345", "12345678901234567X")
"""Numbers typed to get past a form, beside a single repeated digit."""


def check_digit(body: str) -> str:
    """The 18th character for the first 17 digits of a citizen id."""
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


def birth_date(day: str) -> date | None:
    """The date of `yyyymmdd`, or None where no living or dead holder of a number can have been born then."""
    try:
        born = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return None
    return born if FIRST_BIRTH <= born <= clock.today() else None


def normal_citizen_id(text: str | None) -> Graded:
    """Grade and normalise one delivered value."""
    bared = bare(text or "")
    if not bared:
        return Graded(None, None, None)
    halved = half_width(bared)
    raised = halved.upper()
    plain = raised[:-2] if len(raised) in (17, 20) and raised.endswith(".0") else raised
    steps = {
        "trimmed": bared != text,
        "half_width": halved != bared,
        "upper_x": raised != halved,
        "decimal_suffix": plain != raised,
        "id_15_to_18": len(plain) == 15,
    }
    if reason := _refusal(bared, plain):
        return Graded(None, reason, None)
    value = plain if len(plain) == 18 else from_15(plain)
    repairs = ";".join(word for word, done in steps.items() if done) or None
    return Graded(value, "repaired" if repairs else "sound", repairs)


def from_15(old: str) -> str:
    """A 15-digit id (before 1999) in 18 characters.

    The century is always 19: sequences 996-999 of those born before are left to people who were a hundred in 1984.
    """
    body = f"{old[:6]}19{old[6:]}"
    return body + check_digit(body)


def _refusal(bared: str, plain: str) -> str | None:
    if re.search(MASKED, bared):
        return "id_masked"
    if plain in NOTHING_MEANT or plain in INVENTED or re.fullmatch(r"([0-9])\1*", plain):
        return "id_placeholder"
    if re.fullmatch(NUMBER_SOUP, bared):
        return "id_scientific"
    if re.fullmatch("[0-9]{15}", plain):
        return None if birth_date("19" + plain[6:12]) else "id_birth_impossible"
    if not re.fullmatch("[0-9]{17}[0-9X]", plain):
        return "id_malformed"
    if not birth_date(plain[6:14]):
        return "id_birth_impossible"
    return None if check_digit(plain[:17]) == plain[17] else "id_check_digit"
