"""Which PostgreSQL a command works on: the site's own, or the embedded one, started if need be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connections, transaction

from xiezhi.kernel.errors import UserError
from xiezhi.web.config.settings import ENVIRONMENT
from xiezhi.web.database import embedded, roles

LOCK = 0x78_7A_6D_67
"""Two that migrate at once: PostgreSQL fails one of two that replace the same function."""


@contextmanager
def reachable(*, answering: bool = True) -> Iterator[embedded.Embedded | None]:
    """The database answers inside; an embedded one is started and shared with whoever else uses it.

    Raises RetryableError where a site's own does not answer, unless that is what is to be found out.
    """
    if ENVIRONMENT.database_url:
        if answering:
            _ask()
        yield None
        return
    with embedded.start(settings.XIEZHI_HOME / "postgres") as server:
        try:
            yield server
        finally:
            connections.close_all()


def _ask() -> None:
    try:
        connections["default"].ensure_connection()
    except OperationalError as error:
        raise roles.unreachable(error) from error


def require_owner() -> None:
    """Raises UserError where migrations cannot run: the application's own role may not change tables."""
    if "owner" not in settings.DATABASES:
        raise UserError(
            "XZ-DB-23",
            zh="迁移要用库表所有者的身份,这里只有应用的身份",
            en="migrating needs the owner of the tables; only the application's role is known here",
            todo_zh="设置 XIEZHI_OWNER_URL(只在迁移时需要)",
            todo_en="set XIEZHI_OWNER_URL, needed for migrating only",
        )


def prepare(server: embedded.Embedded | None) -> None:
    """Roles and functions of an embedded PostgreSQL. A site's administrator makes its roles, once; the functions are the
    owner's, and a new version may have new ones."""
    if server is not None:
        roles.prepare(server.url(), settings.DATABASE_NAME)
        return
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        roles.install_functions(cursor.connection)


def require_demonstration() -> None:
    """Raises UserError at a site: nothing of the demonstration works there."""
    if not settings.XIEZHI_DEMO:
        raise UserError(
            "XZ-DEMO-03",
            zh="这不是演示环境",
            en="this is no demonstration",
            todo_zh="用 xiezhi demo 建一个演示;已有一个的,以 XIEZHI_HOME 指明它的目录,XIEZHI_MODE=demo",
            todo_en="make one with xiezhi demo; where there is one, name its folder by XIEZHI_HOME, with XIEZHI_MODE=demo",
        )


def admin_url(server: embedded.Embedded | None) -> str:
    """The database as whoever sees every row of it: the embedded one's superuser, or whom the site names for backups.

    Its owner will not do: row-level security binds the owner as well. Raises UserError where nobody is named.
    """
    if server is not None:
        return server.url(database=settings.DATABASE_NAME)
    if not os.environ.get("XIEZHI_BACKUP_URL"):
        raise UserError(
            "XZ-BK-50",
            zh="未设置 XIEZHI_BACKUP_URL",
            en="XIEZHI_BACKUP_URL is not set",
            todo_zh="设为看得到全部数据的角色的数据库地址,见 docs/how-to/back-up-and-restore.md",
            todo_en="set it to the database as a role that sees every row, see docs/how-to/back-up-and-restore.md",
        )
    return os.environ["XIEZHI_BACKUP_URL"]


def passphrase_of(file: Path | None) -> str | None:
    """The first line of a file; a passphrase on the command line would be seen by everyone on the machine."""
    if file is None:
        return None
    first = file.read_text().partition("\n")[0].strip("\r")
    if not first:
        raise UserError(
            "XZ-BK-51",
            zh=f"{file} 的第一行是空的",
            en=f"the first line of {file} is empty",
            todo_zh="口令写在第一行",
            todo_en="write the passphrase into the first line",
        )
    return first
