"""A delivered header against a table's fields: spellings are compared without spaces, width, case, or units in brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from xiezhi.contracts.kinds import MONEY_UNITS, Kind, Unit
from xiezhi.contracts.model import Field, Table

_IGNORED = re.compile(r"[\s​‌‍﻿_*'\"‘’“”:.\-、,]+")
_BRACKETS = re.compile(r"[(\[【〔{<《]([^)\]】〕}>》]*)[)\]】〕}>》]")
_UNIT = re.compile(r"(万元|元|分|%)$")
_TRAILING_UNIT = re.compile(r"[/:(]?(万元|元|分|%)$")


@dataclass(frozen=True)
class HeaderMap:
    """Which column (from 0) is which field. `sound` where every required field was found and none twice."""

    columns: dict[str, int]
    units: dict[str, Unit] = field(default_factory=dict)
    unknown: tuple[tuple[int, str], ...] = ()
    missing: tuple[str, ...] = ()
    clashes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not self.missing and not self.clashes


@dataclass(frozen=True)
class _Spelling:
    """One header cell: compared whole first, then without what stands in brackets, then without a trailing unit."""

    forms: tuple[str, ...]
    unit: Unit | None


def map_header(table: Table, header: Sequence[str | None]) -> HeaderMap:
    """Find each field of `table` in a header row.

    A unit in the header (`金额(万元)`) is reported in `units` where the field's kind can have it: it overrides the
    contract's. Where two columns could be one field, the closer spelling wins; a tie is a clash.
    """
    index = _index(table)
    cells = [_spelling(cell or "") for cell in header]
    candidates: dict[str, list[tuple[int, int]]] = {}
    unknown: list[tuple[int, str]] = []
    for column, cell in enumerate(cells):
        found = next(((rank, index[form]) for rank, form in enumerate(cell.forms) if form in index), None)
        if found:
            candidates.setdefault(found[1], []).append((found[0], column))
        elif header[column]:
            unknown.append((column, str(header[column])))
    columns, clashes = _decide(candidates, unknown, header)
    kept = {name: unit for name, column in columns.items() if (unit := cells[column].unit) and _fits(table.field(name), unit)}
    missing = tuple(
        f.name for f in table.fields if (f.required or f.primary_key) and f.name not in columns.keys() | clashes.keys()
    )
    return HeaderMap(columns, kept, tuple(sorted(unknown)), missing, clashes)


def clashing_spellings(table: Table) -> dict[str, tuple[str, ...]]:
    """Spellings that stand for more than one field: a contract must have none."""
    owners: dict[str, list[str]] = {}
    for one in table.fields:
        for spelling in {_plain(spelling) for spelling in one.spellings}:
            owners.setdefault(spelling, []).append(one.name)
    return {spelling: tuple(names) for spelling, names in owners.items() if len(names) > 1}


def stated_unit(cell: str) -> Unit | None:
    """The unit a header cell states, in brackets or at its end."""
    return _spelling(cell).unit


def is_spelling_of(field: Field, cell: str) -> bool:
    """True where a header cell is one of the field's spellings."""
    known = {_plain(spelling) for spelling in field.spellings}
    return any(form in known for form in _spelling(cell).forms)


def _decide(
    candidates: dict[str, list[tuple[int, int]]], unknown: list[tuple[int, str]], header: Sequence[str | None]
) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """The one column per field; columns that lost to a closer spelling go to `unknown`."""
    columns: dict[str, int] = {}
    clashes: dict[str, tuple[int, ...]] = {}
    for name, found in candidates.items():
        best = min(rank for rank, _ in found)
        first = [column for rank, column in found if rank == best]
        if len(first) > 1:
            clashes[name] = tuple(first)
        else:
            columns[name] = first[0]
        unknown.extend((column, str(header[column])) for rank, column in found if rank > best)
    return columns, clashes


def _index(table: Table) -> dict[str, str]:
    return {_plain(spelling): one.name for one in table.fields for spelling in one.spellings}


def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _spelling(cell: str) -> _Spelling:
    text = unicodedata.normalize("NFKC", cell)
    brackets = [match.strip() for match in _BRACKETS.findall(text)]
    bare = _BRACKETS.sub("", text).strip()
    trailing = _TRAILING_UNIT.sub("", bare)
    said = next((found for part in (*brackets, bare) if (found := _UNIT.search(part))), None)
    forms = dict.fromkeys(_plain(form) for form in (text, bare, trailing) if _plain(form))
    return _Spelling(tuple(forms), Unit(said.group(1)) if said else None)


def _fits(field: Field, unit: Unit) -> bool:
    if field.kind is Kind.MONEY:
        return unit in MONEY_UNITS
    return field.kind is Kind.DECIMAL and unit is Unit.PERCENT
