"""xiezhi vault new-key | rotate | forget | verify | stats"""

from __future__ import annotations

from pathlib import Path

import click

from xiezhi.cli.terminal import format_option, lake_option, print_json, say
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.identities import ALGORITHMS, forget_identity, make_key, rotate_vault, vault_statistics, verify_vault


@click.group("vault")
def command() -> None:
    """身份保险库 / the identity vault: change its key, forget someone, prove its log, count what it holds."""


@command.command("new-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--algorithms", type=click.Choice(ALGORITHMS), default=ALGORITHMS[0], show_default=True, help="算法 / the algorithms."
)
def new_key(file: Path, algorithms: str) -> None:
    """造一把新密钥,放在数据之外 / a new key, kept apart from the data; then name it in XIEZHI_KEY_FILE.

    A lost key is lost data: keep a copy in another place. Example: xiezhi vault new-key /etc/xiezhi/vault/site.key
    """
    number = make_key(file, algorithms)
    click.echo(say(f"密钥 {number} 在 {file}", f"key {number} is in {file}"))


@command.command("rotate")
@lake_option
@click.option("--actor", help="操作人,默认当前用户 / who; the present user if not given.")
@click.option("--algorithms", type=click.Choice(ALGORITHMS), help="同时更换算法 / change the algorithms, too.")
@format_option("table", "json")
def rotate(lake: str, actor: str | None, algorithms: str | None, form: str) -> None:
    """更换密钥 / put the vault under a new key. The lake is not touched; a crash leaves it whole under one of the keys.

    Example: xiezhi vault rotate --lake city.lake --actor 张三 --algorithms SM4/SM3
    """
    old, new = rotate_vault(CoreConfig.from_environment(), Path(lake), actor=actor, algorithms=algorithms)
    if form == "json":
        print_json({"old_key": old, "new_key": new})
    else:
        click.echo(say(f"密钥 {old} 已换为 {new}", f"key {old} was replaced by {new}"))


@command.command("forget")
@lake_option
@click.option(
    "--kind", required=True, type=click.Choice([str(kind) for kind in IdentityKind]), help="号码的种类 / what the numbers are."
)
@click.option("--purpose", required=True, help="依据,写入日志 / on what ground; goes into the log.")
@click.option("--actor", help="操作人,默认当前用户 / who; the present user if not given.")
@click.option("--case", help="申请或案件编号 / number of the request or case.")
@click.option("--yes", is_flag=True, help="不再询问 / do not ask.")
@format_option("table", "json")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(min=1))
def forget(
    lake: str, kind: str, purpose: str, actor: str | None, case: str | None, yes: bool, form: str, numbers: tuple[int, ...]
) -> None:
    """遗忘 / destroy what stands behind these numbers. Cannot be undone.

    Example: xiezhi vault forget --lake city.lake --kind citizen_id 17 --purpose "保存期限届满" --actor 张三 --yes
    """
    if not yes:
        question = say(f"永久遗忘 {len(numbers)} 个号码?", f"forget {len(numbers)} numbers for ever?")
        click.confirm(question, abort=True, err=True)
    forgotten = forget_identity(
        CoreConfig.from_environment(),
        Path(lake),
        kind=IdentityKind(kind),
        numbers=numbers,
        purpose=purpose,
        actor=actor,
        case=case,
    )
    if form == "json":
        print_json({"kind": kind, "asked": len(set(numbers)), "forgotten": forgotten})
    else:
        click.echo(say(f"已遗忘 {forgotten} 个", f"{forgotten} forgotten"))


@command.command("verify")
@lake_option
@format_option("table", "json")
def verify(lake: str, form: str) -> None:
    """验证揭示日志 / prove that no line of the reveal log was altered, removed or moved. Exit code 5 if one was.

    Example: xiezhi vault verify --lake city.lake
    """
    head = verify_vault(CoreConfig.from_environment(), Path(lake))
    if form == "json":
        print_json({"lines": head.count, "code": head.code, "unfinished": head.unfinished})
    else:
        click.echo(say(f"{head.count} 行完好,末行验证码 {head.code}", f"{head.count} lines as written, last code {head.code}"))


@command.command("stats")
@lake_option
@format_option("table", "json")
def stats(lake: str, form: str) -> None:
    """各类身份的数量 / how many values of each kind the vault knows.

    Example: xiezhi vault stats --lake city.lake --format json
    """
    found = vault_statistics(CoreConfig.from_environment(), Path(lake))
    if form == "json":
        print_json(
            {
                "key": found.key_id,
                "kinds": {str(kind): count for kind, count in found.counts.items()},
                "log_lines": found.head.count,
            }
        )
        return
    click.echo(
        say(
            f"密钥 {found.key_id};揭示日志 {found.head.count} 行",
            f"key {found.key_id}; {found.head.count} lines in the reveal log",
        )
    )
    for kind, count in found.counts.items():
        click.echo(f"{kind:<14}{count:>12,}")
