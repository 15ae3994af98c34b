"""What a column of an unknown table probably is, from its header and a sample of its cells. For drafts only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xiezhi.contracts.header_matching import stated_unit
from xiezhi.contracts.kinds import MONEY_UNITS, FieldKind, Unit
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.words import Words

_IDENTITIES: tuple[tuple[str, IdentityKind], ...] = (
    (r"身份证|公民身份|证件号", IdentityKind.CITIZEN_ID),
    (r"信用代码|组织机构代码", IdentityKind.CREDIT_CODE),
    (r"账号|帐号|卡号", IdentityKind.BANK_ACCOUNT),
    (r"电话|手机", IdentityKind.PHONE),
    (r"车牌|号牌", IdentityKind.VEHICLE_PLATE),
    (r"住址|地址", IdentityKind.ADDRESS),
    (r"姓名|户名|收款人", IdentityKind.NAME),
    (r"(?:联系|经办|负责|代表|申请|受益|监护|代理|代领|领款|办理|审批|承办)人$|户主$", IdentityKind.NAME),
)
"""What headers give away. Whatever might name a person is taken for an identity: too careful is mended, too lax is a leak."""

_SHAPES: tuple[tuple[str, FieldKind], ...] = (
    (r"[1-9]\d{11}", FieldKind.REGION),
    (r"(19|20)\d{2}[-./年]?(0?[1-9]|1[0-2])月?", FieldKind.MONTH),
    (r"(19|20)\d{2}[-./年]?\d{1,2}[-./月]?\d{1,2}日?", FieldKind.DATE),
    (r"(19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?[T ]\d{1,2}:\d{2}.*", FieldKind.TIMESTAMP),
    (r"是|否", FieldKind.BOOLEAN),
    (r"-?\d{1,9}", FieldKind.INTEGER),
    (r"-?[\d,]+(\.\d+)?", FieldKind.DECIMAL),
)
"""Shapes that every filled cell of a sample must have, the narrowest first."""

_CODE = re.compile(r"(?:0\d+|\d{16,})(?:\.\d+)?")
"""Digits that are no number: as one they lose their zeros, or what stands behind the fifteenth digit."""

_MONEY = re.compile(r"元|金额|价|费|款|工资|资本|标准")

KIND_OF = {
    IdentityKind.CITIZEN_ID: Words(zh="公民身份号码", en="citizen ids"),
    IdentityKind.CREDIT_CODE: Words(zh="统一社会信用代码", en="credit codes"),
    IdentityKind.PARTY_ID: Words(zh="当事方标识", en="party ids"),
    IdentityKind.NAME: Words(zh="姓名", en="names of persons"),
    IdentityKind.PHONE: Words(zh="电话号码", en="phone numbers"),
    IdentityKind.BANK_ACCOUNT: Words(zh="银行账号(16 至 19 位数字)", en="bank accounts (16 to 19 digits)"),
    IdentityKind.VEHICLE_PLATE: Words(zh="车牌号码", en="vehicle plates"),
    IdentityKind.ADDRESS: Words(zh="住址", en="addresses"),
}
BY_HEADER = Words(zh="由表头猜得", en="guessed from the header")
BY_SHAPE = Words(zh="由取值的写法猜得", en="guessed from how the values are written")
A_CODE = Words(zh="是编号而不是数:有前导零,或超过 15 位", en="a code and no number: leading zeros, or more than 15 digits")
NO_IDEA = Words(zh="没有猜出是什么,按文字", en="nothing could be guessed: a text")


@dataclass(frozen=True)
class Held:
    """`sound` of `filled` cells are an identity of a kind. `certain`: a check character or a closed shape says so."""

    identity: IdentityKind
    sound: int
    filled: int
    certain: bool


Recogniser = Callable[[Sequence[str]], Held | None]
"""Whose the cells of a column are. It is handed in: what makes an identity sound is known beside the contracts, not here."""


@dataclass(frozen=True)
class Guess:
    """A kind, with what that kind needs, and from what it was guessed."""

    kind: FieldKind
    identity: IdentityKind | None = None
    unit: Unit | None = None
    why: Words = NO_IDEA


def guess(header: str, cells: Sequence[str], recognise: Recogniser) -> Guess:
    """The likeliest kind of a column; text where nothing fits. `cells` may hold blanks.

    Values that prove what they are come first, then what the header says, then what the values look like.
    """
    held = recognise(cells)
    if held and held.certain:
        return by_values(held)
    for pattern, identity in _IDENTITIES:
        if re.search(pattern, header):
            return Guess(FieldKind.IDENTITY, identity, why=BY_HEADER)
    if held:
        return by_values(held)
    return _by_shape(header, [cell.strip() for cell in cells if cell and cell.strip()])


def by_values(held: Held) -> Guess:
    """An identity, with how many of how many cells are one."""
    kind = KIND_OF[held.identity]
    zh, en = ("是", "are") if held.certain else ("像", "look like")
    return Guess(
        FieldKind.IDENTITY,
        held.identity,
        why=Words(
            zh=f"由取值猜得:{held.filled} 个非空值中 {held.sound} 个{zh}{kind.zh}",
            en=f"guessed from the values: {held.sound} of {held.filled} {en} {kind.en}",
        ),
    )


def _by_shape(header: str, filled: list[str]) -> Guess:
    shapes = (kind for pattern, kind in _SHAPES if filled and all(re.fullmatch(pattern, cell) for cell in filled))
    kind = next(shapes, FieldKind.TEXT)
    if kind in (FieldKind.INTEGER, FieldKind.DECIMAL) and any(_CODE.fullmatch(re.sub("[,-]", "", cell)) for cell in filled):
        return Guess(FieldKind.TEXT, why=A_CODE)
    if kind in (FieldKind.INTEGER, FieldKind.DECIMAL) and _MONEY.search(header):
        stated = stated_unit(header)
        return Guess(FieldKind.MONEY, unit=stated if stated in MONEY_UNITS else Unit.YUAN, why=BY_SHAPE)
    return Guess(kind, why=NO_IDEA if kind is FieldKind.TEXT else BY_SHAPE)
