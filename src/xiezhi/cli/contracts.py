"""xiezhi contracts: check, list, show, new, docs"""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from xiezhi.cli.terminal import format_option, language, out, print_json, say
from xiezhi.kernel.errors import ContentError
from xiezhi.operations import check_contracts, draft_contract
from xiezhi.operations.config import CoreConfig


@click.group("contracts")
def command() -> None:
    """数据契约 / the data contracts: check, list, show, new, docs."""


@command.command("check")
@format_option("text", "json")
def check(form: str) -> None:
    """检查全部契约和代码表 / find mistakes in contracts and codelists. Exit code 4 if there are any.

    Example: xiezhi contracts check
    """
    sound, problems = check_contracts.check_contracts(CoreConfig.from_environment())
    if form == "json":
        print_json([_problem(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(problem.message(language()))
        click.echo(say(f"{sound} 份契约,{len(problems)} 处要改", f"{sound} contracts, {len(problems)} to mend"), err=True)
    if problems:
        raise SystemExit(ContentError.exit_code)


@command.command("list")
@click.option("--department", help="只列一个部门 / only this department.")
@format_option("table", "json")
def list_(department: str | None, form: str) -> None:
    """列出契约 / list the contracts in force.

    Example: xiezhi contracts list --department finance
    """
    contracts = check_contracts.list_contracts(CoreConfig.from_environment(), department)
    if form == "json":
        print_json(contracts)
        return
    table = _table(
        ("契约", "contract"), ("名称", "title"), ("部门", "department"), ("频度", "cadence"), ("方式", "mode"), ("列", "fields")
    )
    for one in contracts:
        cells = (one["name"], one[f"title_{language()}"], one["department"], one["cadence"], one["load_mode"], str(one["fields"]))
        table.add_row(*cells)
    out().print(table)


@command.command("show")
@click.argument("name")
@format_option("text", "json")
def show(name: str, form: str) -> None:
    """看一份契约 / the fields of one contract, and the headers they are known by.

    Example: xiezhi contracts show subsidy_payment
    """
    _, contract = check_contracts.show_contract(CoreConfig.from_environment(), name)
    if form == "json":
        print_json(check_contracts.describe_contract(contract))
        return
    click.echo(f"{contract.name} {contract.version}  {contract.title.in_(language())}\n{contract.purpose.in_(language())}")
    for one in contract.tables:
        click.echo(f"\n{one.name}  {say('主键', 'key')}: {', '.join(one.key) or '–'}")
        table = _table(("列", "column"), ("名称", "title"), ("类型", "kind"), ("必填", "required"), ("也认得", "also known as"))
        for field in one.fields:
            kind = field.identity or (f"{field.kind} {field.unit}" if field.unit else field.kind)
            table.add_row(
                field.name, field.title.in_(language()), kind, "●" if field.required else "", say("、", ", ").join(field.aliases)
            )
        out().print(table)


@command.command("new")
@click.argument("name")
@click.option("--from", "sample", required=True, type=click.Path(exists=True, path_type=Path), help="样例文件 / a sample file.")
@click.option("--department", required=True, help="交付部门,即文件夹 / delivering department, which is the folder.")
def new(name: str, sample: Path, department: str) -> None:
    """由样例文件起草契约 / draft a contract from a sample: known headers are taken over, the rest is guessed.

    Example: xiezhi contracts new vehicle --from 机动车.xlsx --department public_security
    """
    click.echo(draft_contract.draft_contract_from(CoreConfig.from_environment(), name, department, sample))
    click.echo(
        say("接下来:核对各列,再运行 xiezhi contracts check", "next: check every field, then xiezhi contracts check"), err=True
    )


@command.command("docs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def docs(folder: Path) -> None:
    """为每份契约写一页说明 / write a Markdown page per contract and an index.

    Example: xiezhi contracts docs docs/reference/contracts
    """
    written = check_contracts.document_contracts(CoreConfig.from_environment(), folder, language())
    click.echo(say(f"写出 {len(written)} 页", f"{len(written)} pages written"), err=True)


def _problem(problem: ContentError) -> dict[str, str | int | None]:
    file, _, line = (problem.place.file or "").rpartition(":") if problem.place else ("", "", "")
    return {"code": problem.code, "file": file, "line": int(line) if line else None, "zh": problem.zh, "en": problem.en}


def _table(*headings: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for zh, en in headings:
        table.add_column(say(zh, en))
    return table
