"""xiezhi drill"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xiezhi.cli.terminal import TerminalProgress, out, say
from xiezhi.web.cli.database import passphrase_of
from xiezhi.web.cli.restore import summary
from xiezhi.web.database.drill import drill


@click.command("drill")
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="密钥的口令 / of the keys.")
def command(backup: Path, passphrase_file: Path | None) -> None:
    """恢复演练:恢复到临时的空库,比对全部哈希 / restore into a temporary empty cluster and compare all hashes.

    Exit code 1 where anything differs. Example: xiezhi drill /var/backups/xiezhi/2026-11-23T0130
    """
    with TerminalProgress() as progress:
        report = drill(backup, passphrase=passphrase_of(passphrase_file), progress=progress)
    out().print(summary(report.report))
    out().print(say(f"用时 {report.seconds:.0f} 秒", f"took {report.seconds:.0f} s"))
    sys.exit(not report.equal)
