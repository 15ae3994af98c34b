"""One text as a YAML scalar that says the same wherever it stands: in a block, in `[…]`, in `{…}`."""

from __future__ import annotations

import json
import re

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON leaves as it is and a reader of YAML refuses, or takes for a line end."""


def double_quoted(text: str) -> str:
    """`text` between double quotes; Chinese stays readable, and no comma, colon, quote or brace means anything."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
