"""Every way in which a set-up can be wrong that a program can see, one function each. None of them changes anything."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import SignInLink, User
from xiezhi.web.accounts.roles import ADMINISTRATORS
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.database.role_checks import check_app_role, check_presets
from xiezhi.web.database.roles import SEARCHABLE, is_searchable
from xiezhi.web.doctor import defences, ways_in
from xiezhi.web.doctor.finding import DoctorFinding, Grade, note, well, wrong

LEAST_FREE = 0.10
"""Share of the disk below which a note is made; a lake cannot be compacted on a full disk."""

BEHIND = "database.behind"

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

Check = Callable[[], Iterator[DoctorFinding]]


def examine() -> list[DoctorFinding]:
    """All findings, the well ones too. Where the database does not answer, only what needs none is looked at."""
    found = [finding for check in WITHOUT_DATABASE for finding in check()]
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return [
            *found,
            wrong(
                "database.unreachable",
                (f"数据库连不上:{error}", f"the database does not answer: {error}"),
                (
                    "检查 XIEZHI_DATABASE_URL,或数据目录里 postgres/start.log",
                    "check XIEZHI_DATABASE_URL, or postgres/start.log in the data folder",
                ),
            ),
        ]
    # Outside of any transaction: inside one these settings are what the doctor's own scope says.
    found += [DoctorFinding(one.code, Grade.WRONG, one.what, one.todo) for one in check_presets(connection.connection)]
    with system_scope("doctor"):
        for check in WITH_DATABASE:
            found += check()
            if any(finding.code == BEHIND for finding in found):
                break  # what else is asked of the database, an older one cannot answer
    return found


def keys() -> Iterator[DoctorFinding]:
    """Secrets that others on the machine could read."""
    folder = Path(settings.XIEZHI_HOME) / "keys"
    files = [
        *(file for file in folder.glob("*") if file.suffix != ".pub"),
        *([settings.XIEZHI_KEY_FILE] if settings.XIEZHI_KEY_FILE else []),
    ]
    open_to_others = [file.name for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077]
    if open_to_others:
        names = ", ".join(open_to_others)
        yield wrong(
            "keys.readable",
            (f"别人也能读的密钥:{names}", f"keys that others can read: {names}"),
            (f"chmod 600 {folder}/*", f"chmod 600 {folder}/*"),
        )
    else:
        yield well("keys.closed", "密钥只有本账号可读", "keys are readable by this account only")
    if settings.XIEZHI_KEY_FILE is not None and not settings.XIEZHI_KEY_FILE.exists():
        yield wrong(
            "keys.missing",
            (
                f"身份库的密钥文件 {settings.XIEZHI_KEY_FILE} 不存在",
                f"there is no key of the vault at {settings.XIEZHI_KEY_FILE}",
            ),
            (
                f"新站点执行 xiezhi vault new-key {settings.XIEZHI_KEY_FILE};否则把原来的密钥放回去",
                f"at a new site run xiezhi vault new-key {settings.XIEZHI_KEY_FILE}; else put the old key back",
            ),
        )
    if settings.XIEZHI_KEY_FILE is None and not settings.XIEZHI_DEMO:
        yield wrong(
            "keys.demonstration",
            ("身份库用的是演示密钥,和数据放在一起", "the identity vault uses the demonstration key, kept beside the data"),
            ("把密钥放到别处,设置 XIEZHI_KEY_FILE", "keep the key elsewhere and set XIEZHI_KEY_FILE"),
        )


def disk() -> Iterator[DoctorFinding]:
    usage = shutil.disk_usage(settings.XIEZHI_HOME)
    share = usage.free / usage.total
    if share < LEAST_FREE:
        yield note(
            "disk.filling",
            (f"磁盘只剩 {share:.0%}", f"the disk has {share:.0%} left"),
            ("清理旧备份或扩容", "remove old backups or add space"),
        )
    else:
        yield well("disk.free", f"磁盘剩余 {share:.0%}", f"the disk has {share:.0%} left")


def demonstration() -> Iterator[DoctorFinding]:
    """Demonstration mode anywhere but on this machine."""
    if settings.XIEZHI_DEMO and set(settings.ALLOWED_HOSTS) - set(LOOPBACK):
        yield wrong(
            "demo.exposed",
            ("演示模式对外开放", "demonstration mode is open to others"),
            ("去掉 XIEZHI_MODE=demo,或只留本机地址", "unset XIEZHI_MODE=demo, or keep to this machine's addresses"),
        )
    elif settings.XIEZHI_DEMO:
        yield note(
            "demo.mode",
            ("这是演示环境:登录链接可跳过第二因素", "this is a demonstration: sign-in links stand in for the second factor"),
            ("正式环境不要设置 XIEZHI_MODE=demo", "never set XIEZHI_MODE=demo at a site"),
        )


def transport() -> Iterator[DoctorFinding]:
    if settings.SESSION_COOKIE_SECURE:
        yield well("tls.cookies", "Cookie 只走加密连接", "cookies travel encrypted only")
    elif not settings.XIEZHI_DEMO:
        yield wrong(
            "tls.off",
            ("XIEZHI_HTTPS=no:会话 Cookie 会走明文", "XIEZHI_HTTPS=no: session cookies travel in clear"),
            (
                "在代理上启用 TLS,去掉 XIEZHI_HTTPS=no(见 deploy/)",
                "enable TLS at the proxy and unset XIEZHI_HTTPS=no (see deploy/)",
            ),
        )
    if settings.SESSION_COOKIE_SECURE and not settings.TRUSTED_PROXIES:
        yield note(
            "tls.proxy",
            (
                "没有说明可信代理:审计里的来源地址会是代理的",
                "no trusted proxy is named: addresses in the trail will be the proxy's",
            ),
            ("设置 XIEZHI_TRUSTED_PROXIES", "set XIEZHI_TRUSTED_PROXIES"),
        )


def who_runs() -> Iterator[DoctorFinding]:
    if os.geteuid() == 0 and not settings.XIEZHI_DEMO:
        yield note(
            "process.root",
            ("平台以 root 运行", "the platform runs as root"),
            ("用专门的系统账号(见 deploy/)", "use an account of its own (see deploy/)"),
        )


def checkpoints() -> Iterator[DoctorFinding]:
    if settings.XIEZHI_CHECKPOINT_COPY is None and not settings.XIEZHI_DEMO:
        yield note(
            "trail.one_copy",
            ("审计检查点只有一份,和数据在同一台机器", "the trail's checkpoints exist once, on the machine they witness"),
            ("设置 XIEZHI_CHECKPOINT_COPY 指到另一台机器的目录", "set XIEZHI_CHECKPOINT_COPY to a folder on another machine"),
        )


def row_security() -> Iterator[DoctorFinding]:
    """The same assertion that `serve` makes before it answers anyone."""
    found = check_app_role(connection)
    for one in found:
        yield DoctorFinding(one.code, Grade.WRONG, one.what, one.todo)
    if not found:
        yield well("database.role", "行级权限对应用有效", "row-level security binds the application")


def search() -> Iterator[DoctorFinding]:
    """Whether an index may serve a search: only a superuser can have said so."""
    with connection.cursor() as cursor:
        quick = is_searchable(cursor)
    if quick:
        yield well("database.search", "两字检索使用索引", "search is served by its index")
    else:
        yield note(
            "database.search_slow",
            ("检索不能使用索引，百万条预警时要数秒", "search cannot use its index: seconds among a million alerts"),
            (f"由数据库超级用户在本库执行：{SEARCHABLE}", f"have a superuser run in this database: {SEARCHABLE}"),
        )


def migrations() -> Iterator[DoctorFinding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield wrong(
            BEHIND,
            (f"有 {len(missing)} 个迁移未执行", f"{len(missing)} migrations have not run"),
            ("xiezhi migrate", "xiezhi migrate"),
        )
    else:
        yield well("database.schema", "数据库结构是最新的", "the schema is up to date")


def administrators() -> Iterator[DoctorFinding]:
    held = set(User.objects.filter(is_active=True, posts__isnull=False, duty__in=ADMINISTRATORS).values_list("duty", flat=True))
    missing = sorted(ADMINISTRATORS - held)
    if missing:
        yield wrong(
            "people.administrators",
            (f"三员不全:缺 {', '.join(missing)}", f"an administrator is missing: {', '.join(missing)}"),
            ("打开首次使用链接,或由另两员补设", "open the first-run link, or let the other two appoint one"),
        )
    else:
        yield well("people.three", "三员齐全", "all three administrators are there")


def links() -> Iterator[DoctorFinding]:
    """Sign-in links of a demonstration that were carried into a site."""
    if (
        not settings.XIEZHI_DEMO
        and SignInLink.objects.filter(user__isnull=False, used_at__isnull=True, expires_at__gt=clock.now()).exists()
    ):
        yield wrong(
            "demo.links",
            ("数据库里有演示用的登录链接", "the database holds demonstration sign-in links"),
            ("这份数据来自演示,不要当作正式环境", "this data comes from a demonstration; do not run it as a site"),
        )


def time() -> Iterator[DoctorFinding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(clock.now() - cursor.fetchone()[0])
    if apart > timedelta(seconds=5):
        yield note(
            "clock.apart",
            (
                f"本机与数据库时钟相差 {apart.total_seconds():.0f} 秒",
                f"this machine and the database differ by {apart.total_seconds():.0f} s",
            ),
            ("两台机器都对时", "synchronise both clocks"),
        )


def environment() -> Iterator[DoctorFinding]:
    """Names that look like settings and are none: a misspelt one silently does nothing."""
    for name in sorted(os.environ):
        if name.startswith("XIEZHI_") and name not in settings.XIEZHI_VARIABLES:
            yield note(
                "environment.unknown",
                (f"不认识的环境变量 {name}", f"unknown environment variable {name}"),
                ("核对拼写(docs/reference/settings.md)", "check the spelling (docs/reference/settings.md)"),
            )


WITHOUT_DATABASE: tuple[Check, ...] = (
    environment,
    keys,
    disk,
    demonstration,
    transport,
    who_runs,
    checkpoints,
    *ways_in.CHECKS,
    *defences.WITHOUT_DATABASE,
)
WITH_DATABASE: tuple[Check, ...] = (row_security, search, migrations, *defences.WITH_DATABASE, administrators, links, time)
