"""What a killed server leaves behind: lock files, and a process that is no more but still has a number."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

STATUS = 7
"""The line of its lock file in which a server says how it is."""

NOBODY = 2**31 - 1
"""The number of no process: systems end far below."""


def listens(path: Path) -> bool:
    """Whether somebody listens on a socket. That of a killed server refuses."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def said_of_itself(data: Path) -> str:
    """The last thing a server wrote into its lock file: starting, ready, stopping; "" where there is none."""
    with suppress(OSError, IndexError):
        return (data / "postmaster.pid").read_text().splitlines()[STATUS].strip()
    return ""


def disown(lock: Path, data: Path) -> None:
    """Name nobody in a lock file of a server that was killed, where its number is not free.

    A restart of the machine may have given it to any program; a container whose first process buries nobody keeps the
    dead one as a zombie. PostgreSQL itself only asks whether the number is taken. The file is kept: by it PostgreSQL finds
    out whether children of the killed server still live.
    """
    with suppress(OSError, ValueError, IndexError):
        number, *rest = lock.read_text().splitlines()
        if _is_another(Path("/proc", number), data):
            lock.write_text("\n".join([str(NOBODY), *rest]) + "\n")


def _is_another(process: Path, data: Path) -> bool:
    """Whether a process is dead or no server of this folder. Where the system does not tell: no."""
    if not process.exists():
        return False
    state = (process / "stat").read_text().rpartition(")")[2].split()[0]
    return state == "Z" or (process / "cwd").resolve(strict=True) != data.resolve()
