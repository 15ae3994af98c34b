"""Why hits are gone: by fingerprint, for all that the newest run of each rule found gone."""

from __future__ import annotations

from pathlib import Path

from xiezhi.evidence.gone import Cause, causes_of, told
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content_in_force import contracts_in_force
from xiezhi.runs.record import RunFolders

__all__ = ["Cause", "explain_gone"]


def explain_gone(config: CoreConfig, lake: Path, *, rule: str | None = None) -> dict[str, Words]:
    """Fingerprint → all causes in one line. `rule`: only its hits."""
    with Lake.open(lake) as opened:
        found: dict[str, Words] = {}
        for code, record in RunFolders(opened.paths.runs).latest_by_rule().items():
            if rule in (None, code):
                causes = causes_of(opened, contracts_in_force(config), record, code, memory=config.memory)
                found |= {fingerprint: told(listed) for fingerprint, listed in causes.items()}
    return found
