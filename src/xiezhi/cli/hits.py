"""xiezhi hits"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.evidence.shown import hundredths
from xiezhi.kernel.language import command_language
from xiezhi.kernel.spreadsheet import row_of
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.evidence import explain_gone
from xiezhi.operations.hits import CurrentHit, list_hits, list_sentences
from xiezhi.operations.names import name_places

LEVELS = {
    "red": ("[bold red]● 红[/]", "[bold red]● red[/]"),
    "orange": ("[dark_orange]▲ 橙[/]", "[dark_orange]▲ orange[/]"),
    "yellow": ("[yellow]■ 黄[/]", "[yellow]■ yellow[/]"),
    "blue": ("[blue]◆ 蓝[/]", "[blue]◆ blue[/]"),
}
STATES = {"new": ("新增", "new"), "still": ("仍在", "still"), "changed": ("有变", "changed"), "gone": ("消失", "gone")}


@click.command("hits")
@lake_option
@click.option("--rule", help="只看这个模型 / only this rule.")
@click.option("--gone", is_flag=True, help="也列出已不成立的 / also those no longer true.")
@click.option("--limit", type=int, default=40, show_default=True, help="表格最多行数 / rows of the table (0: all).")
@format_option("table", "json", "csv")
def command(lake: str, rule: str | None, gone: bool, limit: int, form: str) -> None:
    """列出命中 / list the hits as they stand, gravest first. A hit is not an accusation.

    Example: xiezhi hits --lake city.lake --rule SUB-001 --format csv > hits.csv
    """
    config = CoreConfig.from_environment()
    hits = list_hits(config, Path(lake), rule=rule, gone=gone)
    why = explain_gone(config, Path(lake), rule=rule) if gone else {}
    if form == "json":
        print_json(
            [asdict(hit) | ({"why_gone": why[hit.fingerprint].model_dump()} if hit.fingerprint in why else {}) for hit in hits]
        )
    elif form == "csv":
        write_csv(hits, list_sentences(config, Path(lake), rule=rule), why if gone else None)
    else:
        show_hits(hits, limit, name_places(config, Path(lake), [hit.unit for hit in hits]))
        show_why(hits, why)


AS_READ = {"amount": "amount_yuan", "shown": "sentence"}
"""Columns of JSON that a spreadsheet has as people read them."""


def write_csv(hits: Sequence[CurrentHit], said: Mapping[str, Words], why: Mapping[str, Words] | None = None) -> None:
    """For a spreadsheet, so money in yuan and values in the sentence: JSON has them as they are kept, in fen and in UTC.

    `said`: the sentence of each hit. `why`: why those that are gone are.
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(
        [*(AS_READ.get(field.name, field.name) for field in fields(CurrentHit)), *(["why_gone"] if why is not None else [])]
    )
    for hit in hits:
        cells = asdict(hit) | {"shown": said[hit.fingerprint].in_(command_language()) if hit.fingerprint in said else ""}
        gone = [why[hit.fingerprint].in_(command_language()) if hit.fingerprint in why else ""] if why is not None else []
        writer.writerow(row_of([*(_plain(name, value) for name, value in cells.items()), *gone]))


def _plain(name: str, value: Any) -> Any:
    if name == "amount" and value is not None:
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    return value


def show_why(hits: Sequence[CurrentHit], why: Mapping[str, Words]) -> None:
    """Under the table, one line each: why those that are gone are."""
    for hit in hits:
        if hit.fingerprint in why:
            out().print(f"[bold]{hit.fingerprint[:8]}[/] {escape(why[hit.fingerprint].in_(command_language()))}")


def show_hits(hits: Sequence[CurrentHit], limit: int, places: Mapping[str, str]) -> None:
    """A table on stdout; says how many more there are."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    headings = (
        ("命中", "hit"),
        ("级别", "level"),
        ("模型", "rule"),
        ("主体", "subject"),
        ("单位", "unit"),
        ("期间", "period"),
        ("金额(元)", "yuan"),
        ("状态", "state"),
    )
    for zh, en in headings:
        never_cut = en in ("hit", "level", "rule", "yuan")
        table.add_column(say(zh, en), justify="right" if en == "yuan" else "left", no_wrap=never_cut, overflow="fold")
    shown = hits[:limit] if limit else hits
    for hit in shown:
        table.add_row(*_cells(hit, places))
    out().print(table)
    if len(hits) > len(shown):
        out().print(
            say(
                f"… 共 {len(hits)} 条,另有 {len(hits) - len(shown)} 条(--limit 0 全部列出)",
                f"… {len(hits)} in all, {len(hits) - len(shown)} more (--limit 0 lists them)",
            )
        )
    elif not hits:
        out().print(say("没有命中;可评估多少见 xiezhi coverage", "no hits; see xiezhi coverage for how much could be evaluated"))


def _cells(hit: CurrentHit, places: Mapping[str, str]) -> tuple[str, ...]:
    place = 0 if command_language() == "zh" else 1
    period = " – ".join(str(day)[:7] for day in (hit.period_from, hit.period_to) if day)
    amount = hundredths(hit.amount) if hit.amount is not None else ""
    return (
        hit.fingerprint[:8],
        LEVELS[hit.level][place],
        f"{hit.rule}/{hit.variant}",
        who(hit.subject_kind, hit.subject_identity, hit.subject),
        unit_of(hit.unit, hit.unit_identity, places),
        period,
        amount,
        STATES[hit.state][place],
    )


def unit_of(unit: str | None, identity: str | None, places: Mapping[str, str]) -> str:
    """The unit by its name where it has one that may be shown: a number of the vault is marked as one, a village is named."""
    shown = str(unit or "")
    return f"#{shown}" if shown and identity else places.get(shown, shown)


def who(kind: str, identity: str | None, value: Any) -> str:
    """A subject as it may be shown: its kind and number, or its plain text."""
    kinds = {
        "person": ("人员", "person"),
        "company": ("企业", "company"),
        "party": ("主体", "party"),
        "process": ("项目", "process"),
        "school": ("学校", "school"),
        "hospital": ("医院", "hospital"),
        "village": ("村（社区）", "village"),
        "agent": ("业务员", "agent"),
        "lot": ("标段", "lot"),
    }
    name = say(*kinds.get(kind, (kind, kind)))
    return f"{name} #{value}" if identity else f"{name} {value}"
