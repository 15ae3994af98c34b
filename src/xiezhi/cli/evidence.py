"""xiezhi evidence"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.panel import Panel
from rich.table import Table

from xiezhi.cli.hits import LEVELS, who
from xiezhi.cli.terminal import format_option, lake_option, language, out, print_json, say
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.open_evidence import evidence_page, open_evidence


@click.command("evidence")
@click.argument("hit")
@lake_option
@click.option("--output", type=click.Path(dir_okay=False), help="写入文件 / write to this file.")
@format_option("terminal", "json", "html")
def command(hit: str, lake: str, output: str | None, form: str) -> None:
    """打开一条命中的证据 / open a hit's evidence: sentence, conditions, delivered rows, norms, seal.

    HIT is the start of a fingerprint, as `xiezhi hits` shows it.

    Example: xiezhi evidence 3f9a2c71 --lake city.lake --format html --output hit.html
    """
    evidence = open_evidence(CoreConfig.from_environment(), Path(lake), hit)
    if form == "html":
        page = evidence_page(evidence, language())
        if output:
            Path(output).write_text(page, "utf-8")
        else:
            click.echo(page)
    elif form == "json":
        print_json(as_json(evidence))
    else:
        show(evidence)


def as_json(evidence: Any) -> dict[str, Any]:
    """The evidence as plain JSON values."""
    return {
        "hit": asdict(evidence.hit),
        "rule": {"code": evidence.rule.code, "version": evidence.rule.version, "title": evidence.rule.title.model_dump()},
        "sentence": evidence.sentence.model_dump(),
        "conditions": [{**vars(item), "words": item.words.model_dump()} for item in evidence.conditions],
        "rows": [_row_json(row) for row in evidence.rows],
        "norms": [{**vars(norm), "title": norm.title.model_dump(), "text": norm.text.model_dump()} for norm in evidence.norms],
        "run": {"run": evidence.record.run, "snapshot": evidence.record.snapshot, "finished": evidence.record.finished},
    }


def _row_json(row: Any) -> dict[str, Any]:
    values = {name: value for name, value in vars(row).items() if name != "shown"}
    return values | {"title": row.title.model_dump()}


def show(evidence: Any) -> None:
    """The evidence on a terminal."""
    lang, hit = language(), evidence.hit
    out().print(Panel(_head(evidence, lang), title=hit.fingerprint, title_align="left"))
    out().print(_conditions(evidence, lang))
    for row in evidence.rows:
        _show_row(row, lang)
    for norm in evidence.norms:
        force = "" if norm.in_force else say(" [yellow](当日未施行)[/]", " [yellow](not in force that day)[/]")
        out().print(f"§ {norm.title.in_(lang)} {norm.article}{force} [dim]{norm.tag}[/]\n   {norm.text.in_(lang)}")
    out().print(f"[dim]{say('封印', 'seal')} {hit.seal}[/]")
    out().print(f"[dim]{say('快照', 'snapshot')} {evidence.record.snapshot}  {say('运行', 'run')} {hit.run}[/]")


def _head(evidence: Any, lang: str) -> str:
    hit, rule = evidence.hit, evidence.rule
    level = LEVELS[hit.level][0 if lang == "zh" else 1]
    subject = who(hit.subject_kind, hit.subject_identity, hit.subject)
    return f"{level}  {rule.code}/{hit.variant}  {rule.title.in_(lang)}\n{subject}\n\n{evidence.sentence.in_(lang)}"


def _show_row(row: Any, lang: str) -> None:
    """One delivered row: the fact it belongs to, file, sheet, line, delivery, and its values."""
    inside = " › ".join(part for part in (row.file, row.member, row.sheet) if part)
    line = say(f"第 {row.row} 行", f"line {row.row}")
    delivery = say(f"第 {row.delivery} 号交付", f"delivery {row.delivery}")
    values = "  ".join(f"[dim]{cell.title.in_(lang)}[/] {cell.value.in_(lang)}" for cell in row.shown)
    out().print(f"[bold]{row.title.in_(lang)}[/]  {inside}  [cyan]{line}[/]  [dim]{delivery}[/]")
    out().print(f"   {values}")


def _conditions(evidence: Any, lang: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in (say("条件", "condition"), say("值", "value"), "", say("界", "bound"), say("相差", "distance")):
        table.add_column(heading)
    for item in evidence.conditions:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]?[/]"}[item.holds]
        table.add_row(
            f"{mark} {item.words.in_(lang)}",
            str(item.value),
            item.op,
            str(item.bound),
            "" if item.distance is None else f"{item.distance:+g}",
        )
    return table
