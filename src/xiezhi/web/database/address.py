"""Where a private PostgreSQL is reached: a socket in its data folder, by a short name where that path is too long for one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

from xiezhi.kernel.errors import UserError

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 103
"""Bytes of a socket's path that every system takes (Linux 107, macOS 103)."""


def url(folder: Path, role: str, database: str) -> str:
    """How to reach the PostgreSQL of this folder. Does not start it."""
    return f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}?host={quote(str(socket_folder(folder)), safe='')}"


def data_folder(folder: Path) -> Path:
    return Path(folder).absolute() / "data"


def socket_folder(folder: Path) -> Path:
    """The folder that libpq is told. The server itself names its socket from within and knows no long paths.

    A short name is a link among the temporary files, made on the way. Each process makes it for itself, so that one with
    temporary files of its own, or after these were swept, finds its way.
    """
    data = data_folder(folder)
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET:
        return data
    link = _short(data)
    try:
        link.symlink_to(data)
    except FileExistsError:
        _check(link, data)
    return link


def forget_short_name(folder: Path) -> None:
    data = data_folder(folder)
    link = _short(data)
    if link.is_symlink() and link.readlink() == data:
        link.unlink(missing_ok=True)


def _short(data: Path) -> Path:
    name = f"xz-{os.geteuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    ours = Path(tempfile.gettempdir(), name)
    return ours if len(os.fsencode(ours / SOCKET)) <= LONGEST_SOCKET else Path("/tmp", name)


def _check(link: Path, data: Path) -> None:
    """Anybody may put a link among the temporary files; only our own is followed, lest it lead to another's server."""
    if link.lstat().st_uid != os.geteuid() or not link.is_symlink() or link.readlink() != data:
        raise UserError(
            "XZ-DB-08",
            zh=f"{link} 不是本程序所建",
            en=f"{link} is not of our making",
            todo_zh="查明它的来历并删除,或换一个更短的 XIEZHI_HOME",
            todo_en="find out where it comes from and remove it, or choose a shorter XIEZHI_HOME",
        )
