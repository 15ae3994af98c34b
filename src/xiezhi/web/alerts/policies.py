"""The limits of what may be done at once, what counts as a change of an alert, and how places are named in its sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from xiezhi.kernel.words import Words

MOST_AT_ONCE = 200
LONGEST_SNOOZE = timedelta(days=90)
MOST_ROWS_NOW = 2_000
"""Rows of an export that are written while one waits; more are a job."""
MOST_ROWS = 200_000
EXPORT_LASTS = timedelta(hours=24)

IN_CHINESE = re.compile(r"村?(?<!\d)(\d{12}|\d{9})(?!\d)")
IN_ENGLISH = re.compile(r"(?:[Vv]illages? )?(?<!\d)(\d{12}|\d{9})(?!\d)")
"""The statistical code of a village or a town, with the word that a rule puts before it."""


def with_places(text: Words, called: Mapping[str, Words]) -> Words:
    """Codes of places as their names: a reader knows the village, not its number. Other numbers stay as they are."""
    return Words(
        zh=IN_CHINESE.sub(lambda found: called[found[1]].zh if found[1] in called else found[0], text.zh),
        en=IN_ENGLISH.sub(lambda found: called[found[1]].en if found[1] in called else found[0], text.en),
    )


def differs(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What of level, amount and hit state is not as it was."""
    names = ("level", "amount", "hit_state")
    return {name: (before[name], after[name]) for name in names if before[name] != after[name]}
