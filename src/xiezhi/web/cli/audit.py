"""xiezhi audit seal | verify | checkpoint | export | deliver | resume: the trail's commands, on this environment's database."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.db import transaction

from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.language import command_language
from xiezhi.web.audit import events, places, printing
from xiezhi.web.audit import export as exporting
from xiezhi.web.audit.actions import sealing
from xiezhi.web.audit.checkpoints import Checkpoint
from xiezhi.web.audit.delivery import deliver as deliver_day
from xiezhi.web.audit.delivery import yesterday
from xiezhi.web.audit.keys import PublicKey, public_key
from xiezhi.web.audit.offline import verify_export
from xiezhi.web.audit.online import verify_site
from xiezhi.web.audit.record import System, record
from xiezhi.web.audit.verify import Verdict
from xiezhi.web.cli.database import reachable

OFFLINE = "--export"
"""Verifying an export needs no database: it is done on the auditor's own machine."""


class Reaching(click.Group):
    """The embedded database is up while a command of the group runs."""

    def invoke(self, ctx: click.Context) -> Any:
        asked = [*ctx._protected_args, *ctx.args]
        if asked[:1] == ["verify"] and any(one.partition("=")[0] == OFFLINE for one in asked):
            return super().invoke(ctx)
        with reachable():
            return super().invoke(ctx)


@click.group("audit", cls=Reaching)
def command() -> None:
    """审计链 / the trail: seal, verify, checkpoint, export, deliver, resume."""


@command.command("seal")
def seal() -> None:
    """封存未封存的事件并签署检查点 / link what waits and sign a checkpoint. The worker does this every minute.

    Example: xiezhi audit seal
    """
    done = sealing.seal()
    click.echo(_say(f"封存 {done.links} 个事件", f"{done.links} events sealed"))
    if not done.copied:
        click.echo(_say("检查点副本未能写入或内容不同", "the second copy could not be written, or differs"), err=True)


@command.command("verify")
@click.option("--export", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="验证导出文件 / an export.")
@click.option(
    "--public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="自行保管的公钥 / your own copy of the key.",
)
@click.option("--expect", multiple=True, metavar="SIZE:ROOT", help="纸面检查点 / what a checkpoint on paper says.")
def verify(file: Path | None, public_key: Path | None, expect: tuple[str, ...]) -> None:
    """验证审计链 / prove that no event was altered, removed, inserted or moved. Exit code 5 if one was.

    Example: xiezhi audit verify --expect 120345:9f86d081884c7d65…
    """
    key = PublicKey.of_pem(public_key.read_text("ascii")) if public_key else None
    expected = [_expected(text) for text in expect]
    if file is None:
        verdict, origin = verify_site(key=key, expected=expected), key.origin if key else _own_origin()
    else:
        verdict, origin = verify_export(file, key=key, expected=expected)
    _show(verdict, origin)
    if not verdict.sound:
        raise IntegrityError(
            "XZ-AUDIT-10",
            zh=f"审计链有 {_faults(verdict)} 处不符",
            en=f"the trail has {_faults(verdict)} faults",
            todo_zh="保全现场并报告安全审计员",
            todo_en="keep everything as it is and tell the auditor",
        )


@command.command("checkpoint")
@click.option("--no-qr", is_flag=True, help="不打印二维码 / no QR code.")
def checkpoint(no_qr: bool) -> None:
    """打印最后一个检查点,供留存纸面 / the last checkpoint, to keep on paper where nobody here can reach it.

    Example: xiezhi audit checkpoint > checkpoint.txt
    """
    last = _last()
    click.echo(printing.as_text(last))
    if not no_qr:
        click.echo(printing.qr_text(last))


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """导出全部审计链,可在别处验证 / the whole trail in one file that can be verified elsewhere.

    Example: xiezhi audit export trail.jsonl
    """
    links = exporting.export(file)
    with transaction.atomic():
        record(events.EXPORTED, by=_whoever(), on=f"trail:{file.name}", links=links)
    click.echo(_say(f"导出 {links} 环", f"{links} links exported"))


@command.command("deliver")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，默认昨天 / which day; yesterday if not given.")
def deliver(folder: Path, day: datetime | None) -> None:
    """把一天的审计事件写成数据,供 xiezhi receive 接收 / a day's events as data under the contract audit_event.

    Example: xiezhi audit deliver inbox/
    """
    path = deliver_day(folder, day=day.date() if day else yesterday(), by=_whoever())
    click.echo(path if path else _say("当日没有事件", "no events on that day"))


@command.command("resume")
@click.option("--why", required=True, help="断裂的原因，写入检查点 / why the trail broke; signed into the checkpoint.")
def resume(why: str) -> None:
    """在查明的断裂之后继续封存 / go on sealing after a break that was explained: a restored backup, for instance.

    Example: xiezhi audit resume --why "2026-11-20 从备份恢复,丢失 4 分钟"
    """
    signed = sealing.resume(why=why, by=_whoever())
    click.echo(_say(f"检查点 {signed.number} 已写明断裂", f"checkpoint {signed.number} states the break"))


def _show(verdict: Verdict, origin: str) -> None:
    for one in verdict.faults:
        click.echo(one.sentence(command_language()))
    hidden = sum(verdict.counts.values()) - len(verdict.faults)
    if hidden:
        click.echo(_say(f"另有 {hidden} 处", f"{hidden} more"))
    checked = (f"{verdict.links} 环，{verdict.checkpoints} 个检查点", f"{verdict.links} links, {verdict.checkpoints} checkpoints")
    signed = (f"签署至第 {verdict.size_signed} 环", f"signed up to link {verdict.size_signed}")
    result = ("完好", "sound") if verdict.sound else ("不完好", "not sound")
    click.echo(_say(f"{origin}:{checked[0]},{signed[0]},{result[0]}", f"{origin}: {checked[1]}, {signed[1]}, {result[1]}"))


def _faults(verdict: Verdict) -> int:
    return sum(count for kind, count in verdict.counts.items() if not kind.is_note)


def _expected(text: str) -> tuple[int, str]:
    size, _, root = text.replace(" ", "").partition(":")
    try:
        if len(bytes.fromhex(root)) == 32:
            return int(size), root.lower()
    except ValueError:
        pass
    raise UserError(
        "XZ-AUDIT-08",
        zh=f"--expect 不能是 {text}",
        en=f"--expect cannot be {text}",
        todo_zh="写作 环数:根，如纸面所印",
        todo_en="write SIZE:ROOT as printed on the paper",
    )


def _last() -> Checkpoint:
    last = places.last_checkpoint()
    if last is None:
        raise UserError(
            "XZ-AUDIT-09",
            zh="还没有检查点",
            en="there is no checkpoint yet",
            todo_zh="先运行 xiezhi audit seal",
            todo_en="run xiezhi audit seal first",
        )
    return last


def _own_origin() -> str:
    key = public_key(places.keys())
    return key.origin if key else _say("（尚无密钥）", "(no key yet)")


def _whoever() -> System:
    """Whoever sits at the machine: commands need no account of the site, and say whose shell it was."""
    return System(username=f"command:{getpass.getuser()}", role="command")


def _say(zh: str, en: str) -> str:
    return zh if command_language() == "zh" else en
