"""Three runs of the smallest world, one after the other: what they left is read by many tests, and changed by none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.visits import closed, run, small_content, visit
from xiezhi.kernel.clock import now
from xiezhi.kernel.progress import Silent
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders, RunRecord

THREE, TWO, HERS = ("1", "甲"), ("2", "甲"), ("3", "乙")
"""(person, place): of three visits, of two, and of the person whose record turns out to be closed."""


class Watched(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int, str]] = []

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        self.told.append((stage, done, total, note))


@dataclass(frozen=True)
class History:
    """`told`: what the first run said of its progress; `begun` and `ended`: between these two moments it ran."""

    folders: RunFolders
    records: tuple[RunRecord, ...]
    told: list[tuple[str, int, int, str]]
    begun: datetime
    ended: datetime

    def hits(self, run: int) -> dict[tuple[str, str], dict[str, Any]]:
        """(person, place) → stored hit of a run."""
        return {(str(row["subject"]), str(row["unit"])): row for row in hit_rows(self.folders, run)}

    def states(self, run: int) -> dict[tuple[str, str], str]:
        return {key: row["state"] for key, row in self.hits(run).items()}


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """In the second run one person was there once more, in the third another's record turned out to be closed."""
    root = tmp_path_factory.mktemp("history")
    content = small_content(root / "content")
    visits = [
        *(visit(1, f"2024-05-0{day}") for day in (1, 2, 3)),
        *(visit(2, f"2024-05-0{day}") for day in (4, 5)),
        *(visit(3, f"2024-05-0{day}", "乙") for day in (6, 7)),
        visit(1, "2024-05-08", "乙"),
        visit(4, "2024-05-09"),
    ]
    lake = build_lake(root / "lake", {"visits": visits, "closures": [closed(9, "2024-05-01")]})
    watched, begun = Watched(), now()
    first = run(lake, content, watched, actor="检查人")
    ended = now()
    deliver(lake, "visits", [visit(1, "2024-05-10")])
    second = run(lake, content)
    deliver(lake, "closures", [closed(3, "2024-01-01")])
    third = run(lake, content)
    return History(RunFolders(lake.paths.runs), (first, second, third), watched.told, begun, ended)
