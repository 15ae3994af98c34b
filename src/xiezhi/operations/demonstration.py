"""A demonstration from nothing: build a small city, receive what its departments deliver, run every model."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xiezhi.kernel.clock import now, standing_at
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Progress
from xiezhi.operations.city import build_city
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.runs import run_rules
from xiezhi.runs.record import RunRecord

MARKER = ".xiezhi-demo"
"""Only a folder that bears it is ever cleared."""


@dataclass(frozen=True)
class DeliveredDemo:
    """Where the demonstration lies and what was received. `receipts`: one per delivered sheet."""

    folder: Path
    lake: Path
    truth: Path
    receipts: list[Any]


@dataclass(frozen=True)
class Demo(DeliveredDemo):
    """And what a run of every model came to."""

    record: RunRecord


Arrivals = Callable[[Path], Sequence[tuple[datetime, Sequence[Path]]]]
"""The folder that the city was built in → which of its files came when, oldest first."""


def build_demo(config: CoreConfig, folder: Path, persons: int, seed: int, progress: Progress) -> Demo:
    """Build, receive and run in `folder`, which is cleared first if it holds an earlier demonstration."""
    delivered = deliver_demo(config, folder, persons, seed, progress)
    record = run_rules(config, delivered.lake, progress=progress)
    return Demo(delivered.folder, delivered.lake, delivered.truth, delivered.receipts, record)


def deliver_demo(
    config: CoreConfig, folder: Path, persons: int, seed: int, progress: Progress, arrivals: Arrivals | None = None
) -> DeliveredDemo:
    """Build and receive alone. Everything is received now and at once, unless `arrivals` says otherwise."""
    _clear(folder)
    delivered, lake = folder / "delivered", folder / "lake"
    build_city(delivered, persons=persons, seed=seed, progress=progress)
    receipts = []
    for moment, paths in arrivals(delivered) if arrivals else [(now(), [delivered])]:
        with standing_at(moment):
            receipts += receive_delivery(config, paths, lake, progress=progress)
    return DeliveredDemo(folder, lake, delivered / "truth.csv", receipts)


def _clear(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            raise UserError(
                "XZ-DEMO-01",
                zh=f"{folder} 里有别的内容,演示不会清空它",
                en=f"{folder} holds something else; the demonstration does not clear it",
                todo_zh="用 --dir 指定一个空目录",
                todo_en="name an empty folder with --dir",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
