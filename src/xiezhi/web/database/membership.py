"""Which processes use a private PostgreSQL. Counted by file locks, which the kernel lets go when a process dies in any way."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Membership:
    """A shared lock held as long as this process uses the server. The last to leave finds itself alone."""

    def __init__(self, folder: Path) -> None:
        self._gate = folder / "gate.lock"
        self._users = folder / "users.lock"
        self._held: int | None = None
        self._process = os.getpid()

    @contextmanager
    def gate(self) -> Iterator[None]:
        """One at a time through here: whoever starts or stops the server."""
        handle = os.open(self._gate, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def join(self) -> None:
        """Call inside the gate."""
        if self._held is None:
            self._held = os.open(self._users, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_SH)

    @property
    def mine(self) -> bool:
        """Whether this process joined. A forked child shares its parent's lock and must not let it go."""
        return self._held is not None and self._process == os.getpid()

    def leave(self) -> bool:
        """Call inside the gate. Whether nobody is left."""
        if self._held is None or not self.mine:
            return False
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._held)
            self._held = None
