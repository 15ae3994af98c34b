"""xiezhi bench"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from xiezhi.kernel.errors import UserError


@click.command("bench")
@click.option(
    "--millions",
    default="1,10",
    show_default=True,
    help="支付行数(百万) / payments in millions, comma-separated; 100 on request.",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False),
    default="bench",
    show_default=True,
    help="目录 / folder for the cities (kept, reused).",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(millions: str, folder: str, form: str) -> None:
    """测量四项比值 / measure the four ratios: run, other libraries, intake, growth.

    Needs a checkout of the repository with its development requirements.

    Example: xiezhi bench --millions 1,10
    """
    checkout = Path(__file__).resolve().parents[3]
    if not (checkout / "benchmarks").is_dir():
        raise UserError("XZ-BENCH-01", zh="测速需要源码仓库", en="benchmarks run from a checkout of the repository")
    arguments = ["--millions", millions, "--dir", str(Path(folder).resolve()), "--format", form]
    raise SystemExit(subprocess.run([sys.executable, "-m", "benchmarks", *arguments], cwd=checkout, check=False).returncode)
