"""xiezhi erase delivery | person, xiezhi expire"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.retention import expire_data, forget_delivery, forget_person

purpose_option = click.option("--purpose", required=True, help="理由,写入销毁证明 / why; it goes on the certificate.")


@click.group("erase")
def erase() -> None:
    """销毁一次交付或一个人的数据 / erase a delivery or a person, with a certificate."""


@erase.command("delivery")
@click.argument("number", type=int)
@lake_option
@purpose_option
@format_option("table", "json")
def delivery(number: int, lake: str, purpose: str, form: str) -> None:
    """销毁一次交付 / erase what a delivery brought, its sealed original and its returned rows.

    Example: xiezhi erase delivery 12 --lake city.lake --purpose "delivered by mistake"
    """
    _show([forget_delivery(CoreConfig.from_environment(), Path(lake), number, purpose)], form)


@erase.command("person")
@click.argument("subject")
@lake_option
@purpose_option
@format_option("table", "json")
def person(subject: str, lake: str, purpose: str, form: str) -> None:
    """销毁一个人的数据 / erase every row that names a person (`#number`, or a citizen id).

    Example: xiezhi erase person "#42" --lake city.lake --purpose "court order 7"
    """
    _show([forget_person(CoreConfig.from_environment(), Path(lake), subject, purpose)], form)


@click.command("expire")
@lake_option
@click.option("--purpose", default="retention over", show_default=True, help="理由 / why; it goes on the certificate.")
@format_option("table", "json")
def expire(lake: str, purpose: str, form: str) -> None:
    """销毁超过保存期限的交付 / erase deliveries older than their contract's retention.

    Example: xiezhi expire --lake city.lake
    """
    _show(expire_data(CoreConfig.from_environment(), Path(lake), purpose), form)


def _show(certificates: list[dict[str, Any]], form: str) -> None:
    if form == "json":
        print_json(certificates)
        return
    for certificate in certificates:
        rows = sum(certificate["rows"].values())
        number, files = certificate["certificate"], len(certificate["files_destroyed"])
        out().print(
            say(
                f"第 {number} 号销毁证明:销毁 {rows:,} 行,{files} 个文件。",
                f"certificate {number}: {rows:,} rows and {files} files erased.",
            )
        )
    if not certificates:
        out().print(say("没有到期的交付。", "nothing is due."))
