"""The lines of work that rules are of: what each is called, and which departments answer for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from xiezhi.operations.config import CoreConfig
from xiezhi.rules.domain import Domain
from xiezhi.rules.loader import DOMAINS_FILE, load_domains

__all__ = ["Domain", "list_domains"]


def list_domains(config: CoreConfig) -> Mapping[str, Domain]:
    """By code, read once for each state of their files: asked for every row of a list. Raises ContentError as lint does."""
    files = tuple(root / DOMAINS_FILE for root in config.content_roots)
    states = tuple((facts.st_mtime_ns, facts.st_size) if path.exists() and (facts := path.stat()) else None for path in files)
    return _domains(config.content_roots, states)


@lru_cache(maxsize=2)
def _domains(roots: tuple[Path, ...], states: tuple[tuple[int, int] | None, ...]) -> Mapping[str, Domain]:
    return load_domains(roots)
