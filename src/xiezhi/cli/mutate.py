"""xiezhi rules mutate"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.table import Table

from xiezhi.cli.terminal import TerminalProgress, format_option, out, print_json, say
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.mutants import mutate_rules
from xiezhi.rules.mutation.score import Score, Survivor

KINDS = {
    "arithmetic": ("加减", "plus and minus"),
    "branch": ("分支互换", "branches swapped"),
    "comparison": ("比较符", "comparison"),
    "conjunct": ("少一个条件", "a condition less"),
    "default": ("无默认值", "no default"),
    "disjunct": ("少一种情形", "an alternative less"),
    "distinct": ("去重", "distinct"),
    "filter": ("少一个 FILTER", "a FILTER less"),
    "function": ("函数", "function"),
    "group": ("少一个分组", "a group key less"),
    "having": ("无 HAVING", "no HAVING"),
    "join": ("联接方式", "kind of join"),
    "limit": ("无 LIMIT", "no LIMIT"),
    "literal": ("常数", "constant"),
    "logic": ("且或", "AND and OR"),
    "member": ("少一个取值", "a member less"),
    "not": ("无 NOT", "no NOT"),
    "null": ("是否为空", "NULL or not"),
    "on": ("无联接条件", "no join condition"),
    "order": ("顺序", "order"),
    "parameter": ("参数值", "parameter"),
    "partition": ("少一个分区", "a partition key less"),
    "qualify": ("无 QUALIFY", "no QUALIFY"),
    "swap": ("错列", "wrong column"),
    "union": ("合并去重", "union"),
    "where": ("无 WHERE", "no WHERE"),
}
"""Words for what was changed."""


@click.command("mutate")
@click.argument("codes", nargs=-1, metavar="[CODE|FACT]...")
@click.option(
    "--at-least", type=click.FloatRange(0, 1), help="每个模型、事实表的最低得分 / the least score of each rule and fact."
)
@format_option("table", "json")
def mutate(codes: tuple[str, ...], at_least: float | None, form: str) -> None:
    """逐一植入小错,看案例能否发现 / plant small mistakes one by one; tell which no case notices.

    Exit code 4 where a score is below --at-least. Equivalent mutants are declared in equivalents.yaml beside the rule or fact.

    Example: xiezhi rules mutate SUB-001 --at-least 0.9
    """
    scores = list[Score]()
    with TerminalProgress() as progress:
        for score in mutate_rules(CoreConfig.from_environment(), codes):
            scores.append(score)
            progress.step("rules", len(scores), 0, score.name)
    if form == "json":
        print_json([_told(score) for score in scores])
    else:
        _show(scores)
    below = [score.name for score in scores if at_least is not None and score.score < at_least]
    if below:
        click.echo(say(f"低于 {at_least}:{'、'.join(below)}", f"below {at_least}: {', '.join(below)}"), err=True)
        raise SystemExit(4)


def _told(score: Score) -> dict[str, Any]:
    return asdict(score) | {"mutants": score.mutants, "score": round(score.score, 4)}


def _show(scores: list[Score]) -> None:
    """Survivors (where there is a case at all) and declared equivalents with their lines, then the counts of each and of all."""
    for score in scores:
        for survivor in score.survivors if score.cases else ():
            _lines(score.name, survivor, say("存活", "survived"))
        for equivalent in score.equivalents:
            _lines(score.name, equivalent.survivor, say(f"等价:{equivalent.reason}", f"equivalent: {equivalent.reason}"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("代码", "code"))
    for heading in (
        ("案例", "cases"),
        ("变异", "mutants"),
        ("发现", "killed"),
        ("等价", "equivalent"),
        ("存活", "survived"),
        ("得分", "score"),
    ):
        table.add_column(say(*heading), justify="right")
    for score in scores:
        table.add_row(*_row(score))
    if len(scores) > 1:
        equivalents = [one for score in scores for one in score.equivalents]
        survivors = [one for score in scores for one in score.survivors]
        cases, killed = sum(score.cases for score in scores), sum(score.killed for score in scores)
        table.add_row(*_row(Score(say("合计", "all"), cases, killed, equivalents, survivors)))
    out().print(table)


def _row(score: Score) -> list[str]:
    counts = (score.cases, score.mutants, score.killed, len(score.equivalents), len(score.survivors))
    return [score.name, *map(str, counts), f"{score.score:.2f}"]


def _lines(name: str, survivor: Survivor, told: str) -> None:
    click.echo(f"{name} {survivor.id} {survivor.place} ({say(*KINDS[survivor.kind])}) {told}")
    for sign, lines in (("-", survivor.before), ("+", survivor.after)):
        for line in lines:
            click.echo(f"    {sign} {line}")
