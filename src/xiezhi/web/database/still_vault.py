"""Copy an identity vault while nobody has it open: a program of its own, run by the backup.

The vault's database is locked by whoever opens it, with a lock of the whole process. A process that may have it open
itself would neither notice that nor keep its lock after looking; this one opens nothing else. The keys go to the parent
through the pipe and never to the disk; they are read while the vault is held still, so that they fit it.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import sys
import time
from pathlib import Path

DATABASE = "vault.duckdb"
UNFINISHED = ".new"
POLL = 0.2

DONE, BUSY = 0, 75


def is_key(name: str) -> bool:
    """The vault's key, or the next one in a change of key that is under way."""
    return name.endswith((".key", ".key.next"))


def copy(folder: Path, target: Path, seconds: float) -> dict[str, str] | None:
    """Copy the vault's files; returns its keys (name → base64), or None where it stayed in use."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        handle = _held(folder / DATABASE)
        if handle is not None:
            try:
                keys = _copied(folder, target)
                if _same(handle, folder / DATABASE):
                    return keys
            finally:
                os.close(handle)
        time.sleep(POLL)
    return None


def _held(database: Path) -> int | None:
    """The database, locked against being opened for writing; None while somebody has it open."""
    handle = os.open(database, os.O_RDONLY)
    try:
        fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _copied(folder: Path, target: Path) -> dict[str, str]:
    keys = {}
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(mode=0o700, parents=True)
    for path in sorted(folder.iterdir()):
        if is_key(path.name):
            keys[path.name] = base64.b64encode(path.read_bytes()).decode()
        elif path.is_file() and not path.name.startswith(".") and UNFINISHED not in path.suffixes:
            shutil.copy2(path, target / path.name)
    return keys


def _same(handle: int, database: Path) -> bool:
    """Whether the database still is the file that is held: a rebuilt vault takes its predecessor's place by its name."""
    held, there = os.fstat(handle), database.stat()
    return (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino)


def main(folder: str, target: str, seconds: str) -> int:
    keys = copy(Path(folder), Path(target), float(seconds))
    if keys is None:
        return BUSY
    json.dump(keys, sys.stdout)
    return DONE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
