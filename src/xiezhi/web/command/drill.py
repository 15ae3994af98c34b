"""xiezhi drill"""

from __future__ import annotations

from pathlib import Path

import click

from xiezhi.cli.terminal import TerminalProgress, out, say
from xiezhi.web.command.backup import passphrase_of, passphrase_option
from xiezhi.web.command.restore import summary
from xiezhi.web.database.drill import drill


@click.command("drill")
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@passphrase_option
@click.option(
    "--in", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="临时目录 / where to rehearse."
)
def command(backup: Path, passphrase_file: Path | None, folder: Path | None) -> None:
    """演练恢复:在临时数据库中恢复、核对、删除 / rehearse a restore: into a database of its own, compared, thrown away.

    Touches nothing of the site. Exit code 5 if anything differs.
    """
    with TerminalProgress() as progress:
        done = drill(backup, passphrase=passphrase_of(passphrase_file), folder=folder, progress=progress)
    done.require_equal()
    out().print(summary(done.report) + say(f",用时 {done.seconds:.0f} 秒", f", in {done.seconds:.0f} s"), soft_wrap=True)
