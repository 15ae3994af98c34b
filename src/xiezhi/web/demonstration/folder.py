"""The folder that a demonstration lives in: whether one is here, whether it was finished, and who runs it."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import UserError

FINISHED = "finished.json"
"""Written last: a folder without it holds a demonstration that was cut off."""


@dataclass(frozen=True)
class Made:
    """What the demonstration that is here was made of."""

    persons: int
    seed: int


def made(folder: Path) -> Made | None:
    """The demonstration in `folder`; None where there is none, or one that was never finished."""
    path = folder / FINISHED
    return Made(**json.loads(path.read_bytes())) if path.is_file() else None


def finish(folder: Path, persons: int, seed: int) -> None:
    """From here on the demonstration in `folder` is opened, not made anew."""
    write_durably(folder / FINISHED, json.dumps(asdict(Made(persons, seed))).encode())


@contextmanager
def held(folder: Path, port: int) -> Iterator[None]:
    """Inside, no other process makes, replaces or opens the demonstration of `folder`.

    Raises UserError, saying where it is, while another one has it. The lock lies elsewhere, since making one anew clears the
    folder; it dies with its holder.
    """
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"xiezhi-demo-{os.getuid()}-{name}.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _running(folder, os.pread(handle, 20, 0).decode("ascii", "replace").strip()) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(port).encode(), 0)
        yield
    finally:
        os.close(handle)


def require_free(port: int) -> None:
    """Raises UserError where something listens on `port` of this machine: asked before minutes of work, not after."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except OSError as error:
            raise UserError(
                "XZ-DEMO-05",
                zh=f"端口 {port} 用不了:{'已被占用' if error.errno == errno.EADDRINUSE else '没有权限'}",
                en=f"port {port} cannot be used: {error.strerror}",
                todo_zh=f"换一个端口:--port {port % 65535 + 1}",
                todo_en=f"take another one: --port {port % 65535 + 1}",
            ) from error


def _running(folder: Path, port: str) -> UserError:
    return UserError(
        "XZ-DEMO-04",
        zh=f"{folder} 里的演示正在准备或运行:http://127.0.0.1:{port}/",
        en=f"the demonstration in {folder} is being prepared or running: http://127.0.0.1:{port}/",
        todo_zh=(
            f"登录链接:XIEZHI_HOME={folder} XIEZHI_MODE=demo xiezhi demo-links;"
            "要另造一座,先用 Ctrl-C 结束,或用 --dir 指定别的目录"
        ),
        todo_en=(
            f"links to sign in: XIEZHI_HOME={folder} XIEZHI_MODE=demo xiezhi demo-links; "
            "to make another, end it with Ctrl-C first, or name another folder with --dir"
        ),
    )
