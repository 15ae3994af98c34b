"""Run supervision models over a snapshot of the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xiezhi.engines.factory import require_engine
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.lake.lake import Lake
from xiezhi.lake.lock import exclusive
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.loader import load_content
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders, RunRecord


def run_rules(
    config: CoreConfig,
    lake: Path,
    *,
    codes: Sequence[str] = (),
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    as_of: datetime | None = None,
    engine: str = "duckdb",
    progress: Progress | None = None,
) -> RunRecord:
    """Evaluate every trial and live rule (or `codes`) and record the run. Resumes a run of the same plan cut off before."""
    require_engine(engine)
    with Lake.open(lake) as opened:
        content = load_content(config.content_roots)
        snapshot = opened.snapshot(as_of)
        plan = make_plan(content, snapshot, codes=codes, overrides=overrides, engine=engine)
        settings = Settings(memory=config.memory, threads=config.threads, actor=config.actor)
        folders = RunFolders(opened.paths.runs)
        with exclusive(folders.root / ".lock"):
            return execute(plan, folders, settings, progress or Silent())
