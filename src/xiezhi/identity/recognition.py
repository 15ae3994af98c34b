"""Whose a column of unknown values probably is: what most of them are, held against what makes a value of each kind sound.

For drafts. Who errs on the side of an identity is mended with a word; who errs on the other leaves people in clear in the lake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from xiezhi.identity.characters import HAN
from xiezhi.identity.citizen import normal_citizen_id
from xiezhi.identity.cleaning import bare, half_width
from xiezhi.identity.contact import normal_contact
from xiezhi.identity.holder import TRADE
from xiezhi.identity.name import normal_name
from xiezhi.identity.nothing import is_nothing
from xiezhi.identity.organisation import normal_credit_code
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.surnames import DOUBLE, SINGLE

NEARLY_ALL = 0.9
"""The share of filled cells that must be numbers of somebody: what is left are the clerk's remarks and slips."""

MOST = 0.6
"""The same for names and addresses, which have no check character and stand beside names of firms."""

_DIFFERENT = 2
"""Different names that must occur: a word such as 高中 or 白色 that fills a column is a code."""

_ACCOUNT = re.compile("[1-9][0-9]{15,18}")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"\(?0[1-9][0-9]{1,2}[)-][0-9]{7,8}(?:-[0-9]{1,5})?")
_SPACED_DIGITS = re.compile(r"[0-9][0-9 \-]*")

_SURNAME = f"(?:[{''.join(sorted(SINGLE))}]|{'|'.join(DOUBLE)})"
_PERSON = re.compile(f"(?=.{{2,4}}$){_SURNAME}[{HAN}]{{1,3}}|[{HAN}]{{1,10}}(?:·[{HAN}]{{1,10}})+")
_NO_PERSON = re.compile(f"[省市区县旗镇乡村屯庄街道路组队班科股类族色型级费款岁元]$|{TRADE}")
"""Ends of names of places and of words for kinds of things, many of which begin with a surname: 王家村, 满族, 白色."""

_ADDRESS = re.compile(
    "(?:[路街道巷弄村镇乡庄里苑园屯组]|社区|小区|大院).{0,12}[0-9０-９一二三四五六七八九十]+ ?(?:号|幢|栋|弄|室|单元|组|户)"
)
_PAPER = re.compile("[〔\\[［【(（]?(?:19|20)[0-9]{2}[〕\\]］】)）年].{0,8}号$")
"""财农〔2024〕12号 is a document, and nobody lives there."""


class Recognised(NamedTuple):
    """`sound` of `filled` cells are what `kind` says. `certain`: they have a check character, or are long and of a closed shape.

    What is not certain gives way to what the column's header says.
    """

    kind: IdentityKind
    sound: int
    filled: int
    certain: bool


def recognise_identity(cells: Sequence[str]) -> Recognised | None:
    """What nearly all filled cells of a sample are; None where they are nobody's."""
    filled = [cell.strip() for cell in cells if cell and cell.strip() and not is_nothing(IdentityKind.NAME, cell)]
    return (_numbers(filled) or _names(filled) or _addresses(filled)) if filled else None


def _numbers(filled: list[str]) -> Recognised | None:
    """The kind of most cells, where nearly all are numbers of some kind: people and firms may stand in one column."""
    told = Counter(found for cell in filled if (found := _number(cell)))
    if not told or told.total() < NEARLY_ALL * len(filled):
        return None
    kinds = Counter[IdentityKind]()
    for (kind, _), times in told.items():
        kinds[kind] += times
    ((kind, _),) = kinds.most_common(1)
    return Recognised(kind, kinds[kind], len(filled), told[kind, True] >= NEARLY_ALL * len(filled))


def _number(cell: str) -> tuple[IdentityKind, bool] | None:
    """The kind of one cell, and whether its check character or its closed shape proves it."""
    citizen = normal_citizen_id(cell)
    if citizen.value:
        return IdentityKind.CITIZEN_ID, True
    if normal_credit_code(cell).value:
        return IdentityKind.CREDIT_CODE, True
    if citizen.grade == "id_check_digit":
        return IdentityKind.CITIZEN_ID, False
    plain = half_width(bare(cell))
    if _MOBILE.fullmatch(plain.replace("-", "")) or _LANDLINE.fullmatch(plain):
        return IdentityKind.PHONE, True
    if normal_contact(IdentityKind.VEHICLE_PLATE, cell).value:
        return IdentityKind.VEHICLE_PLATE, True
    if _SPACED_DIGITS.fullmatch(half_width(cell)) and _ACCOUNT.fullmatch(plain.replace("-", "")):
        return (IdentityKind.BANK_ACCOUNT, False) if not is_nothing(IdentityKind.BANK_ACCOUNT, cell) else None
    return None


def _names(filled: list[str]) -> Recognised | None:
    persons = [name for cell in filled if (name := normal_name(cell).value) and _is_person(name)]
    if len(persons) < MOST * len(filled) or len(set(persons)) < _DIFFERENT:
        return None
    return Recognised(IdentityKind.NAME, len(persons), len(filled), certain=False)


def _is_person(name: str) -> bool:
    return bool(_PERSON.fullmatch(name)) and not _NO_PERSON.search(name)


def _addresses(filled: list[str]) -> Recognised | None:
    found = sum(bool(_ADDRESS.search(cell)) and not _PAPER.search(cell) for cell in filled)
    return Recognised(IdentityKind.ADDRESS, found, len(filled), certain=False) if found >= MOST * len(filled) else None
