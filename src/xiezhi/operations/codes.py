"""Codes that senders write and no list knows: what they are, and what this site decides that they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiezhi.contracts.code_decisions import CodeDecision, add_decision
from xiezhi.contracts.model import Contract, Field
from xiezhi.intake.receipts.receipt import Reason, Receipt
from xiezhi.kernel.clock import today
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.masking import by_shape
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force


@dataclass(frozen=True)
class UnknownCode:
    """`written` in a field of a contract set `rows` rows aside, last in delivery number `delivery`.

    `written` None: rows whose receipt does not say what was written (an older one, or one with very many spellings).
    """

    contract: str
    field: str
    written: str | None
    rows: int
    delivery: int


Spelling = tuple[str, str, str | None]
"""Contract, field, and what is written there."""


def list_unknown_codes(config: CoreConfig, lake: Path) -> list[UnknownCode]:
    """Every spelling that set rows aside and was not decided on since, and rows of untold spellings, most rows first."""
    contracts = contracts_in_force(config).contracts
    rows: Counter[Spelling] = Counter()
    last: dict[Spelling, int] = {}
    with Lake.open(lake) as opened:
        for delivery in opened.deliveries():
            receipt = Receipt.model_validate(delivery.receipt)
            for reason in receipt.reasons:
                for written, count in _spellings(reason):
                    spelling = (str(receipt.contract), str(reason.column), written)
                    rows[spelling] += count
                    last[spelling] = receipt.delivery
    found = [UnknownCode(*spelling, count, last[spelling]) for spelling, count in rows.items() if not _known(contracts, spelling)]
    return sorted(found, key=lambda one: (-one.rows, one.contract, one.field, one.written or ""))


def decide_code(config: CoreConfig, contract: str, field: str, written: str, code: str, reason: str) -> Path:
    """From now on `written` in that field of that contract is read as `code`. Returns the file of the site's decisions.

    Raises UserError for an unknown contract, a field that is no code, a code that is not in its list, a spelling that it knows
    or that a receipt hid, or where the site has no content of its own.
    """
    if len(config.content_roots) < 2:
        raise UserError(
            "XZ-CODE-01",
            zh="决定写在本地内容目录里,尚未指定",
            en="a decision is kept in the site's own content, and none is named",
            todo_zh="设置 XIEZHI_CONTENT 或用 --site-content 指定目录",
            todo_en="set XIEZHI_CONTENT, or name a folder with --site-content",
        )
    listed = _coded(contracts_in_force(config).get(contract).table().fields, field).codelist
    assert listed is not None
    if listed.title_of(code) is None:
        codes = "、".join(one.code for one in listed.codes)
        raise UserError("XZ-CODE-02", zh=f"代码表中没有“{code}”,可用:{codes}", en=f"{code!r} is not in the list: {codes}")
    if "…" in written or "*" in written:
        raise UserError(
            "XZ-CODE-03",
            zh="回执上遮盖或截短的写法不能作决定",
            en="a spelling that a receipt hides or cuts cannot be decided on",
            todo_zh="照退回文件中的原文填写",
            todo_en="write it as it stands in the file that went back",
        )
    if written.upper() in listed.spellings:
        means = listed.spellings[written.upper()]
        raise UserError("XZ-CODE-04", zh=f"“{written}”已认作“{means}”", en=f"{written!r} is taken for {means!r} already")
    day = today().isoformat()
    return add_decision(config.content_roots[-1], CodeDecision(contract, listed.name, written, code, config.actor, day, reason))


def _spellings(reason: Reason) -> Iterator[tuple[str | None, int]]:
    """What a receipt says was written for codes that no list knows, and how many rows it does not say it of."""
    if reason.reason != "code_unknown":
        return
    yield from ((one.written, one.count) for one in reason.spellings)
    untold = reason.count - sum(one.count for one in reason.spellings)
    if untold > 0:
        yield None, untold


def _known(contracts: dict[str, Contract], spelling: Spelling) -> bool:
    contract, name, written = spelling
    fields = contracts[contract].table().fields if contract in contracts else ()
    listed = next((field.codelist for field in fields if field.name == name), None)
    if listed is None or written is None:
        return False
    return written.upper() in listed.spellings or ("*" in written and written in map(by_shape, listed.spellings))


def _coded(fields: Sequence[Field], wanted: str) -> Field:
    for field in fields:
        if wanted in (field.name, field.business_name) and field.codelist:
            return field
    names = "、".join(field.name for field in fields if field.codelist)
    raise UserError("XZ-CODE-05", zh=f"“{wanted}”不是代码列,代码列有:{names}", en=f"{wanted!r} is no column of codes: {names}")
