"""What keeps people honest, looked at from outside: definitions in the database, the trail and its sealer, files, settings."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from django.conf import settings
from django.db import connection

from xiezhi.kernel import clock
from xiezhi.web.audit import places
from xiezhi.web.audit.context import UNIX
from xiezhi.web.audit.keys import PRIVATE, PUBLIC
from xiezhi.web.audit.places import CopyState, copy_state
from xiezhi.web.audit.reading import oldest_waiting, reading_the_trail
from xiezhi.web.database.shape import differences
from xiezhi.web.doctor.finding import DoctorFinding, note, well, wrong

UNSEALED = timedelta(minutes=10)
"""An event is sealed a few seconds after it was written; one that waits so long waits for a sealer that does not work."""

NAMED = 3
"""Definitions that a finding names."""

WIDE = 2**16
"""Addresses of a network that is no proxy."""


def shape() -> Iterator[DoctorFinding]:
    """Whether what binds the application is as the last migration left it."""
    connection.ensure_connection()
    found = differences(Path(settings.XIEZHI_HOME), connection.connection)
    if found is None:
        yield note(
            "database.shape_unknown",
            ("没有记下迁移后的数据库定义,改动看不出来", "what the migration left in the database was not written down"),
            ("运行 xiezhi migrate", "run xiezhi migrate"),
        )
    elif found:
        number = len(found.added) + len(found.gone)
        named = "; ".join(line[:90] for line in (*found.gone, *found.added)[:NAMED])
        yield wrong(
            "database.shape",
            (
                f"数据库定义在迁移之后被改动 {number} 处:{named}",
                f"{number} definitions were altered: {named}",
            ),
            (
                "查明是谁改的;改回去,或经 xiezhi migrate 重新记下",
                "find out who did it; put them back, or have xiezhi migrate write them down anew",
            ),
        )
    else:
        yield well("database.shape", "数据库定义与迁移后一致", "the database is defined as the migration left it")


def sealing() -> Iterator[DoctorFinding]:
    """Whether the trail is being sealed."""
    with reading_the_trail():
        oldest = oldest_waiting()
    if oldest is not None and clock.now() - oldest > UNSEALED:
        yield wrong(
            "trail.unsealed",
            (
                f"从 {clock.local(oldest):%m-%d %H:%M} 起的审计事件没有封存",
                f"unsealed since {oldest:%m-%d %H:%M} UTC",
            ),
            ("看服务日志里封存的报错;xiezhi audit verify", "look for the sealer's failures in the log; xiezhi audit verify"),
        )
    else:
        yield well("trail.sealed", "审计事件及时封存", "the trail is sealed as it grows")


def witness() -> Iterator[DoctorFinding]:
    """Key, checkpoints, and their second copy."""
    folder = places.keys()
    if ((folder / PUBLIC).exists() and not (folder / PRIVATE).exists()) or _empty(folder / PRIVATE):
        yield wrong(
            "trail.key",
            ("审计签名密钥不见了或是空的", "the key that signs the trail is missing or empty"),
            ("从备份恢复 keys/;不要新建", "restore keys/ from a backup; do not make a new one"),
        )
    if (folder / PUBLIC).exists() and not places.checkpoint_file().path.exists():
        yield wrong(
            "trail.checkpoints",
            ("审计检查点文件不见了", "the file of the trail's checkpoints is gone"),
            ("从副本或备份恢复;xiezhi audit verify", "restore it from the copy or a backup; xiezhi audit verify"),
        )
    state = copy_state()
    if state is CopyState.AWAY:
        yield wrong(
            "trail.copy",
            ("检查点的第二份副本读不到", "the second copy of the checkpoints cannot be read"),
            ("检查 XIEZHI_CHECKPOINT_COPY 指向的目录", "look at the folder that XIEZHI_CHECKPOINT_COPY names"),
        )
    elif state is CopyState.BEHIND:
        yield note(
            "trail.copy_behind",
            (
                "检查点的第二份副本缺失、落后或与本机不一致",
                "the second copy of the checkpoints is missing, behind, or not as the first",
            ),
            (
                "xiezhi audit verify;恢复过备份的,把旧副本移走存档,新副本会自动写出",
                "xiezhi audit verify; after a backup was restored, put the old copy away: a new one is written",
            ),
        )


def open_places() -> Iterator[DoctorFinding]:
    """Folders in which others could put a file of theirs in the place of ours."""
    home = Path(settings.XIEZHI_HOME)
    key = settings.XIEZHI_KEY_FILE
    folders = [home, home / "keys", home / "lake", home / "lake" / "vault", *([key.parent] if key else [])]
    writable = [str(one) for one in (*folders, settings.XIEZHI_CONTENT) if one and _mode(one) & 0o022]
    if writable:
        yield wrong(
            "files.writable",
            (f"别的账号可写入:{'、'.join(writable)}", f"others may write into {', '.join(writable)}"),
            ("chmod go-w,这些目录只归服务账号", "chmod go-w: these folders are the service's alone"),
        )
    if key and key.is_relative_to(home) and not settings.XIEZHI_DEMO:
        yield wrong(
            "keys.beside",
            ("身份库的密钥文件放在数据目录里", "the key of the identity vault lies among the data"),
            ("移到数据目录之外", "move it out of the data folder"),
        )


def admitted() -> Iterator[DoctorFinding]:
    """Settings that let everybody be somebody."""
    hosts = settings.ALLOWED_HOSTS
    if not settings.XIEZHI_DEMO and ("*" in hosts or not hosts or any("example" in host for host in hosts)):
        yield wrong(
            "hosts.any",
            ("XIEZHI_HOSTS 没有写成本站的主机名", "XIEZHI_HOSTS does not name this site"),
            ("写上本站的主机名", "name the hosts that the site answers to"),
        )
    wide = [text for text in settings.TRUSTED_PROXIES if _wide(str(text))]
    if wide:
        yield wrong(
            "proxies.any",
            (
                f"可信代理范围过大或写错:{'、'.join(map(str, wide))}",
                f"too wide, or no proxies: {', '.join(map(str, wide))}",
            ),
            ("只写反向代理自己的地址", "name the proxy's own address only"),
        )
    carried = [name for name in ("XIEZHI_OWNER_URL", "XIEZHI_BACKUP_URL") if os.environ.get(name)]
    if carried and not settings.XIEZHI_DEMO:
        yield note(
            "environment.owner",
            (f"{'、'.join(carried)} 在此进程的环境里", f"{', '.join(carried)} is in the environment"),
            (
                "只给 xiezhi migrate 和 xiezhi backup,不给服务",
                "give it to migrate and backup only, not to the service",
            ),
        )
    if os.environ.get("XIEZHI_KILL_AT") and not settings.XIEZHI_DEMO:
        yield wrong(
            "environment.test",
            ("设了测试用的 XIEZHI_KILL_AT", "XIEZHI_KILL_AT, which is for tests, is set"),
            ("去掉它", "unset it"),
        )


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0


def _empty(path: Path) -> bool:
    return path.exists() and not path.stat().st_size


def _wide(text: str) -> bool:
    if text == UNIX:
        return False
    try:
        return ip_network(text, strict=False).num_addresses > WIDE
    except ValueError:
        return True


WITHOUT_DATABASE = (witness, open_places, admitted)
WITH_DATABASE = (shape, sealing)
