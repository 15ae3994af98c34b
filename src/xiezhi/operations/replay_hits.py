"""Prove hits again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiezhi.evidence.replay import Difference, ReplayReport, replay
from xiezhi.kernel.progress import Progress
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.loader import load_content
from xiezhi.runs.execute import Settings

__all__ = ["Difference", "ReplayReport", "replay_hits"]


def replay_hits(config: CoreConfig, lake: Path, fingerprints: Sequence[str], progress: Progress | None = None) -> ReplayReport:
    """Recompute the given hits, or every current one where none is given, and compare."""
    settings = Settings(memory=config.memory, threads=config.threads, actor=config.actor)
    with Lake.open(lake) as opened:
        return replay(opened, load_content(config.content_roots), fingerprints, settings, progress)
