"""The lake's name of a column of which only the header is known: what is written in Latin letters is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

from xiezhi.contracts.header_matching import same_spelling

_LONGEST = 60
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

RESERVED = frozenset({
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check",
    "collate", "column", "constraint", "create", "default", "deferrable", "desc", "describe", "distinct", "do", "else",
    "end", "except", "false", "fetch", "for", "foreign", "from", "group", "having", "in", "initially", "intersect",
    "into", "lambda", "lateral", "leading", "limit", "not", "null", "offset", "on", "only", "or", "order", "pivot",
    "pivot_longer", "pivot_wider", "placing", "primary", "qualify", "references", "returning", "select", "show", "some",
    "summarize", "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "unpivot", "using",
    "variadic", "when", "where", "window", "with",
})  # fmt: skip
"""Words that a query cannot use for a column without quotes."""


def column_name(header: str, place: int, taken: Collection[str], others: Collection[str]) -> str:
    """`HospitalId` → `hospital_id`, `Amount (yuan)` → `amount_yuan`; `column_<place>` where the header is not in Latin letters.

    The name is none of `taken`, no spelling of one of the `others` in the header, and no reserved word.
    """
    name = _slug(header) or f"column_{place}"
    name = f"{name}_value" if name in RESERVED else name
    names = chain([name], (f"{name[: _LONGEST - 5]}_{number}" for number in count(2)))
    return next(one for one in names if one not in taken and not any(same_spelling(one, other) for other in others))


def _slug(header: str) -> str:
    """Lower-case words with _ between them; empty where letters of another script stand in the header, or none at all."""
    folded = "".join(one for one in unicodedata.normalize("NFKD", header) if not unicodedata.combining(one))
    if any(one.isalpha() and not one.isascii() for one in folded):
        return ""
    words = re.findall("[a-z0-9]+", _CAMEL.sub(" ", folded).lower())
    name = "_".join(words)[:_LONGEST].strip("_")
    return name if name[:1].isalpha() or not name else f"column_{name}"[:_LONGEST]
