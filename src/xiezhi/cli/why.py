"""xiezhi why"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from xiezhi.cli.evidence import condition_json, conditions_table
from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.kernel.language import command_language
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.evidence import explain_why
from xiezhi.rules.coverage_reasons import REASONS

ANSWERS = {
    "flagged": ("[red]命中[/]", "[red]flagged[/]"),
    "not_flagged": ("[green]未命中[/]", "[green]not flagged[/]"),
    "nothing_to_judge": ("没有可判断的情形", "nothing to judge"),
    "not_computable": ("[yellow]无法评估[/]", "[yellow]could not be evaluated[/]"),
}


@click.command("why")
@click.argument("subject")
@click.option("--rule", "rule_code", required=True, help="模型代码 / rule code.")
@lake_option
@format_option("text", "json")
def command(subject: str, rule_code: str, lake: str, form: str) -> None:
    """为何命中、为何没有 / why a subject is flagged by a rule, which condition failed and by how much, or what was missing.

    SUBJECT is a number as `xiezhi hits` shows it, an identity value (needs the key), or a plain text such as a lot number.

    Example: xiezhi why 1234 --rule SUB-001 --lake city.lake
    """
    rule, answer = explain_why(CoreConfig.from_environment(), Path(lake), subject, rule_code)
    if form == "json":
        print_json(as_json(answer))
        return
    lang = command_language()
    out().print(f"{rule.code} {rule.title.in_(lang)}: {say(*ANSWERS[answer.answer])}")
    for candidate in answer.candidates:
        key = "  ".join(f"{escape(name.in_(lang))} {escape(value.in_(lang))}" for name, value in candidate.key_shown)
        out().print(f"[bold]{key}[/]")
        out().print(conditions_table(candidate.conditions, lang))
    for fact, rows in answer.recorded.items():
        out().print(f"[dim]{fact}: {rows} {say('行涉及该主体', 'rows about the subject')}[/]")
    if answer.unjudged is None and not answer.candidates:
        zh = "本模型的评估范围不按该主体列出,有没有无法评估的行,请看 xiezhi coverage"
        en = "what this rule looks at is not listed by such subjects: whether rows could not be evaluated, see xiezhi coverage"
        out().print(say(f"[yellow]{zh}[/]", f"[yellow]{en}[/]"))
    for reason, rows in (answer.unjudged or {}).items():
        said = REASONS[reason].in_(lang)
        out().print(say(f"[yellow]{rows} 行无法评估: {said}[/]", f"[yellow]{rows} rows could not be evaluated: {said}[/]"))
    if answer.missing:
        out().print(say("缺少事实: ", "facts without data: ") + ", ".join(answer.missing))


def as_json(answer: Any) -> dict[str, Any]:
    """The answer as plain JSON values."""
    candidates = [
        {
            "key": item.key,
            "conditions": [condition_json(condition) for condition in item.conditions],
            "nearest": item.nearest.name if item.nearest else None,
        }
        for item in answer.candidates
    ]
    return {
        "answer": answer.answer,
        "candidates": candidates,
        "recorded": answer.recorded,
        "missing": answer.missing,
        "unjudged": answer.unjudged,
    }
