"""Runs of the rules over a snapshot of the lake: begun, recorded, and how far one has come that is going on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xiezhi.engines.factory import require_engine
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.lake.lake import Lake
from xiezhi.lake.lock import exclusive
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import ABSENT, RECORD, RuleEnding, RunFolders, RunRecord

__all__ = ["RuleEnding", "RunRecord"]


def run_rules(
    config: CoreConfig,
    lake: Path,
    *,
    codes: Sequence[str] = (),
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    as_of: datetime | None = None,
    engine: str = "duckdb",
    only_changed: bool = False,
    progress: Progress | None = None,
) -> RunRecord:
    """Evaluate every trial and live rule (or `codes`) and record the run. Resumes a run of the same plan cut off before.

    `only_changed`: a rule of which nothing has changed since it last ran keeps its result.
    """
    require_engine(engine)
    with Lake.open(lake) as opened:
        content = content_in_force(config)
        snapshot = opened.snapshot(as_of)
        plan = make_plan(content, snapshot, codes=codes, overrides=overrides, engine=engine)
        settings = Settings(memory=config.memory, threads=config.threads, actor=config.actor)
        folders = RunFolders(opened.paths.runs)
        with exclusive(folders.root / ".lock"):
            past = opened.snapshot_of_state if only_changed else None
            return execute(plan, folders, settings, progress or Silent(), past)


@dataclass(frozen=True)
class UnfinishedRun:
    """A run without a record: it is going on, or was cut off and will be resumed. `endings`: the rules that are through."""

    run: int
    endings: list[RuleEnding]


def list_runs(config: CoreConfig, lake: Path, *, after: int = 0) -> list[RunRecord]:
    """Recorded runs with a number above `after`, oldest first."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    return [folders.record(run) for run in folders.numbers() if run > after and (folders.folder(run) / RECORD).exists()]


def find_unfinished_run(config: CoreConfig, lake: Path) -> UnfinishedRun | None:
    """The newest run, if it has no record yet."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    numbers = folders.numbers()
    if not numbers or (folders.folder(numbers[-1]) / RECORD).exists():
        return None
    parts = sorted((folders.folder(numbers[-1]) / "parts").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return UnfinishedRun(numbers[-1], [RuleEnding(**json.loads(path.read_text("utf-8"))) for path in parts])


def missing_facts(problem: str) -> list[str]:
    """The facts without data that the problem of a rule names; none for a problem of another kind."""
    return problem.removeprefix(ABSENT).split(", ") if problem.startswith(ABSENT) else []


def list_newest_runs(config: CoreConfig, lake: Path) -> dict[str, int]:
    """Rule → the newest run that evaluated it to its end."""
    with Lake.open(lake) as opened:
        return {code: record.run for code, record in RunFolders(opened.paths.runs).latest_by_rule().items()}
