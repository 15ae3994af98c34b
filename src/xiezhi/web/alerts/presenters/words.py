"""Texts of the content in the language of the page."""

from __future__ import annotations

from typing import Any

from xiezhi.web.language import localise


def listed(words: Any) -> list[str]:
    """Several points of the content in the language of the page."""
    return list(localise(words))
