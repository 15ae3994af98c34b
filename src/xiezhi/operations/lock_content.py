"""Lock the content in force, or check that it still is what was locked."""

from __future__ import annotations

from pathlib import Path

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.loader import load_content
from xiezhi.rules.lock import LOCK_FILE, Change, changes, lock_of, read_lock, write_lock


def lock_content(config: CoreConfig) -> tuple[Path, list[Change]]:
    """Write the lock of the last content root; returns its path and what changed.

    Raises ContentError, and writes nothing, where a trial or live rule changed without a new version.
    """
    root = config.content_roots[-1]
    lock = lock_of(load_content(config.content_roots))
    found = changes(read_lock(root), lock)
    _refuse([change for change in found if change.forbidden], root)
    return write_lock(root, lock), found


def check_lock(config: CoreConfig) -> int:
    """How many things are locked. Raises ContentError where content and lock differ."""
    root = config.content_roots[-1]
    lock = lock_of(load_content(config.content_roots))
    _refuse(changes(read_lock(root), lock), root)
    return sum(len(kind) for kind in lock.values())


def _refuse(wrong: list[Change], root: Path) -> None:
    if wrong:
        raise ContentError(
            "XZ-LOCK-01",
            zh="内容与锁定文件不符:" + ";".join(f"{change.name} {change.words.zh}" for change in wrong),
            en="content and lock differ: " + "; ".join(f"{change.name} {change.words.en}" for change in wrong),
            place=Place(file=str(root / LOCK_FILE)),
            todo_zh="确认改动后运行 xiezhi rules lock;已启用的模型要先把 version 加一",
            todo_en="if it is meant, run `xiezhi rules lock`; a rule in force needs a higher `version` first",
        )
