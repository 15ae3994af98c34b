"""The lake: delivered tables, immutable, as of any past moment. The door of this package.

Reading needs the ledger alone. Writing goes through `Lake.writing()`, which holds the one lock, first undoes what a
crash left half-done, and hands out changes that become visible all at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from xiezhi.kernel.clock import now
from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.lake.layout import LakeLayout
from xiezhi.lake.ledger import DeliveryRecord, Ledger
from xiezhi.lake.lock import exclusive
from xiezhi.lake.snapshot import AlteredFile, Snapshot

if TYPE_CHECKING:
    from xiezhi.lake.writer import Writer

FORMAT = 1
"""Of the folder as a whole; a lake of another format is refused, not guessed at."""


class Lake:
    """One lake. Close it, or use `with`."""

    def __init__(self, root: Path, title: str) -> None:
        self.paths = LakeLayout(root)
        self.title = title
        self.ledger = Ledger(self.paths.ledger)

    @classmethod
    def create(cls, root: Path, title: str = "") -> Lake:
        """Make a lake in an empty or missing folder. Raises UserError if the folder holds anything else."""
        root = root.absolute()
        paths = LakeLayout(root)
        if paths.marker.exists():
            return cls.open(root)
        foreign = [path.name for path in root.iterdir() if not _is_ours(path.name, paths)] if root.is_dir() else []
        if foreign or (root.exists() and not root.is_dir()):
            raise _not_a_lake(root, empty=False)
        made = [] if root.exists() else [root]  # a folder that was prepared (a mount, a volume) has the rights it was given
        for folder in (root, *paths.folders()):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (*made, paths.originals, paths.set_aside, paths.vault, paths.scratch):
            private.chmod(0o700)
        marker = {"format": FORMAT, "title": title, "created_at": now().isoformat()}
        lake = cls(root, title)  # its ledger before the marker: a lake without one was damaged
        write_durably(paths.marker, json.dumps(marker, ensure_ascii=False).encode())
        return lake

    @classmethod
    def open(cls, root: Path) -> Lake:
        """Open a lake. Raises UserError if there is none, or one of another format."""
        root = root.absolute()
        marker = LakeLayout(root).marker
        if not marker.is_file():
            raise _not_a_lake(root, empty=True)
        described = _described(marker)
        if described["format"] != FORMAT:
            raise UserError(
                "XZ-LAKE-03",
                zh=f"数据湖格式为 {described['format']},本程序读写格式 {FORMAT}。",
                en=f"The lake has format {described['format']}; this program reads and writes format {FORMAT}.",
            )
        ledger = LakeLayout(root).ledger
        if not ledger.is_file() or not ledger.stat().st_size:
            raise _ledger_gone(ledger)
        return cls(root, described["title"])

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.ledger.close()

    def snapshot(self, as_of: datetime | None = None) -> Snapshot:
        """The newest state, or the newest at a past moment. A lake without deliveries gives state 0, without tables."""
        return self.snapshot_of_state(self.ledger.last_state(as_of))

    def snapshot_of_state(self, state: int) -> Snapshot:
        """A past state. Raises UserError if it is unknown or was erased."""
        return self.ledger.snapshot(state, self.paths.root)

    def altered(self, snapshot: Snapshot) -> list[AlteredFile]:
        """The files of a snapshot that are missing or whose bytes changed since they were committed."""
        return snapshot.altered(self.paths.root)

    def deliveries(self) -> list[DeliveryRecord]:
        """Every delivery, by number; refused ones and erased ones too."""
        return self.ledger.deliveries()

    def delivery(self, number: int) -> DeliveryRecord:
        """One delivery. Raises UserError if there is none with that number."""
        found = self.ledger.deliveries("number = ?", number)
        if not found:
            raise UserError(
                "XZ-LAKE-05",
                zh=f"没有第 {number} 号交付。",
                en=f"There is no delivery {number}.",
                todo_zh="用 xiezhi deliveries 查看编号。",
                todo_en="See xiezhi deliveries for the numbers.",
            )
        return found[0]

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the lake for writing. Raises RetryableError while another process does; mends what a crash left first."""
        from xiezhi.lake.writer import Writer  # imports pyiceberg, 0.7 s that a reader need not pay

        self.ledger.require_room()
        with exclusive(self.paths.lock):
            writer = Writer(self.paths, self.ledger)
            try:
                writer.recover()
                yield writer
            finally:
                writer.close()


def _described(marker: Path) -> dict[str, Any]:
    try:
        said = json.loads(marker.read_text(encoding="utf-8"))
        return {"format": said["format"], "title": said["title"]}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise IntegrityError(
            "XZ-LAKE-12",
            zh=f"{marker} 读不出来",
            en=f"{marker} cannot be read",
            todo_zh="从备份恢复整个数据湖;湖中的数据文件没有动",
            todo_en="restore the whole lake from a backup; its data files were left as they are",
        ) from error


def _ledger_gone(path: Path) -> IntegrityError:
    """A new ledger in its place would know of nothing, and the next writer would sweep all that it does not know of."""
    return IntegrityError(
        "XZ-LAKE-11",
        zh=f"数据湖的台账 {path.name} 不见了或是空的",
        en=f"the lake's ledger {path.name} is missing or empty",
        todo_zh="从备份恢复整个数据湖;湖中的数据文件没有动",
        todo_en="restore the whole lake from a backup; its data files were left as they are",
    )


def _is_ours(name: str, paths: LakeLayout) -> bool:
    """Whether a lake whose making was interrupted may have left this name behind."""
    files = (paths.ledger.name, paths.catalogue.name, paths.lock.name, f".{paths.marker.name}")
    return name.startswith(files) or name in {folder.name for folder in paths.folders()}


def _not_a_lake(root: Path, *, empty: bool) -> UserError:
    if empty:
        return UserError(
            "XZ-LAKE-01",
            zh=f"{root} 不是数据湖。",
            en=f"{root} is not a lake.",
            todo_zh="用 xiezhi receive 接收第一份交付即可建湖。",
            todo_en="Receive a first delivery with xiezhi receive; that makes the lake.",
        )
    return UserError(
        "XZ-LAKE-04",
        zh=f"{root} 里有其他内容,不能在此建湖。",
        en=f"{root} holds something else; no lake is made there.",
        todo_zh="换一个空目录。",
        todo_en="Give an empty folder.",
    )
