"""The record of a run: what was asked, on which snapshot, with which rules, and how each rule ended.

A run is a folder under the lake's `runs/`. It is complete exactly when `run.json` is there: that file is written last,
beside, fsynced and renamed. Each record carries the digest of the one before it, so that a run cannot vanish unnoticed.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from xiezhi.kernel.errors import UserError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.hashing import canonical, digest, file_digest, plain

Ending = Literal["done", "broken", "not_computable"]

RECORD = "run.json"
PLAN = "plan.json"
CONTENT = "content.json"
HITS = "hits.parquet"
STANDING = "standing.parquet"
COVERAGE = "coverage.parquet"
ABSENT = "facts without data: "
"""How the problem of a rule begins that could not be computed; their names follow."""
SEALED_FILES = (CONTENT, HITS, STANDING, COVERAGE)

BEFORE_RECORD = declare("run.before_record", "results are written, the run is not yet recorded")
AFTER_RECORD = declare("run.after_record", "the run is recorded")


@dataclass(frozen=True)
class RuleEnding:
    """How one rule ended in one run. `problem` says why, where it did not end well.

    `since`: the run whose result stands, because nothing the rule reads has changed since; 0 where it ran.
    """

    code: str
    version: int
    digest: str
    ending: Ending
    hits: int
    seconds: float
    problem: str
    since: int = 0


@dataclass(frozen=True)
class RunRecord:
    """A completed run. `files` maps each result file to its SHA-256."""

    run: int
    plan: str
    snapshot: str
    state: int
    engine: str
    started: str
    finished: str
    actor: str
    parameters: dict[str, dict[str, Any]]
    rules: list[RuleEnding]
    files: dict[str, str]
    previous: str
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over the whole record: what the next run's record will carry."""
        return digest(self.stored())

    def stored(self) -> dict[str, Any]:
        """The record as it is written. What says nothing is left out: records of before have the same digest as then."""
        written = asdict(self)
        for rule in written["rules"]:
            if not rule["since"]:
                del rule["since"]
        return written

    def rule(self, code: str) -> RuleEnding | None:
        return next((rule for rule in self.rules if rule.code == code), None)


class RunFolders:
    """The runs of one lake, oldest first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def folder(self, run: int) -> Path:
        return self.root / f"{run:05d}"

    def numbers(self) -> list[int]:
        return sorted(int(path.name) for path in self.root.iterdir() if path.is_dir() and path.name.isdigit())

    def complete(self) -> list[RunRecord]:
        """Every recorded run, oldest first."""
        return [self.record(run) for run in self.numbers() if (self.folder(run) / RECORD).exists()]

    def record(self, run: int) -> RunRecord:
        """The record of a completed run. Raises UserError where there is none."""
        path = self.folder(run) / RECORD
        if not path.exists():
            raise UserError("XZ-RUN-01", zh=f"没有编号为 {run} 的完整运行", en=f"there is no completed run {run}")
        stored = json.loads(path.read_text("utf-8"))
        return RunRecord(**{**stored, "rules": [RuleEnding(**rule) for rule in stored["rules"]]})

    def latest_by_rule(self) -> dict[str, RunRecord]:
        """For each rule the newest run in which it was evaluated to the end."""
        latest: dict[str, RunRecord] = {}
        for record in self.complete():
            latest |= {rule.code: record for rule in record.rules if rule.ending == "done"}
        return latest

    def resume_or_begin(self, plan: str) -> tuple[int, bool]:
        """The unfinished run that has this plan, or a new one; True where it is resumed."""
        numbers = self.numbers()
        for run in reversed(numbers):
            folder = self.folder(run)
            if (folder / RECORD).exists():
                break
            if (folder / PLAN).exists() and json.loads((folder / PLAN).read_text("utf-8"))["plan"] == plan:
                return run, True
        run = (numbers[-1] if numbers else 0) + 1
        folder = self.folder(run)
        folder.mkdir()
        write_whole(folder / PLAN, canonical({"plan": plan}))
        return run, False

    def finish(self, record: RunRecord) -> None:
        """The commit point of a run."""
        reach(BEFORE_RECORD)
        text = json.dumps(record.stored(), ensure_ascii=False, indent=1, sort_keys=True, default=plain)
        write_whole(self.folder(record.run) / RECORD, text.encode())
        reach(AFTER_RECORD)

    def altered(self, record: RunRecord) -> list[str]:
        """Result files of a run that no longer hash to what its record says, or are missing."""
        folder = self.folder(record.run)
        return [
            name
            for name, recorded in record.files.items()
            if not (folder / name).exists() or file_digest(folder / name) != recorded
        ]


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename: the file is there whole or not at all."""
    beside = path.with_suffix(path.suffix + ".part")
    with beside.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)


def moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
