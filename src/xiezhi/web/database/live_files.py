"""Taking the files of a data folder while everybody works: each kind of file in the way that gives it whole.

Nearly all of them are never changed once they have their name; they are held by a second name (a hard link), so that an
erasure meanwhile cannot take them away half-way, and copied later at leisure. Databases of SQLite are copied by SQLite, the
identity vault while nobody has it open. A run that has not ended is left out: its job starts again.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from xiezhi.kernel.errors import RetryableError
from xiezhi.kernel.progress import Progress
from xiezhi.web.database import still_vault
from xiezhi.web.database.keys_box import Key

LAKE, UPLOADS, CHECKPOINTS, KEYS = "lake", "uploads", "checkpoints", "keys"
VAULT = f"{LAKE}/vault"
WRITER_LOCK = f"{LAKE}/writer.lock"
RUNS, RUN_RECORD = f"{LAKE}/runs", "run.json"
SCRATCH = f"{LAKE}/scratch/"

SQLITE, SQLITE_SIDES = ".sqlite", (".sqlite-wal", ".sqlite-shm", ".sqlite-journal")

PATIENCE = 900.0
"""Seconds that a delivery on its way in, or a vault in use, is waited for."""


@dataclass(frozen=True)
class Taken:
    """A file to copy: its path inside the data folder, and where its bytes are held."""

    path: str
    held: Path
    mode: int


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Raises RetryableError while another backup of this folder, or into it, is being made."""
    with (home / ".backup.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RetryableError(
                "XZ-BK-10",
                zh="另一个备份正在进行",
                en="another backup is being made",
                todo_zh="等它结束后再试",
                todo_en="try again when it has finished",
            ) from None
        yield


@contextmanager
def lake_held(home: Path, progress: Progress, patience: float = PATIENCE) -> Iterator[None]:
    """No delivery comes in and nothing is erased inside. Waits for the one that is on its way."""
    lock = home / WRITER_LOCK
    if not lock.parent.is_dir():
        yield
        return
    with lock.open("a") as handle:
        end = time.monotonic() + patience
        while not _locked(handle.fileno()):
            if time.monotonic() > end:
                raise _busy("数据湖一直在写入", "the lake is being written to all the time")
            progress.step("wait", 0, 0, "lake")
            time.sleep(still_vault.POLL)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Listing:
    """What a data folder holds at one moment. Which runs have ended is asked once: one that ends meanwhile stays out whole."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._ended = {path.parent.name for path in (home / RUNS).glob(f"*/{RUN_RECORD}")}

    def folders(self, *parts: str) -> dict[str, int]:
        """Every folder of these parts and its mode."""
        found = (path for part in parts for path in _below(self._home / part))
        return {self._name(path): _mode(path) for path in found if path.is_dir() and not self._left_out(path)}

    def take(self, part: str, pins: Path, *, growing: bool = False) -> list[Taken]:
        """Hold every file of one part. `growing` ones are copied at once. The vault and SQLite's have their own ways."""
        taken: list[Taken] = []
        for path in _below(self._home / part):
            name = self._name(path)
            if _by_its_own_way(name) or self._left_out(path) or not path.is_file():
                continue
            held = pins / name
            held.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileNotFoundError):  # gone since it was listed
                _hold(path, held, growing=growing)
                taken.append(Taken(name, held, _mode(held)))
        return taken

    def _left_out(self, path: Path) -> bool:
        """Locks, what is being written under another name, scratch, and runs that have not ended."""
        name = self._name(path)
        if path.name.startswith(".") or name == WRITER_LOCK or name.startswith(SCRATCH):
            return True
        return name.startswith(f"{RUNS}/") and name.split("/")[2] not in self._ended

    def _name(self, path: Path) -> str:
        return path.relative_to(self._home).as_posix()


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _hold(path: Path, held: Path, *, growing: bool) -> None:
    if not growing:
        try:
            held.hardlink_to(path)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without hard links
            growing = True
    if growing:
        shutil.copy2(path, held)


def _below(folder: Path) -> Iterator[Path]:
    """A folder and all in it, through links to folders that a site has put elsewhere."""
    if not folder.exists():
        return
    yield folder
    for root, names, files in os.walk(folder, followlinks=True):
        yield from (Path(root, name) for name in sorted(names))
        yield from (Path(root, name) for name in sorted(files))


def _by_its_own_way(name: str) -> bool:
    return name.startswith(f"{VAULT}/") or name.endswith((SQLITE, *SQLITE_SIDES))


def take_databases(home: Path, pins: Path) -> list[Taken]:
    """The lake's SQLite databases, copied by SQLite itself: whole, with what is still in their write-ahead logs."""
    taken = []
    for path in sorted((home / LAKE).glob(f"*{SQLITE}")):
        name = path.relative_to(home).as_posix()
        held = pins / name
        held.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(sqlite3.connect(path, timeout=60)) as source, closing(sqlite3.connect(held)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        taken.append(Taken(name, held, _mode(path)))
    return taken


def take_vault(home: Path, pins: Path, patience: float = PATIENCE) -> tuple[list[Taken], list[Key]]:
    """The identity vault while nobody has it open, and the keys that lie beside it."""
    folder = home / VAULT
    if not (folder / still_vault.DATABASE).exists():
        return [], []
    target = pins / VAULT
    command = [sys.executable, "-m", still_vault.__name__, str(folder), str(target), str(patience)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == still_vault.BUSY:
        raise _busy("身份保险库一直在使用", "the identity vault is in use all the time")
    if done.returncode != still_vault.DONE:
        raise RuntimeError(done.stderr)
    keys = [Key(f"{VAULT}/{name}", base64.b64decode(text)) for name, text in json.loads(done.stdout).items()]
    return [Taken(f"{VAULT}/{path.name}", path, _mode(path)) for path in sorted(target.iterdir())], keys


def site_keys(home: Path) -> list[Key]:
    """The web's own keys."""
    return [Key(f"{KEYS}/{path.name}", path.read_bytes()) for path in sorted((home / KEYS).glob("*")) if path.is_file()]


def _busy(zh: str, en: str) -> RetryableError:
    return RetryableError("XZ-BK-11", zh=zh, en=en, todo_zh="稍后再备份", todo_en="back up later")
