"""One writer at a time. The kernel's lock on a file: it dies with its holder, so no lock is ever left behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xiezhi.kernel.errors import RetryableError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock at `path`. Raises RetryableError, naming the process, while another one holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _held(path) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _held(path: Path) -> RetryableError:
    holder = path.read_text(encoding="ascii").strip() or "?"
    return RetryableError(
        "XZ-LAKE-02",
        zh=f"数据湖正由进程 {holder} 写入。",
        en=f"Process {holder} is writing to the lake.",
        todo_zh="等它结束后再试。",
        todo_en="Try again when it has finished.",
    )
