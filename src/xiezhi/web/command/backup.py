"""xiezhi backup"""

from __future__ import annotations

import os
from pathlib import Path

import click
from django.conf import settings

from xiezhi.cli.terminal import TerminalProgress, err, out, say
from xiezhi.kernel.errors import UserError
from xiezhi.web.command.database import reachable
from xiezhi.web.database import backup as backups
from xiezhi.web.database import drill as drills
from xiezhi.web.database import restore
from xiezhi.web.database.embedded import Embedded

ADMIN_VARIABLE = "XIEZHI_BACKUP_URL"

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="口令文件(第一行)/ file whose first line is the passphrase of the keys.",
)


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@passphrase_option
@click.option("--drill", "rehearse", is_flag=True, help="随后演练恢复 / rehearse restoring it afterwards.")
@click.option("--keep-days", type=click.IntRange(1), help="此后删除更早的备份 / then remove backups older than this.")
def command(folder: Path, passphrase_file: Path | None, rehearse: bool, keep_days: int | None) -> None:
    """备份数据库、数据湖、身份库和密钥,不停机 / back up database, lake, vault and keys, while everybody works.

    Writes a new folder below FOLDER and reads it back. At a site XIEZHI_BACKUP_URL is the database as a role that sees every row.
    """
    passphrase = passphrase_of(passphrase_file)
    with TerminalProgress() as progress, reachable() as server:
        made = backups.backup(
            settings.XIEZHI_HOME, admin_url(server, ADMIN_VARIABLE), folder, passphrase=passphrase, progress=progress
        )
        restore.verify(made, passphrase, progress)
        if rehearse:
            drills.drill(made, passphrase=passphrase, progress=progress).require_equal()
    if keep_days:
        backups.remove_older(folder, keep_days)
    if passphrase is None:
        err().print(
            say(
                f"密钥在 {made / 'keys.json'},没有口令保护:请另行保管",
                f"the keys are in {made / 'keys.json'}, under no passphrase: keep that file apart",
            )
        )
    out().print(str(made), soft_wrap=True)


def admin_url(server: Embedded | None, variable: str) -> str:
    """The database as a role that sees every row: the embedded one's administrator, or whom a site names."""
    if server is not None:
        return server.url(database=settings.DATABASE_NAME)
    if not os.environ.get(variable):
        raise UserError(
            "XZ-BK-50",
            zh=f"未设置 {variable}",
            en=f"{variable} is not set",
            todo_zh="设为看得到全部数据的角色的数据库地址,见 docs/how-to/back-up-and-restore.md",
            todo_en="set it to the database as a role that sees every row, see docs/how-to/back-up-and-restore.md",
        )
    return os.environ[variable]


def passphrase_of(file: Path | None) -> str | None:
    return None if file is None else (file.read_text("utf-8").splitlines() or [""])[0]
