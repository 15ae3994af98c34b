"""xiezhi restore"""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from xiezhi.cli.terminal import TerminalProgress, out, say
from xiezhi.web.cli.database import admin_url, passphrase_of, reachable
from xiezhi.web.database.restore import Report, restore


@click.command("restore")
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="密钥的口令 / of the keys.")
def command(backup: Path, passphrase_file: Path | None) -> None:
    """恢复到空的数据目录和空的数据库,并逐一比对哈希 / into an empty data folder and database, comparing every hash.

    Example: XIEZHI_HOME=/var/lib/xiezhi-new xiezhi restore /var/backups/xiezhi/2026-11-23T0130
    """
    # The database to restore into is made by it.
    with reachable(answering=False) as server, TerminalProgress() as progress:
        report = restore(
            backup, settings.XIEZHI_HOME, admin_url(server), passphrase=passphrase_of(passphrase_file), progress=progress
        )
    out().print(summary(report))


def summary(report: Report) -> str:
    """What was restored, and what differs."""
    lines = [
        say(
            f"{report.tables} 张表 {report.rows:,} 行、{report.files} 个文件,逐一比对",
            f"{report.tables} tables of {report.rows:,} rows and {report.files} files compared",
        )
    ]
    lines += [f"✗ {one.name}: {one.expected[:16]} ≠ {one.found[:16]}" for one in report.differences]
    if report.equal:
        lines.append(say("✓ 全部一致", "✓ all equal"))
    if report.key_elsewhere:
        lines.append(
            say(
                "身份库密钥不在备份里:放回 XIEZHI_KEY_FILE 所指之处",
                "the vault's key is not in the backup: put it back where XIEZHI_KEY_FILE points",
            )
        )
    return "\n".join(lines)
