"""A delivered header against a table's fields: spellings are compared without spaces, width, case, or units in brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from xiezhi.contracts.cell import ZERO_WIDTH
from xiezhi.contracts.kinds import MONEY_UNITS, FieldKind, Unit
from xiezhi.contracts.model import Field, Table
from xiezhi.contracts.units import StatedUnit, agreed, read_unit, trailing_unit

_IGNORED = re.compile(rf"[\s{ZERO_WIDTH}_*'\"‘’“”:.\-、,]+")
_NUMBERED = re.compile(r"(.+)_[2-9]")
_BRACKETS = re.compile(r"[(\[【〔{<《]([^)\]】〕}>》]*)[)\]】〕}>》]")

_OF_ANOTHER = re.compile(
    "累计|[上去][月年季期]|(?:调整|变更|修改|更正)[前后]|^原|旧|历史|预算|计划|预计|拟|应[发付补]|已退|退回|冲销|未|费率|折扣|下浮|比例"
    "|总价|登记日期|曾用|别名|户主|监护人|配偶|父亲|母亲|代领|经办|每[亩头人户]|标准$"
)
"""Words in brackets that make another thing of a column: 补贴金额(累计), 发放日期(计划), 身份证号(户主)."""

_RATE = re.compile(r"(?:/|每|\bper )\s*([^\s/()（）0-9]{1,6})$")
"""What an amount is for each of, at the end of a column's name."""


@dataclass(frozen=True)
class HeaderMap:
    """Which column (from 0) is which field. `sound` where every required field was found and none twice.

    `stated` is what each field's header cell says of a unit, whether the field can have it or not: see `intake.stated.units`.
    `passed_over`: of the `unknown` columns, those that could have been a field but for a closer one, with that field.
    """

    columns: dict[str, int]
    stated: dict[str, StatedUnit] = field(default_factory=dict)
    unknown: tuple[tuple[int, str], ...] = ()
    missing: tuple[str, ...] = ()
    clashes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    passed_over: tuple[tuple[int, str], ...] = ()

    @property
    def sound(self) -> bool:
        return not self.missing and not self.clashes


_Rank = tuple[int, bool]
"""How close a header cell comes to a field, the least first: what had to be left out of it, and whether it is but an alias."""


@dataclass(frozen=True)
class _Spelling:
    """One header cell: compared whole first, then without what stands in brackets, then without a trailing unit.

    What brackets make another thing of is compared whole alone.
    """

    forms: tuple[str, ...]
    unit: StatedUnit | None


def map_header(table: Table, header: Sequence[str | None]) -> HeaderMap:
    """Find each field of `table` in a header row.

    A unit in the header (`金额(万元)`) is reported in `stated`. Where two columns could be one field, the closer spelling
    wins, and of two as close the field's own name over an alias (死亡日期 over 身故日期); a tie is a clash. Two columns of money
    are: what is due and what was paid may both be called the amount.
    """
    index = _index(table)
    own = {one.name: {_plain(one.business_name), _plain(one.name)} for one in table.fields if one.kind is not FieldKind.MONEY}
    cells = [_spelling(_unnumbered(cell or "", header)) for cell in header]
    candidates: dict[str, list[tuple[_Rank, int]]] = {}
    unknown: list[tuple[int, str]] = []
    for column, cell in enumerate(cells):
        found = next(((rank, form) for rank, form in enumerate(cell.forms) if form in index), None)
        if found:
            rank, form = found
            name = index[form]
            left_out = 0 if cell.unit else rank  # a unit is no part of a name
            candidates.setdefault(name, []).append(((left_out, form not in own.get(name, ())), column))
        elif header[column]:
            unknown.append((column, str(header[column])))
    columns, clashes, passed_over = _decide(candidates)
    unknown += [(column, str(header[column])) for column, _ in passed_over]
    stated = {name: unit for name, column in columns.items() if (unit := cells[column].unit)}
    missing = tuple(
        f.name for f in table.fields if (f.required or f.primary_key) and f.name not in columns.keys() | clashes.keys()
    )
    return HeaderMap(columns, stated, tuple(sorted(unknown)), missing, clashes, tuple(sorted(passed_over)))


def clashing_spellings(table: Table) -> dict[str, tuple[str, ...]]:
    """Spellings that stand for more than one field: a contract must have none."""
    owners: dict[str, list[str]] = {}
    for one in table.fields:
        for spelling in {_plain(spelling) for spelling in one.spellings}:
            owners.setdefault(spelling, []).append(one.name)
    return {spelling: tuple(names) for spelling, names in owners.items() if len(names) > 1}


def stated(cell: str) -> StatedUnit | None:
    """What a header cell says of a unit, in brackets or at its end."""
    return _spelling(cell).unit


def stated_unit(cell: str) -> Unit | None:
    """The unit a header cell states; None where it states none that we know."""
    said = stated(cell)
    return said.unit if said else None


def is_spelling_of(field: Field, cell: str) -> bool:
    """True where a header cell is one of the field's spellings."""
    known = {_plain(spelling) for spelling in field.spellings}
    return any(form in known for form in _spelling(cell).forms)


def same_spelling(one: str, other: str) -> bool:
    """True where two header cells differ in case, width, blanks or punctuation only."""
    return _plain(one) == _plain(other)


def _decide(
    candidates: dict[str, list[tuple[_Rank, int]]],
) -> tuple[dict[str, int], dict[str, tuple[int, ...]], list[tuple[int, str]]]:
    """The one column per field, the columns that are as close as another, and those that lost to a closer one.

    A field's own name with a remark behind it (死亡日期(公历)) and a plain alias (身故日期) are as close as each other.
    """
    columns: dict[str, int] = {}
    clashes: dict[str, tuple[int, ...]] = {}
    lost: list[tuple[int, str]] = []
    for name, found in candidates.items():
        best = min(rank for rank, _ in found)
        first = [column for rank, column in found if rank == best or (best[1] and not rank[1])]
        if len(first) > 1:
            clashes[name] = tuple(first)
        else:
            columns[name] = first[0]
        lost += [(column, name) for _, column in found if column not in first]
    return columns, clashes, lost


def _unnumbered(cell: str, header: Sequence[str | None]) -> str:
    """The name of a column that a reader numbered because it occurs twice: which of the two is meant nobody can say."""
    numbered = _NUMBERED.fullmatch(cell)
    return numbered[1] if numbered and numbered[1] in header else cell


def _index(table: Table) -> dict[str, str]:
    return {_plain(spelling): one.name for one in table.fields for spelling in one.spellings}


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4096)
def _spelling(cell: str) -> _Spelling:
    text = unicodedata.normalize("NFKC", cell)
    bare = _BRACKETS.sub("", text).strip()
    brackets = [said for inner in _BRACKETS.findall(text) if (said := _with_rate(inner, bare))]
    trailing = trailing_unit(bare)
    said = agreed([*brackets, trailing[1]] if trailing and _plain(trailing[0]) else brackets)
    shorter = () if any(map(_OF_ANOTHER.search, _BRACKETS.findall(text))) else (bare, trailing[0] if trailing else "")
    forms = dict.fromkeys(_plain(form) for form in (text, *shorter) if _plain(form))
    return _Spelling(tuple(forms), said)


def _with_rate(inner: str, bare: str) -> StatedUnit | None:
    """What brackets say; with what stands behind the name: 金额(元)/亩 and 金额/亩(元) are both 元/亩."""
    said, rate = read_unit(inner), _RATE.search(bare)
    if said and said.unit and not said.per and rate:
        return read_unit(f"{inner}/{rate[1]}") or said
    return said


def fits(field: Field, unit: Unit) -> bool:
    """Whether a field's values can be delivered in a unit: any of money's for money, else the contract's own."""
    return unit in MONEY_UNITS if field.kind is FieldKind.MONEY else unit is field.unit
