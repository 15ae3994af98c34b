"""Write the pages that explain every rule to people."""

from __future__ import annotations

from pathlib import Path

from xiezhi.operations.config import CoreConfig
from xiezhi.rules.loader import load_content
from xiezhi.rules.pages import write_pages


def document_rules(config: CoreConfig, folder: Path, language: str = "zh") -> list[Path]:
    """One Markdown page per rule and an index in `folder`; returns the files written."""
    return write_pages(load_content(config.content_roots), folder, language)
