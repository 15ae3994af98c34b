"""A JSON value → its text, as it is handed on and as it goes back. Stands below both: who reads files and who writes them."""

from __future__ import annotations

import json
import re
from typing import Any

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def written(value: Any) -> str:
    """A value as text. Half of a surrogate pair is no character of any text: what holds one keeps it as the escape it came as,
    and whoever reads the value says that it is damaged."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, separators=(",", ":")) if _HALF_PAIR.search(text) else text
