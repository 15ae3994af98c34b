"""What every app asks of the core: its configuration, the lake's folder, and the lines of work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from xiezhi.operations.config import CoreConfig, shipped_content
from xiezhi.operations.domains import Domain, list_domains


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


def domains() -> Mapping[str, Domain]:
    """The lines of work by code: a rule's domain."""
    return list_domains(core_config())
