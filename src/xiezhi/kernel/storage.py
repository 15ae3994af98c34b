"""What it means when a disk refuses: said in words, whichever library ran into it."""

from __future__ import annotations

import errno
import re

from xiezhi.kernel.errors import RetryableError, UserError, XiezhiError

_FULL = re.compile(r"no space left|disk is full|disk quota exceeded|out of disk space|file too large", re.IGNORECASE)
_READ_ONLY = re.compile(r"read-only file system|readonly database|read-only database", re.IGNORECASE)
_NO_RIGHT = re.compile(r"permission denied|operation not permitted|unable to open database file", re.IGNORECASE)
_NOWHERE = re.compile(r"(?!)")  # told by its number alone: the texts of libraries say "no such file" of much else
_ERRNO = {
    errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL, errno.EROFS: _READ_ONLY, errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT, errno.ENOENT: _NOWHERE, errno.ENOTDIR: _NOWHERE, errno.ELOOP: _NOWHERE, errno.ENAMETOOLONG: _NOWHERE,
}  # fmt: skip
_SHARED_MEMORY = ("SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP")
"""SQLite's words for a disk without room for the file that its readers share; as text it says "disk I/O error" for everything."""
_TELL_AS_TEXT = frozenset({"sqlite3", "duckdb", "_duckdb"})
_PATH = re.compile(r"[\"'](/[^\"']+)[\"']")


def refused_by_the_disk(error: BaseException) -> XiezhiError | None:
    """The same for a person, where a disk without room or rights, or a path that is none, is the reason; None for others.

    RetryableError (exit code 6) where room would help, UserError (2) where rights or another path would. SQLite and DuckDB tell
    it as text only; in a text of others (PostgreSQL's "permission denied for table") the words mean something else.
    """
    if isinstance(error, XiezhiError):
        return None
    text, path = str(error), str(getattr(error, "filename", None) or "")
    kind = _ERRNO.get(error.errno or 0) if isinstance(error, OSError) else None
    if getattr(error, "sqlite_errorname", "") in _SHARED_MEMORY:
        kind = _FULL
    elif type(error).__module__.partition(".")[0] in _TELL_AS_TEXT:
        kind = next((one for one in (_FULL, _READ_ONLY, _NO_RIGHT) if one.search(text)), None)
        path = found[1].rstrip("\\") if (found := _PATH.search(text)) else ""
    elif kind is _NO_RIGHT and not path:
        return None  # a port, a process: rights to something that is no file
    if kind is _FULL:
        return _full(path)
    if kind is _NOWHERE:
        return _nowhere(path) if path else None
    return _not_open(path, read_only=kind is _READ_ONLY) if kind else None


def _full(path: str) -> RetryableError:
    return RetryableError(
        "XZ-DISK-01",
        zh=f"磁盘已满,写不下{path and f' {path}'}",
        en=f"the disk is full{path and f'; {path} was not written'}",
        todo_zh="腾出空间再执行同一命令;已完成的部分保留",
        todo_en="make room, then run the same command again; what was finished is kept",
    )


def _nowhere(path: str) -> UserError:
    return UserError(
        "XZ-DISK-03",
        zh=f"{path} 不存在,或所在位置不能存放文件",
        en=f"{path} does not exist, or nothing can be kept in that place",
        todo_zh="核对路径:文件是否被移走、删除,链接是否指向自己;数据湖缺了文件的,用备份恢复",
        todo_en="check the path: was a file moved or deleted, does a link point to itself?"
        " A lake that lacks files is restored from its backup",
    )


def _not_open(path: str, *, read_only: bool) -> UserError:
    reason_zh, reason_en = ("所在磁盘是只读的", "its disk is read-only") if read_only else ("没有权限", "there is no right to")
    return UserError(
        "XZ-DISK-02",
        zh=f"{path or '数据湖'} 不能读写:{reason_zh}",
        en=f"{path or 'the lake'} cannot be read or written: {reason_en}",
        todo_zh="用有权限的账号执行,或把磁盘改为可写;只读的湖可以查看命中和可评估性",
        todo_en="run as an account that may, or make the disk writable; hits and coverage of a read-only lake can be read",
    )
