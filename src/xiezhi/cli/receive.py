"""xiezhi receive"""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from xiezhi.cli.terminal import TerminalProgress, err, format_option, lake_option, out, print_json, say
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import demonstration_key, receive_delivery

REFUSED = 3
"""Exit code when any file was refused."""


@click.command("receive")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@lake_option
@click.option("--contract", help="数据契约 / the contract's name; without it each sheet is recognised by its header.")
@click.option(
    "--site-content", type=click.Path(exists=True, file_okay=False, path_type=Path), help="本地内容目录 / a site's own content."
)
@click.option("--memory", help="内存上限 / memory limit, e.g. 2GB.")
@format_option("table", "json")
def command(
    paths: tuple[Path, ...], lake: str, contract: str | None, site_content: Path | None, memory: str | None, form: str
) -> None:
    """接收交付的文件或目录 / receive delivered files or folders.

    CSV, TSV, XLSX, XLS, JSON lines and OCDS, also inside .zip and .gz. The lake is made on first use.
    Exit code 3 if any file was refused; the others are received all the same.

    Example: xiezhi receive delivered/ --lake city.lake
    """
    config = CoreConfig.from_environment(site_content=site_content, memory=memory)
    key = demonstration_key(config, Path(lake))
    with TerminalProgress() as progress:
        receipts = receive_delivery(config, paths, Path(lake), contract=contract, progress=progress)
    if key:
        said = say(
            f"已生成演示密钥 {key};正式使用请设 XIEZHI_KEY_FILE。",
            f"made a demonstration key {key}; a site sets XIEZHI_KEY_FILE.",
        )
        err().print(said, markup=False, soft_wrap=True)
    if form == "json":
        print_json([receipt.as_json() for receipt in receipts])
    else:
        _show(receipts)
    if any(receipt.refused for receipt in receipts):
        raise SystemExit(REFUSED)


def _show(receipts: list[Receipt]) -> None:
    if not receipts:
        out().print(say("没有可接收的文件。", "There is no file to receive."))
        return
    table = Table(box=None, pad_edge=False)
    headings = (("编号", "no."), ("文件", "file"), ("契约", "contract"), ("交付", "delivered"), ("接收", "accepted"))
    for zh, en in (*headings, ("修复", "repaired"), ("退回", "set aside"), ("重复", "duplicate"), ("说明", "notes")):
        table.add_column(say(zh, en), justify="left" if zh in ("文件", "契约", "说明") else "right")
    for receipt in receipts:
        counts = (receipt.delivered, receipt.accepted, receipt.repaired, receipt.set_aside, receipt.duplicate)
        name = " › ".join(part for part in (receipt.file, receipt.member, receipt.sheet) if part)
        cells = (str(receipt.delivery), escape(name), receipt.contract or "—", *(f"{count:,}" for count in counts))
        table.add_row(*cells, _note(receipt))
    out().print(table)
    for receipt in receipts:
        _tell_units(receipt)
        _remark(receipt)
        _warn(receipt)


def _tell_units(receipt: Receipt) -> None:
    """In which unit each money column was read, and who said so."""
    if receipt.units and not receipt.same_as:
        said = "; ".join(f"{used.field} {say(used.words.zh, used.words.en)}" for used in receipt.units)
        out().print(say(f"{receipt.delivery} 金额单位:{said}", f"{receipt.delivery} units: {said}"), markup=False, soft_wrap=True)


def _remark(receipt: Receipt) -> None:
    """What was not read, or read otherwise than written, in rows that were accepted."""
    if receipt.remarks and not receipt.same_as:
        said = "; ".join(f"{one.column} {say(one.words.zh, one.words.en)} {one.count:,}" for one in receipt.remarks)
        out().print(say(f"{receipt.delivery} 说明:{said}", f"{receipt.delivery} remarks: {said}"), markup=False, soft_wrap=True)


def _warn(receipt: Receipt) -> None:
    """What a delivery's own history contradicts."""
    for one in receipt.expectations:
        if one.zh and not one.kept and not receipt.same_as:
            zh, en = one.field or "整表", one.field or "the table"
            said = say(f"{receipt.delivery} 注意 {zh}:{one.zh}", f"{receipt.delivery} take note, {en}: {one.en}")
            out().print(said, markup=False, soft_wrap=True, style="bold red")


def _note(receipt: Receipt) -> str:
    if receipt.refusal:
        return f"[red]{say('整件拒收', 'refused')}[/] {escape(say(receipt.refusal.zh, receipt.refusal.en))}"
    if receipt.same_as:
        return say("此前已收到同一文件", "received before")
    notes = [f"{reason.column or '*'} {reason.reason} {reason.count:,}" for reason in receipt.reasons[:3]]
    if receipt.outdated:
        notes.insert(0, say(f"{receipt.outdated:,} 行早于已有记录", f"{receipt.outdated:,} older than what is held"))
    return escape(", ".join([*(say(note.zh, note.en) for note in receipt.notes), *notes]))
