"""xiezhi evidence"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from xiezhi.cli.hits import LEVELS, who
from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.evidence.places import with_name
from xiezhi.kernel import clock
from xiezhi.kernel.articles import article_words
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.language import command_language
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.evidence import SealFound, evidence_page, find_hits_of_seal, list_seals_of_hit, open_evidence


@click.command("evidence")
@click.argument("hit", required=False)
@lake_option
@click.option("--seal", help="查找印在纸上的封印属于哪条命中 / which hit a printed seal belongs to.")
@click.option("--output", type=click.Path(dir_okay=False), help="写入文件 / write to this file.")
@format_option("terminal", "json", "html")
def command(hit: str | None, lake: str, seal: str | None, output: str | None, form: str) -> None:
    """打开一条命中的证据 / open a hit's evidence: sentence, conditions, delivered rows, norms, seal.

    HIT is the start of a fingerprint, as `xiezhi hits` shows it. With --seal: the hit, runs and moments a seal belongs to.

    Example: xiezhi evidence 3f9a2c71 --lake city.lake --format html --output hit.html
    """
    config = CoreConfig.from_environment()
    if (hit is None) == (seal is None):
        raise UserError("XZ-CLI-04", zh="请给出命中编号，或用 --seal 给出封印", en="name a hit, or give a seal with --seal")
    if seal is not None:
        show_seals(find_hits_of_seal(config, Path(lake), seal), seal, form)
        return
    evidence = open_evidence(config, Path(lake), str(hit))
    if form == "html":
        page = evidence_page(evidence, command_language())
        if output:
            Path(output).write_text(page, "utf-8")
        else:
            click.echo(page)
    elif form == "json":
        print_json(as_json(evidence))
    else:
        show(evidence)
        show_earlier_seals(list_seals_of_hit(config, Path(lake), evidence.hit.fingerprint, evidence.hit.rule), evidence.hit.seal)


def show_seals(found: Sequence[SealFound], asked: str, form: str) -> None:
    """To which hits, runs and moments a seal belongs. Raises UserError where it is nobody's."""
    if not found:
        raise UserError(
            "XZ-EVI-05",
            zh=f"没有任何一次运行产生过以 {asked} 开头的封印",
            en=f"no run ever gave a seal that begins with {asked}",
            todo_zh="核对抄录是否有误；别的数据湖的封印在这里查不到",
            todo_en="check the transcript; a seal of another lake is not found here",
        )
    if form == "json":
        print_json([vars(one) for one in found])
        return
    for one in found:
        runs = "、".join(str(run) for run in one.runs) if command_language() == "zh" else ", ".join(str(run) for run in one.runs)
        moments = (
            clock.as_read(one.since) if one.since == one.until else f"{clock.as_read(one.since)} – {clock.as_read(one.until)}"
        )
        out().print(f"[bold]{one.fingerprint}[/]  {one.rule}  {say('运行', 'run')} {runs}  {moments}")
        out().print(f"   [dim]{say('封印', 'seal')} {one.seal}[/]")


def show_earlier_seals(seals: Sequence[SealFound], now: str) -> None:
    """Those a hit had in other runs."""
    for one in seals:
        if one.seal != now:
            run = f"{say('运行', 'run')} {one.runs[0]}  {clock.as_read(one.since)}"
            out().print(f"[dim]{say('曾用封印', 'earlier seal')} {one.seal}  {run}[/]")


def as_json(evidence: Any) -> dict[str, Any]:
    """The evidence as plain JSON values."""
    return {
        "hit": asdict(evidence.hit),
        "rule": {"code": evidence.rule.code, "version": evidence.rule.version, "title": evidence.rule.title.model_dump()},
        "sentence": evidence.sentence.model_dump(),
        "conditions": [condition_json(item) for item in evidence.conditions],
        "smallest_change": evidence.smallest.name if evidence.smallest else None,
        "gone": [{**vars(cause), "words": cause.words.model_dump()} for cause in evidence.gone],
        "figures": [_figure_json(item) for item in evidence.figures],
        "comparison": [_figure_json(item) for item in evidence.comparison],
        "rows": [_row_json(row) for row in evidence.rows],
        "norms": [{**vars(norm), "title": norm.title.model_dump(), "text": norm.text.model_dump()} for norm in evidence.norms],
        "run": {"run": evidence.record.run, "snapshot": evidence.record.snapshot, "finished": evidence.record.finished},
    }


def condition_json(item: Any) -> dict[str, Any]:
    """A condition: its values as they are compared, and as a person reads them."""
    told = {name: value.model_dump() if isinstance(value, Words) else value for name, value in vars(item).items()}
    return told | {"undo": None if item.undo is None else {**vars(item.undo), "words": item.undo_shown.model_dump()}}


def _figure_json(item: Any) -> dict[str, Any]:
    return {**vars(item), "title": item.title.model_dump(), "shown": item.shown.model_dump()}


def _row_json(row: Any) -> dict[str, Any]:
    shown = [{"column": cell.column, "title": cell.title.model_dump(), "value": cell.value.model_dump()} for cell in row.shown]
    return {**vars(row), "title": row.title.model_dump(), "shown": shown}


def show(evidence: Any) -> None:
    """The evidence on a terminal."""
    lang, hit = command_language(), evidence.hit
    out().print(Panel(_head(evidence, lang), title=hit.fingerprint, title_align="left"))
    if evidence.gone_in is not None:
        when = f"{say('第', 'run ')}{evidence.gone_in.run}{say(' 次运行', '')}  {clock.as_read(evidence.gone_in.finished)}"
        out().print(f"[yellow]{say('命中已消失', 'The hit is gone')}[/]  {when}")
        for cause in evidence.gone:
            out().print(f"   {escape(cause.words.in_(lang))}")
    out().print(conditions_table(evidence.conditions, lang))
    if evidence.smallest is not None:
        what, how = evidence.smallest.words.in_(lang), evidence.smallest.undo_shown.in_(lang)
        out().print(escape(say(f"最小的改变：{what}，{how}", f"The smallest change: {what}: {how}")))
    _show_figures(say("与同类比较", "Beside its peers"), evidence.comparison, evidence.places, lang)
    _show_figures(say("数值", "Figures"), evidence.figures, evidence.places, lang)
    for row in evidence.rows:
        _show_row(row, evidence.places, lang)
    for norm in evidence.norms:
        force = "" if norm.in_force else say(" [yellow](当日未施行)[/]", " [yellow](not in force that day)[/]")
        named = f"{norm.title.in_(lang)} {article_words(norm.article).in_(lang)}"
        out().print(f"§ {named}{force} [dim]{norm.tag}[/]\n   {norm.text.in_(lang)}")
    out().print(f"[dim]{say('封印', 'seal')} {hit.seal}[/]")
    run = f"{say('运行', 'run')} {evidence.record.run}  {clock.as_read(evidence.record.finished)}"
    out().print(f"[dim]{say('快照', 'snapshot')} {evidence.record.snapshot}  {run}[/]")


def _show_figures(title: str, figures: Any, places: Any, lang: str) -> None:
    if figures:
        told = "  ".join(
            f"[dim]{escape(item.title.in_(lang))}[/] {escape(with_name(item.shown.in_(lang), places))}" for item in figures
        )
        out().print(f"[bold]{title}[/]  {told}")


def _head(evidence: Any, lang: str) -> str:
    hit, rule = evidence.hit, evidence.rule
    level = LEVELS[hit.level][0 if lang == "zh" else 1]
    subject = who(hit.subject_kind, hit.subject_identity, hit.subject)
    title, said = escape(rule.title.in_(lang)), escape(evidence.sentence.in_(lang))
    return f"{level}  {rule.code}/{hit.variant}  {title}\n{escape(subject)}\n\n{said}"


def _show_row(row: Any, places: Any, lang: str) -> None:
    """One delivered row: the fact it belongs to, file, sheet, line, delivery, and its values."""
    inside = " › ".join(part for part in (row.file, row.member, row.sheet) if part)
    line = say(f"第 {row.row} 行", f"line {row.row}")
    delivery = say(f"第 {row.delivery} 号交付", f"delivery {row.delivery}")
    values = "  ".join(
        f"[dim]{escape(cell.title.in_(lang))}[/] {escape(with_name(cell.value.in_(lang), places))}" for cell in row.shown
    )
    out().print(f"[bold]{escape(row.title.in_(lang))}[/]  {escape(inside)}  [cyan]{line}[/]  [dim]{delivery}[/]")
    out().print(f"   {values}")


def conditions_table(conditions: Any, lang: str) -> Table:
    """One line each: what it asks, what was found, the bound, how far apart, and what would undo it."""
    table = Table(box=None, pad_edge=False)
    for heading in (
        say("条件", "condition"),
        say("值", "value"),
        "",
        say("界", "bound"),
        say("相差", "apart"),
        say("怎样才不成立", "undone by"),
    ):
        table.add_column(heading)
    for item in conditions:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]?[/]"}[item.holds]
        told = (item.value_shown, item.bound_shown, item.apart, item.undo_shown)
        value, bound, apart, undone = (escape(words.in_(lang)) for words in told)
        table.add_row(f"{mark} {escape(item.words.in_(lang))}", value, item.sign, bound, apart, undone)
    return table
