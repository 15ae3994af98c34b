"""A private PostgreSQL in the data folder, for whoever is not given one: a second to start, nothing to install.

It listens on a unix socket only, in a folder that nobody else may enter; there are no passwords to keep because there is
no other way in. Web, worker and command line share one server: the first starts it, and the last to leave stops it. Who
uses it is counted by file locks, so a process that was killed is not waited for, and a server that was killed, or that
outlived its last user, is started or joined by the next.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from xiezhi.kernel.errors import IntegrityError, RetryableError, UserError
from xiezhi.web.database.address import LONGEST_SOCKET, SOCKET, data_folder, forget_short_name, socket_folder, url
from xiezhi.web.database.binaries import HERE, ServerAccount, account, in_wheel, major_version, program
from xiezhi.web.database.membership import Membership
from xiezhi.web.database.remains import disown, listens, said_of_itself
from xiezhi.web.database.server_settings import written_settings

__all__ = ["ADMIN", "LONGEST_SOCKET", "SOCKET", "Embedded", "socket_folder", "start", "url"]

ADMIN = "postgres"
"""The superuser of a private PostgreSQL. The application never connects as it."""

PATIENCE = 300
"""Seconds that PostgreSQL may take to recover after a power cut before we give up on it."""

ENDING = 30
"""Seconds that it may take to stop."""

ATTEMPTS, PAUSE = 20, 0.25
"""How often and how long (seconds) the remains of a killed server are waited for."""

REFUSING = 1
"""What pg_isready answers of a server that recovers."""

_joined: dict[Path, Embedded] = {}


@dataclass
class Embedded:
    """One private PostgreSQL and this process's part in it."""

    folder: Path
    membership: Membership
    account: ServerAccount = field(init=False)

    def __post_init__(self) -> None:
        self.account = account(self.data)

    @property
    def data(self) -> Path:
        return data_folder(self.folder)

    @property
    def log(self) -> Path:
        """What the server said while starting; its later words are in `data/log`, a file for each day of the week."""
        return self.folder / "start.log"

    @property
    def socket_folder(self) -> Path:
        return socket_folder(self.folder)

    def url(self, role: str = ADMIN, database: str = ADMIN) -> str:
        return url(self.folder, role, database)

    def running(self) -> bool:
        return self.data.exists() and self._control("status") == 0

    def listening(self) -> bool:
        """Whether it takes connections now: one system call, where `running` asks pg_ctl."""
        return listens(self.socket_folder / SOCKET)

    def leave(self) -> None:
        """This process needs the server no longer. If nobody else does either, it is stopped."""
        if not self.membership.mine:
            return
        with self.membership.gate():
            if self.membership.leave():
                self._stop()
        _joined.pop(self.folder, None)

    def stop(self) -> None:
        """Stop the server now, whoever uses it."""
        with self.membership.gate():
            self._stop()
            self.membership.leave()
        _joined.pop(self.folder, None)

    def __enter__(self) -> Embedded:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.leave()

    def _stop(self) -> None:
        """At once where it does not end: told to stop in the middle of a recovery, it may wait for ever for itself.
        That costs the next start another recovery, and loses nothing.
        """
        if self.running() and self._control("stop", "-m", "fast", "-t", str(ENDING)):
            self._control("stop", "-m", "immediate")
        forget_short_name(self.folder)

    def _control(self, verb: str, *options: str) -> int:
        """What pg_ctl answers."""
        return self.account.run(self.data, *self._command(verb), *options, seconds=PATIENCE + 30).returncode

    def _start(self) -> int:
        """The server keeps the log open that it was started with; asking for its words would wait for its end."""
        with self.log.open("ab") as log:
            return self.account.run(self.data, *self._command("start"), log=log, seconds=PATIENCE + 30).returncode

    def _command(self, verb: str) -> tuple[str | Path, ...]:
        waiting = () if verb == "status" else ("-w", "-t", str(PATIENCE))
        return (program("pg_ctl"), verb, "-D", HERE, *waiting)

    def _ensure_running(self) -> None:
        if self._is_serving():
            return
        self._make_cluster()
        for attempt in range(ATTEMPTS):
            written_settings(self.data, self.account)
            before = self._spoken()
            if self._start() == 0:
                return
            # The children of a killed server see its death within a moment; until then their memory is in the way.
            words = self._words(before)
            if attempt == ATTEMPTS - 1 or "shared memory block" not in words:
                raise self._will_not_start(words)
            time.sleep(PAUSE)

    def _is_serving(self) -> bool:
        """Whether a server runs and answers. One that was killed may seem to run for a moment: that is waited for."""
        for _ in range(ATTEMPTS):
            disown(self.data / "postmaster.pid", self.data)
            disown(self.data / f"{SOCKET}.lock", self.data)
            if not self.running():
                return False
            if self.listening():
                if self._recovers():
                    return True
                break
            if not (self.data / SOCKET).exists() and said_of_itself(self.data) == "ready":
                break  # Its socket was swept away: it runs, and nobody can reach it.
            time.sleep(PAUSE)
        self._stop()
        return False

    def _recovers(self) -> bool:
        """Waits for a server that listens and yet refuses everybody: one of its processes was killed, or it is ending.

        False where it comes to no end.
        """
        ask = (program("pg_isready"), "-q", "-h", str(self.socket_folder))
        begun = time.monotonic()
        while subprocess.run(ask, check=False).returncode == REFUSING:
            patience = ENDING if said_of_itself(self.data) == "stopping" else PATIENCE
            if time.monotonic() - begun > patience:
                return False
            time.sleep(PAUSE)
        return self.listening()

    def _logs(self) -> list[Path]:
        return [self.log, *(self.data / "log").glob("*.log")]

    def _spoken(self) -> dict[Path, int]:
        return {path: path.stat().st_size for path in self._logs() if path.exists()}

    def _words(self, before: dict[Path, int]) -> str:
        """What the server has said since."""
        said = (path.read_bytes()[before.get(path, 0) :] for path in self._logs() if path.exists())
        return b"".join(said).decode("utf-8", "replace")

    def _will_not_start(self, said: str) -> RetryableError:
        serious = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        words = serious[-1:] or said.splitlines()[-1:] or [""]
        return RetryableError(
            "XZ-DB-03",
            zh=f"自带的 PostgreSQL 未能启动:{words[0]}",
            en=f"the private PostgreSQL does not start: {words[0]}",
            todo_zh=f"查看 {self.log} 和 {self.data / 'log'};磁盘是否已满?",
            todo_en=f"read {self.log} and {self.data / 'log'}; is the disk full?",
        )

    def _make_cluster(self) -> None:
        """A new cluster, made beside and renamed, so that a power cut leaves none rather than half of one."""
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            return
        beside = self.folder / "data.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        self.account.own(beside)
        options = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        trust = ("--auth-local=trust", "--auth-host=reject")
        done = self.account.run(beside, program("initdb"), "-D", HERE, "-U", ADMIN, "--data-checksums", *options, *trust)
        if done.returncode != 0:
            raise UserError(
                "XZ-DB-04",
                zh=f"无法建立数据库:{done.stderr[-300:].strip()}",
                en=f"the database could not be made: {done.stderr[-300:].strip()}",
                todo_zh=f"检查 {self.folder} 的权限和剩余空间",
                todo_en=f"check the rights and the free space of {self.folder}",
            )
        beside.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = major_version(program("postgres"))
        if made_by != str(ours):
            raise IntegrityError(
                "XZ-DB-05",
                zh=f"数据库由 PostgreSQL {made_by} 建立,现在的程序是 {ours}",
                en=f"the database was made by PostgreSQL {made_by}; the program here is {ours}",
                todo_zh="用旧版本的 xiezhi 备份,再用新版本恢复",
                todo_en="back up with the former xiezhi, then restore with the new one",
            )


def start(folder: Path) -> Embedded:
    """The PostgreSQL of this folder: made, started or joined, as need be. This process leaves it when it ends.

    Call it again to bring back a server that was killed.
    """
    folder = Path(folder).absolute()
    known = _joined.get(folder)
    server = known if known is not None and known.membership.mine else Embedded(folder, Membership(folder))
    _make_folder(server)
    with server.membership.gate():
        server._ensure_running()
        server.membership.join()
    if known is not server:
        _joined[folder] = server
        atexit.register(server.leave)
    return server


def _make_folder(server: Embedded) -> None:
    if in_wheel() is None:
        program("initdb")
    try:
        server.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        server.folder.chmod(0o700)
        server.account.reach(program("postgres"))
    except PermissionError as error:
        raise UserError(
            "XZ-DB-06",
            zh=f"不能使用目录 {server.folder}:属于另一个用户",
            en=f"the folder {server.folder} cannot be used: it is another user's",
            todo_zh="用建立它的用户运行,或另选 XIEZHI_HOME",
            todo_en="run as the user who made it, or choose another XIEZHI_HOME",
        ) from error
