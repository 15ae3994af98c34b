"""What the site's settings say of the core: its configuration, and where the lake lies."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from xiezhi.operations.config import CoreConfig, shipped_content


def core_config(actor: str = "xiezhi") -> CoreConfig:
    """The configuration the core is asked with; `actor` stands in its own records (runs, reveals)."""
    roots = (shipped_content(), *([settings.XIEZHI_CONTENT] if settings.XIEZHI_CONTENT else []))
    return CoreConfig(
        content_roots=roots,
        memory=settings.XIEZHI_MEMORY,
        threads=settings.XIEZHI_THREADS,
        key_file=settings.XIEZHI_KEY_FILE,
        actor=actor,
    )


def lake() -> Path:
    """The folder of the site's lake."""
    return Path(settings.XIEZHI_HOME) / "lake"


def has_lake() -> bool:
    """Whether anything was ever received: a new site has no lake, and no vault."""
    return (lake() / "lake.json").exists()
