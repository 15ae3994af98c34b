"""What a column of an unknown table probably is, from its header and a sample of its cells. For drafts only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi.contracts.header import stated_unit
from xiezhi.contracts.kinds import MONEY_UNITS, IdentityKind, Kind, Unit

_IDENTITIES: tuple[tuple[str, IdentityKind], ...] = (
    (r"身份证|公民身份|证件号", IdentityKind.CITIZEN_ID),
    (r"信用代码|组织机构代码", IdentityKind.CREDIT_CODE),
    (r"账号|帐号|卡号", IdentityKind.BANK_ACCOUNT),
    (r"电话|手机", IdentityKind.PHONE),
    (r"车牌|号牌", IdentityKind.VEHICLE_PLATE),
    (r"住址|地址", IdentityKind.ADDRESS),
    (r"姓名|户名|收款人", IdentityKind.NAME),
)
"""What headers give away. Whatever might name a person is taken for an identity: too careful is mended, too lax is a leak."""

_SHAPES: tuple[tuple[str, Kind], ...] = (
    (r"[1-9]\d{11}", Kind.REGION),
    (r"(19|20)\d{2}[-./年]?(0?[1-9]|1[0-2])月?", Kind.MONTH),
    (r"(19|20)\d{2}[-./年]?\d{1,2}[-./月]?\d{1,2}日?", Kind.DATE),
    (r"(19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?[T ]\d{1,2}:\d{2}.*", Kind.TIMESTAMP),
    (r"是|否", Kind.BOOLEAN),
    (r"-?\d{1,9}", Kind.INTEGER),
    (r"-?[\d,]+(\.\d+)?", Kind.DECIMAL),
)
"""Shapes that every filled cell of a sample must have, the narrowest first."""

_CITIZEN_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_MONEY = re.compile(r"元|金额|价|费|款|工资|资本|标准")


@dataclass(frozen=True)
class Guess:
    """A kind, with what that kind needs."""

    kind: Kind
    identity: IdentityKind | None = None
    unit: Unit | None = None


def guess(header: str, cells: Sequence[str]) -> Guess:
    """The likeliest kind of a column; text where nothing fits. `cells` may hold blanks."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    for pattern, identity in _IDENTITIES:
        if re.search(pattern, header):
            return Guess(Kind.IDENTITY, identity)
    if filled and all(_CITIZEN_ID.fullmatch(cell) for cell in filled):
        return Guess(Kind.IDENTITY, IdentityKind.CITIZEN_ID)
    shapes = (kind for pattern, kind in _SHAPES if filled and all(re.fullmatch(pattern, cell) for cell in filled))
    kind = next(shapes, Kind.TEXT)
    if kind in (Kind.INTEGER, Kind.DECIMAL) and _MONEY.search(header):
        stated = stated_unit(header)
        return Guess(Kind.MONEY, unit=stated if stated in MONEY_UNITS else Unit.YUAN)
    return Guess(kind)
