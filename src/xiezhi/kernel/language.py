"""The language of the command line."""

from __future__ import annotations

import os


def command_language() -> str:
    """`zh` unless XIEZHI_LANG begins with `en`."""
    return "en" if os.environ.get("XIEZHI_LANG", "zh").lower().startswith("en") else "zh"
