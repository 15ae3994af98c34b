"""Texts of the content in the language of the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def said(words: Any) -> str:
    """A text of the content in the language of the page."""
    return str(words.en if (get_language() or "").startswith("en") else words.zh)


def listed(words: Any) -> list[str]:
    """Several points of the content in the language of the page."""
    return list(words.en if (get_language() or "").startswith("en") else words.zh)
