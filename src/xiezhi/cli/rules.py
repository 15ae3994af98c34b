"""xiezhi rules: list, show, new, lint, test, mutate, docs, lock"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from xiezhi.cli.mutate import mutate
from xiezhi.cli.terminal import TerminalProgress, format_option, out, print_json, say
from xiezhi.kernel.language import command_language
from xiezhi.operations import content, rules
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.cases import CaseResult
from xiezhi.rules.fact_cases import FactCaseResult
from xiezhi.rules.lint import Finding
from xiezhi.rules.rule import Rule
from xiezhi.rules.scaffold import Order

codes_argument = click.argument("codes", nargs=-1, metavar="[CODE]...")


@click.group("rules")
def command() -> None:
    """监督模型 / the supervision models: list, show, new, lint, test, mutate, docs, lock."""


@command.command("list")
@click.option("--domain", help="只列一个领域 / only this domain.")
@format_option("table", "json")
def list_(domain: str | None, form: str) -> None:
    """列出模型 / list the rules in force.

    Example: xiezhi rules list --domain subsidy
    """
    found = rules.list_rules(CoreConfig.from_environment(), domain)
    if form == "json":
        print_json([_listed(rule, cases) for rule, cases in found])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (
        ("代码", "code"),
        ("级别", "level"),
        ("状态", "status"),
        ("名称", "title"),
        ("读", "reads"),
        ("案例", "cases"),
    ):
        table.add_column(say(*heading))
    for rule, cases in found:
        table.add_row(rule.code, rule.level, rule.status, rule.title.in_(command_language()), ", ".join(rule.reads), str(cases))
    out().print(table)


def _listed(rule: Rule, cases: int) -> dict[str, Any]:
    return {
        "code": rule.code,
        "id": str(rule.id),
        "title_zh": rule.title.zh,
        "title_en": rule.title.en,
        "domain": rule.domain,
        "status": rule.status,
        "level": rule.level.value,
        "variants": [variant.code for variant in rule.variants],
        "basis": rule.basis,
        "reads": rule.reads,
        "cases": cases,
    }


@command.command("show")
@click.argument("code")
@format_option("text", "json")
def show(code: str, form: str) -> None:
    """看一个模型的说明 / the page of one rule; as JSON its definition.

    Example: xiezhi rules show SUB-001
    """
    rule, text = rules.read_rule(CoreConfig.from_environment(), code)
    if form == "json":
        print_json(rule.model_dump(mode="json", by_alias=True) | {"digest": rule.digest})
    else:
        click.echo(text)


@command.command("new")
@click.argument("code")
@click.option("--title", "title_zh", required=True, help="中文名称 / title in Chinese.")
@click.option("--title-en", default="New rule", show_default=True, help="英文名称 / title in English.")
@click.option("--domain", default="subsidy", show_default=True, help="领域,即文件夹 / domain, which is the folder.")
@click.option("--fact", default="payment", show_default=True, help="主要读取的事实表 / the fact it mainly reads.")
@click.option("--subject", help="按哪一列计数,即主体;事实表自己写明了可不写 / column to count by; the fact's own if not said.")
def new(code: str, title_zh: str, title_en: str, domain: str, fact: str, subject: str | None) -> None:
    """新建一个能运行的草稿模型 / start a draft rule that already runs; lint then says what is left to fill in.

    Example: xiezhi rules new SUB-042 --title 同一账户代领多人补贴 --title-en "One account for many people" --fact payment
    """
    order = Order(code, title_zh, title_en, domain, fact, subject)
    made = rules.new_rule(CoreConfig.from_environment(), order)
    click.echo(made.folder)
    if made.undescribed:
        click.echo(_describe_domain(domain, made.undescribed), err=True)
    click.echo(
        say(
            f"接下来:xiezhi rules lint {code};xiezhi rules test {code}",
            f"next: xiezhi rules lint {code}; xiezhi rules test {code}",
        ),
        err=True,
    )


def _describe_domain(domain: str, file: Path) -> str:
    """That a domain is described nowhere yet, and the lines that describe it."""
    lines = f'{domain}:\n  title: {{zh: 【名称】, en: "[name]"}}\n  departments: [finance]'
    departments = "departments by their code in codelist department; lint will ask"
    return say(
        f"还没有业务条线 {domain}。在 {file} 中加上(部门用代码表 department 中的代码,lint 会提醒):\n{lines}",
        f"there is no domain {domain} yet. Add it to {file} ({departments}):\n{lines}",
    )


@command.command("lint")
@codes_argument
@format_option("text", "json")
def lint(codes: tuple[str, ...], form: str) -> None:
    """检查模型和事实表的写法 / find mistakes in rules and facts without running them. Exit code 4 if there are any.

    Example: xiezhi rules lint SUB-001
    """
    findings = rules.lint_rules(CoreConfig.from_environment(), codes)
    if form == "json":
        print_json([_finding(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(finding.message(command_language()) + (say("(建议)", " (advice)") if finding.hint else ""))
        wrong = sum(not finding.hint for finding in findings)
        click.echo(say(f"{wrong} 处要改", f"{wrong} to mend"), err=True)
    if any(not finding.hint for finding in findings):
        raise SystemExit(4)


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "name": finding.name,
        "zh": finding.zh,
        "en": finding.en,
        "file": place.file,
        "line": place.row,
        "hint": finding.hint,
    }


@command.command("test")
@codes_argument
@format_option("text", "json")
def test(codes: tuple[str, ...], form: str) -> None:
    """运行模型的案例；不写代码则连同事实表的案例 / run the rules' cases, without a code those of the facts as well.

    Exit code 4 if one does not come out as expected.

    Example: xiezhi rules test SUB-001 SUB-002
    """
    outcomes: list[tuple[str, CaseResult | FactCaseResult]] = []
    config = CoreConfig.from_environment()
    with TerminalProgress() as progress:
        for rule, results in rules.run_cases_of_rules(config, codes):
            outcomes += [(rule.code, result) for result in results]
            progress.step("rules", len(outcomes), 0, rule.code)
        for fact, built in [] if codes else rules.run_cases_of_facts(config):
            outcomes += [(fact.name, result) for result in built]
            progress.step("facts", len(outcomes), 0, fact.name)
    if form == "json":
        print_json([_outcome(code, result) for code, result in outcomes])
    else:
        _show_outcomes(outcomes)
    if not all(result.passed for _, result in outcomes):
        raise SystemExit(4)


def _outcome(name: str, result: CaseResult | FactCaseResult) -> dict[str, Any]:
    problems = [problem.model_dump() for problem in result.problems]
    tried = (
        {"rule": name, "hits": len(result.hits)} if isinstance(result, CaseResult) else {"fact": name, "rows": len(result.rows)}
    )
    return {**tried, "case": result.case.name, "passed": result.passed, "problems": problems}


def _show_outcomes(outcomes: list[tuple[str, CaseResult | FactCaseResult]]) -> None:
    """Failing cases with place and reason, then how many of how many rules and facts there were."""
    for code, result in outcomes:
        place = result.place.words(command_language()) if result.place else ""
        for problem in result.problems:
            click.echo(f"{place}: {code} {result.case.name}: {problem.in_(command_language())}")
    failed = sum(not result.passed for _, result in outcomes)
    tried = len({name for name, result in outcomes if isinstance(result, CaseResult)})
    facts = len({name for name, result in outcomes if isinstance(result, FactCaseResult)})
    click.echo(
        say(
            f"{tried} 个模型,{facts} 个事实表,{len(outcomes)} 个案例,{failed} 个不符",
            f"{tried} rules, {facts} facts, {len(outcomes)} cases, {failed} failed",
        ),
        err=True,
    )


command.add_command(mutate)


@command.command("docs")
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language.")
def docs(folder: str, lang: str) -> None:
    """每个模型写一页说明 / write a page per rule, and an index, as Markdown.

    Example: xiezhi rules docs docs/reference/rules
    """
    pages = rules.write_rule_pages(CoreConfig.from_environment(), Path(folder), lang)
    click.echo(say(f"写了 {len(pages)} 页", f"wrote {len(pages)} pages"), err=True)


@command.command("lock")
@click.option("--check", is_flag=True, help="只核对,不写 / only check, write nothing.")
def lock(check: bool) -> None:
    """锁定当前内容 / write lock.yaml: version and hash of everything in force. Exit code 4 where it does not agree.

    Example: xiezhi rules lock --check
    """
    config = CoreConfig.from_environment()
    if check:
        held = content.check_lock(config)
        click.echo(say(f"{held} 项与锁定文件一致", f"{held} items agree with the lock"), err=True)
        return
    path, changed = content.lock_content(config)
    for change in changed:
        click.echo(f"{change.name} {change.words.in_(command_language())}")
    click.echo(path, err=True)
