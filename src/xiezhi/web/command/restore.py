"""xiezhi restore"""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from xiezhi.cli.terminal import TerminalProgress, err, out, say
from xiezhi.web.command.backup import ADMIN_VARIABLE, admin_url, passphrase_of, passphrase_option
from xiezhi.web.command.database import reachable
from xiezhi.web.database.restore import Report, restore


@click.command("restore")
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@passphrase_option
def command(backup: Path, passphrase_file: Path | None) -> None:
    """恢复到空的数据目录和空的数据库,并逐一核对 / restore into an empty data folder and an empty database, and compare.

    The data folder is XIEZHI_HOME. At a site XIEZHI_BACKUP_URL is the database as a role that may make it.
    """
    with TerminalProgress() as progress, reachable() as server:
        report = restore(
            backup,
            settings.XIEZHI_HOME,
            admin_url(server, ADMIN_VARIABLE),
            passphrase=passphrase_of(passphrase_file),
            progress=progress,
        )
    out().print(summary(report), soft_wrap=True)
    if report.key_elsewhere:
        err().print(
            say(
                "身份库密钥不在备份中:请放回 XIEZHI_KEY_FILE",
                "the vault's key is not in the backup: put it back at XIEZHI_KEY_FILE",
            )
        )
    err().print(
        say(
            '接着:xiezhi migrate,然后 xiezhi audit resume --why "恢复备份"',
            'next: xiezhi migrate, then xiezhi audit resume --why "restored a backup"',
        )
    )


def summary(report: Report) -> str:
    """One line of figures."""
    return say(
        f"{report.made_at} 的备份:{report.tables} 张表、{report.rows} 行,{report.files} 个文件、{report.bytes >> 20} MB,全部一致",
        f"backup of {report.made_at}: {report.tables} tables with {report.rows} rows,"
        f" {report.files} files of {report.bytes >> 20} MB, all equal",
    )
