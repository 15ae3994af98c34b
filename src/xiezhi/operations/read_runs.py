"""The runs of a lake: those that are recorded, and how far one that is going on has come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.runs.record import ABSENT, RECORD, RuleEnding, RunFolders, RunRecord

__all__ = ["Going", "RunRecord", "missing_facts", "read_going", "read_runs"]


@dataclass(frozen=True)
class Going:
    """A run without a record: it is going on, or was cut off and will be resumed. `endings`: the rules that are through."""

    run: int
    endings: list[RuleEnding]


def read_runs(config: CoreConfig, lake: Path, *, after: int = 0) -> list[RunRecord]:
    """Recorded runs with a number above `after`, oldest first."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    return [folders.record(run) for run in folders.numbers() if run > after and (folders.folder(run) / RECORD).exists()]


def read_going(config: CoreConfig, lake: Path) -> Going | None:
    """The newest run, if it has no record yet."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    numbers = folders.numbers()
    if not numbers or (folders.folder(numbers[-1]) / RECORD).exists():
        return None
    parts = sorted((folders.folder(numbers[-1]) / "parts").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return Going(numbers[-1], [RuleEnding(**json.loads(path.read_text("utf-8"))) for path in parts])


def missing_facts(problem: str) -> list[str]:
    """The facts without data that the problem of a rule names; none for a problem of another kind."""
    return problem.removeprefix(ABSENT).split(", ") if problem.startswith(ABSENT) else []
