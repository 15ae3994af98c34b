"""Search in Chinese by two characters, with nothing but PostgreSQL: every pair of neighbouring characters is a word.

Store `bigrams(text)` and index `to_tsvector('simple', stored)` with GIN; ask with `to_tsquery('simple', query(text))`.
Segmenters are not needed, and a two-character name is found by index.
"""

from __future__ import annotations

import re
import unicodedata

# Letters and digits of every script; all else separates.
RUN = re.compile(r"[^\W_]+")
# A lexeme that a tsquery parser can misread is turned away by RUN; these words are code points, so nothing needs quoting.
LONGEST = 200


def folded(text: str) -> str:
    """Full-width as half-width, capitals as small, compatibility forms as their plain ones."""
    return unicodedata.normalize("NFKC", text).casefold()


def bigrams(text: str) -> str:
    """Every single character and every neighbouring pair of each run of letters and digits, once each, space-separated."""
    found: dict[str, None] = {}
    for run in RUN.findall(folded(text)):
        found.update(dict.fromkeys(run))
        found.update(dict.fromkeys(_pairs(run)))
    return " ".join(_word(gram) for gram in found)


def query(text: str) -> str:
    """The tsquery ('simple' syntax) for what a person typed: all pairs must be there. Empty if there is nothing to look for.

    Pairs may be found apart from each other, so a hit of three or more characters is a candidate, not a certainty.
    """
    grams: dict[str, None] = {}
    for run in RUN.findall(folded(text[:LONGEST])):
        grams.update(dict.fromkeys(_pairs(run) or [run]))
    return " & ".join(_word(gram) for gram in grams)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _word(gram: str) -> str:
    """Code points in hexadecimal: PostgreSQL's own parser would stem, split or drop some characters; it keeps these."""
    return "x" + "x".join(format(ord(character), "x") for character in gram)
