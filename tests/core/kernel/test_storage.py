"""A disk that refuses is named as such, whichever library ran into it; nothing else is taken for it."""

from __future__ import annotations

import errno
import sqlite3

import duckdb
import pytest

from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.storage import refused_by_the_disk

FULL, RIGHTS = ("XZ-DISK-01", 6), ("XZ-DISK-02", 2)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/lake/a.parquet"), FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
        (OSError(errno.EROFS, "Read-only file system", "/lake/x"), RIGHTS),
        (PermissionError(errno.EACCES, "Permission denied", "/lake/x"), RIGHTS),
        (sqlite3.OperationalError("database or disk is full"), FULL),
        (sqlite3.OperationalError("attempt to write a readonly database"), RIGHTS),
        (sqlite3.OperationalError("unable to open database file"), RIGHTS),
        (duckdb.IOException('IO Error: Could not write file "/lake/v.wal": No space left on device'), FULL),
        (duckdb.IOException('IO Error: Cannot open file "/lake/vault.duckdb": Read-only file system'), RIGHTS),
    ],
)
def test_a_disk_that_refuses(error: Exception, told: tuple[str, int]) -> None:
    found = refused_by_the_disk(error)
    assert found is not None
    assert (found.code, found.exit_code) == told
    if "/lake/" in str(error):
        assert "/lake/" in found.message("zh")


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file or directory"),
        sqlite3.OperationalError("no such table: states"),
        duckdb.IOException("IO Error: Could not set lock on file"),
        ValueError("7"),
        RuntimeError("permission denied for table alerts_alert"),
        PermissionError(errno.EACCES, "Permission denied"),
        IntegrityError("X", zh="read-only file system", en="no space left"),
    ],
)
def test_other_errors_are_none(error: Exception) -> None:
    assert refused_by_the_disk(error) is None


@pytest.mark.parametrize("code", [errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG])
def test_a_path_that_is_none_is_named(code: int) -> None:
    said = refused_by_the_disk(OSError(code, "what the system calls it", "/lake/x"))
    assert said is not None
    assert (said.code, "/lake/x" in said.zh, said.exit_code) == ("XZ-DISK-03", True, 2)
