"""Match a printed seal with the hit and the run it belongs to."""

from __future__ import annotations

from pathlib import Path

from xiezhi.evidence.seals import SealFound, find_seals, seals_of
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.runs.record import RunFolders

__all__ = ["SealFound", "hits_of_seal", "seals_of_hit"]


def hits_of_seal(config: CoreConfig, lake: Path, seal: str) -> list[SealFound]:
    """Hits that once had a seal beginning so, gone ones too; empty where none had."""
    with Lake.open(lake) as opened:
        return find_seals(RunFolders(opened.paths.runs), seal)


def seals_of_hit(config: CoreConfig, lake: Path, fingerprint: str, rule: str) -> list[SealFound]:
    """Every seal that a hit has had, oldest first."""
    with Lake.open(lake) as opened:
        return seals_of(RunFolders(opened.paths.runs), fingerprint, rule)
