"""Whether a text is written in both languages. Used wherever a person reads what content says."""

from __future__ import annotations

import re

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def unwritten(zh: str, en: str) -> tuple[str, str] | None:
    """What is wrong with a pair of texts, in both languages; None where both are written."""
    if CHINESE.search(zh) and LATIN.search(en):
        return None
    return f"中文或英文没有写:{zh!r} / {en!r}", f"Chinese or English is not written: {zh!r} / {en!r}"
