"""xiezhi contracts: check, list, show, new, docs, codes, decide-code"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.contracts.model import Contract, Field
from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.language import command_language
from xiezhi.operations import contracts
from xiezhi.operations.config import CoreConfig

site_content_option = click.option(
    "--site-content", type=click.Path(exists=True, file_okay=False, path_type=Path), help="本地内容目录 / a site's own content."
)


@click.group("contracts")
def command() -> None:
    """数据契约 / the data contracts: check, list, show, new, docs."""


@command.command("check")
@format_option("text", "json")
def check(form: str) -> None:
    """检查全部契约和代码表 / find mistakes in contracts and codelists. Exit code 4 if there are any.

    Example: xiezhi contracts check
    """
    sound, problems = contracts.check_contracts(CoreConfig.from_environment())
    if form == "json":
        print_json([_problem(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(problem.message(command_language()))
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
    found = contracts.list_contracts(CoreConfig.from_environment(), department)
    if form == "json":
        print_json([_summary(contract) for contract in found])
        return
    table = _table(
        ("契约", "contract"), ("名称", "title"), ("部门", "department"), ("频度", "cadence"), ("方式", "mode"), ("列", "fields")
    )
    for one in found:
        columns = sum(len(delivered.fields) for delivered in one.tables)
        table.add_row(one.name, one.title.in_(command_language()), one.department, one.cadence, one.load_mode, str(columns))
    out().print(table)


@command.command("show")
@click.argument("name")
@format_option("text", "json")
def show(name: str, form: str) -> None:
    """看一份契约 / the fields of one contract, and the headers they are known by.

    Example: xiezhi contracts show subsidy_payment
    """
    contract = contracts.read_contract(CoreConfig.from_environment(), name)
    if form == "json":
        print_json(_whole(contract))
        return
    said = command_language()
    click.echo(f"{contract.name} {contract.version}  {contract.title.in_(said)}\n{contract.purpose.in_(said)}")
    for one in contract.tables:
        click.echo(f"\n{one.name}  {say('主键', 'key')}: {', '.join(one.key) or '–'}")
        table = _table(("列", "column"), ("名称", "title"), ("类型", "kind"), ("必填", "required"), ("也认得", "also known as"))
        for field in one.fields:
            kind = field.identity or (f"{field.kind} {field.unit}" if field.unit else field.kind)
            table.add_row(
                field.name,
                field.title.in_(said),
                kind,
                "●" if field.required else "",
                say("、", ", ").join(field.aliases),
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
    from xiezhi.operations import contract_drafts  # with intake: to list contracts needs none of it

    click.echo(contract_drafts.draft_contract_from(CoreConfig.from_environment(), name, department, sample))
    click.echo(
        say("接下来:核对各列,再运行 xiezhi contracts check", "next: check every field, then xiezhi contracts check"), err=True
    )


@command.command("docs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def docs(folder: Path) -> None:
    """为每份契约写一页说明 / write a Markdown page per contract and an index.

    Example: xiezhi contracts docs docs/reference/contracts
    """
    written = contracts.write_contract_pages(CoreConfig.from_environment(), folder, command_language())
    click.echo(say(f"写出 {len(written)} 页", f"{len(written)} pages written"), err=True)


@command.command("codes")
@lake_option
@site_content_option
@format_option("table", "json")
def list_codes(lake: str, site_content: Path | None, form: str) -> None:
    """列出代码表不认识、使行退回的写法 / list what senders write for codes that no list knows.

    Example: xiezhi contracts codes --lake data/lake
    """
    from xiezhi.operations import codes

    found = codes.list_unknown_codes(CoreConfig.from_environment(site_content=site_content), Path(lake))
    if form == "json":
        print_json([asdict(one) for one in found])
        return
    table = _table(("契约", "contract"), ("列", "column"), ("写法", "written"), ("退回行", "rows"), ("最近交付", "last delivery"))
    for one in found:
        written = escape(one.written) if one.written is not None else say("(回执没有记下)", "(not on the receipt)")
        table.add_row(one.contract, one.field, written, f"{one.rows:,}", str(one.delivery))
    out().print(table if found else say("没有代码表不认识的写法。", "No spelling is unknown."))


@command.command("decide-code")
@click.argument("contract")
@click.argument("field")
@click.argument("written")
@click.argument("code")
@click.option("--reason", required=True, help="为什么 / why, for whoever reads it later.")
@site_content_option
def decide_code(contract: str, field: str, written: str, code: str, reason: str, site_content: Path | None) -> None:
    """决定一种写法按哪个代码读取,以后同样处理 / decide what a spelling means, for this contract and from now on.

    Example: xiezhi contracts decide-code procurement method 框架供应 框架协议采购 --reason 财政局沿用旧称
    """
    from xiezhi.operations import codes

    config = CoreConfig.from_environment(site_content=site_content)
    click.echo(codes.decide_code(config, contract, field, written, code, reason))
    said = "退回的行可以原样再次交付", "the rows that came back can be delivered again as they are"
    click.echo(say(*said), err=True)


def _problem(problem: ContentError) -> dict[str, str | int | None]:
    place = problem.place or Place()
    return {"code": problem.code, "file": place.file, "line": place.row, "zh": problem.zh, "en": problem.en}


def _table(*headings: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for zh, en in headings:
        table.add_column(say(zh, en))
    return table


def _whole(contract: Contract) -> dict[str, Any]:
    """A contract for programs: its summary, why and on what basis it is delivered, and its tables with their fields."""
    return _summary(contract) | {
        "purpose": contract.purpose.model_dump(),
        "legal_basis": [basis.model_dump() for basis in contract.legal_basis],
        "period": contract.period,
        "tables": [
            {"name": table.name, "key": table.key, "fields": [_field(field) for field in table.fields]}
            for table in contract.tables
        ],
    }


def _summary(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.name,
        "id": str(contract.id),
        "version": contract.version,
        "status": contract.status,
        "title_zh": contract.title.zh,
        "title_en": contract.title.en,
        "department": contract.department,
        "format": contract.format,
        "cadence": contract.cadence,
        "grace_days": contract.grace_days,
        "retention_months": contract.retention_months,
        "load_mode": contract.load_mode,
        "fields": sum(len(table.fields) for table in contract.tables),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "title_zh": field.title.zh,
        "title_en": field.title.en,
        "kind": field.kind,
        "identity": field.identity,
        "unit": field.unit,
        "required": field.required,
        "classification": field.classification,
        "codes": [code.code for code in field.codelist.codes] if field.codelist else None,
        "aliases": field.aliases,
        "lake_columns": field.lake_columns(),
    }
