"""xiezhi backup"""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from xiezhi.cli.terminal import TerminalProgress, out, say
from xiezhi.web.audit.actions.sealing import seal
from xiezhi.web.cli.database import admin_url, passphrase_of, reachable
from xiezhi.web.database.backup import backup, remove_older
from xiezhi.web.database.restore import verify


@click.command("backup")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="加密密钥的口令 / seals the keys."
)
@click.option("--keep-days", type=click.IntRange(1), help="随后删除更早的备份 / remove older backups afterwards.")
def command(target: Path, passphrase_file: Path | None, keep_days: int | None) -> None:
    """备份数据库与数据目录,含每个文件和每张表的哈希 / database and data folder, with the hash of every file and table.

    Web and worker may go on meanwhile. Example: xiezhi backup /var/backups/xiezhi --passphrase-file /root/backup.pass
    """
    with reachable() as server, TerminalProgress() as progress:
        source = admin_url(server)
        seal()  # what the trail holds is witnessed before it is carried away
        passphrase = passphrase_of(passphrase_file)
        made = backup(settings.XIEZHI_HOME, source, target, passphrase=passphrase, progress=progress)
        verify(made, passphrase, progress)
    if keep_days:
        remove_older(target, keep_days)
    out().print(say(f"备份在 {made}", f"backed up to {made}"))
    if passphrase is None:
        out().print(
            say(
                "没有口令：其中的密钥未加密，谁拿到这份备份，谁就能打开保险库里的身份。请另用 --passphrase-file",
                "no passphrase: its keys are in clear, and whoever holds this backup can open the vault; use --passphrase-file",
            )
        )
