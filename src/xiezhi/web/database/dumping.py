"""PostgreSQL's own programs at work: a dump of one database, and its way back. Passwords go by the environment, not `ps`."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.kernel.progress import Progress
from xiezhi.web.database.binaries import client

POLL = 0.2
JOBS = 2

LIBPQ = {
    name: f"PG{name.upper()}"
    for name in (
        *("host", "hostaddr", "port", "user", "password", "passfile", "service", "options", "sslmode", "sslrootcert"),
        *("sslcert", "sslkey"),
    )
} | {"dbname": "PGDATABASE"}
"""What a URL may say, and the variable by which libpq is told the same."""


def dump(admin_url: str, snapshot: str, target: Path, server: int, progress: Progress) -> None:
    """Write the database as `snapshot` (of an open transaction) sees it. `server`: PostgreSQL's major version."""
    command: list[str | Path] = [
        client("pg_dump", server),
        "--format=custom",
        "--no-password",
        f"--snapshot={snapshot}",
        f"--file={target}",
    ]
    _run(command, admin_url, target, progress, "dump")


def load(admin_url: str, source: Path, server: int, progress: Progress) -> None:
    """Fill an empty database. Stops at the first fault; the caller drops what was filled."""
    name = str(conninfo_to_dict(admin_url)["dbname"])
    command: list[str | Path] = [
        client("pg_restore", server),
        "--exit-on-error",
        "--no-password",
        f"--jobs={JOBS}",
        f"--dbname={name}",
        source,
    ]
    _run(command, admin_url, source, progress, "load")


def _run(command: list[str | Path], admin_url: str, file: Path, progress: Progress, stage: str) -> None:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=_environment(admin_url), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            while process.poll() is None:
                progress.step(stage, file.stat().st_size if file.exists() else 0, 0)
                if progress.cancelled():
                    raise cancelled()
                time.sleep(POLL)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        said.seek(0)
        words = said.read().decode("utf-8", "replace").strip()
    if process.returncode != 0:
        raise _failed(stage, words)


def _environment(admin_url: str) -> dict[str, str]:
    """How libpq is told where to connect and as whom."""
    given = {name: str(value) for name, value in conninfo_to_dict(admin_url).items() if value is not None}
    return os.environ | {LIBPQ[name]: value for name, value in given.items() if name in LIBPQ} | {"LC_ALL": "C"}


def database_of(admin_url: str) -> str:
    """The database that a URL names. Raises UserError where it names none."""
    name = conninfo_to_dict(admin_url).get("dbname")
    if not name:
        raise UserError(
            "XZ-BK-20",
            zh="数据库地址中没有数据库名",
            en="the database's address names no database",
            todo_zh="例如 postgresql://管理员@主机/xiezhi",
            todo_en="for example postgresql://administrator@host/xiezhi",
        )
    return str(name)


def maintenance(admin_url: str) -> str:
    """The same server, another database: one cannot be made or dropped from inside."""
    return make_conninfo(admin_url, dbname="postgres" if database_of(admin_url) != "postgres" else "template1")


def cancelled() -> UserError:
    return UserError("XZ-BK-21", zh="已取消,没有留下任何东西", en="cancelled; nothing was left behind")


def _failed(stage: str, words: str) -> RetryableError | UserError:
    last = (words.splitlines() or ["?"])[-1]
    if "row-level security" in words:
        return UserError(
            "XZ-BK-22",
            zh=f"此账户看不到全部数据,备份会不完整:{last}",
            en=f"this account does not see everything, the backup would lack rows: {last}",
            todo_zh="用超级用户或有 BYPASSRLS 的角色",
            todo_en="do it as a superuser or a role with BYPASSRLS",
        )
    return RetryableError(
        "XZ-BK-23",
        zh=f"{'导出' if stage == 'dump' else '导入'}数据库失败:{last}",
        en=f"the database could not be {'dumped' if stage == 'dump' else 'loaded'}: {last}",
        todo_zh="查看原因(磁盘、网络、权限),再试一次",
        todo_en="look at the reason (disk, network, rights) and try again",
    )
