"""How places are named in what is said of a hit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xiezhi.kernel.words import Words

IN_CHINESE = re.compile(r"村?(?<!\d)(\d{12}|\d{9})(?!\d)")
IN_ENGLISH = re.compile(r"(?:[Vv]illages? )?(?<!\d)(\d{12}|\d{9})(?!\d)")
"""The statistical code of a village or a town, with the word that a rule puts before it."""


def with_places(text: Words, called: Mapping[str, Words]) -> Words:
    """Codes of places as their names: a reader knows the village, not its number. Other numbers stay as they are."""
    return Words(
        zh=IN_CHINESE.sub(lambda found: called[found[1]].zh if found[1] in called else found[0], text.zh),
        en=IN_ENGLISH.sub(lambda found: called[found[1]].en if found[1] in called else found[0], text.en),
    )
