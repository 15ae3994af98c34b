"""xiezhi truth"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.truth import RuleScore, score_truth

SHOWN = 3
"""Missed or fooling cases printed per rule; JSON has them all."""


@click.group("truth")
def command() -> None:
    """对答案 / compare hits with what a demonstration city knows to be true."""


@command.command("score")
@lake_option
@click.option("--truth", required=True, type=click.Path(dir_okay=False, path_type=Path), help="truth.csv of the city.")
@format_option("table", "json")
def score_command(lake: str, truth: Path, form: str) -> None:
    """每个模型的查全率、查准率,以及骗过它的貌似违规 / recall and precision per rule, and the look-alikes that fooled it.

    Exit code 1 if anything planted was missed or a look-alike was flagged.

    Example: xiezhi truth score --lake city.lake --truth city/truth.csv
    """
    scores = score_truth(CoreConfig.from_environment(), Path(lake), truth)
    if form == "json":
        print_json([asdict(one) for one in scores])
    else:
        _show(scores)
    if any(one.missed or one.fooled for one in scores):
        raise SystemExit(1)


def _show(scores: list[RuleScore]) -> None:
    table = Table(box=None, pad_edge=False)
    headings = (
        ("模型", "rule"),
        ("埋设", "planted"),
        ("找到", "found"),
        ("查全", "recall"),
        ("命中", "flagged"),
        ("查准", "precision"),
        ("貌似", "look-alikes"),
        ("受骗", "fooled"),
    )
    for zh, en in headings:
        table.add_column(say(zh, en), justify="left" if en == "rule" else "right")
    for one in scores:
        counts = (
            one.planted,
            one.found,
            _share(one.recall),
            one.flagged,
            _share(one.precision),
            one.look_alikes,
            one.look_alikes_flagged,
        )
        table.add_row(one.rule, *map(str, counts))
    out().print(table)
    for one in scores:
        _show_cases(one.rule, say("未找到", "missed"), one.missed)
        _show_cases(one.rule, say("受骗于", "fooled by"), one.fooled)


def _show_cases(rule: str, what: str, cases: list[dict[str, str]]) -> None:
    for case in cases[:SHOWN]:
        told = (rule, f"{what}:", case["variant"], case["subject_kind"], case["subject"], case.get("note", ""))
        out().print(" ".join(word for word in told if word), markup=False)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
