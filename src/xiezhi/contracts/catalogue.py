"""ContractCatalogue: the contracts in force, found by name or by the header of a delivered file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xiezhi.contracts.codelist import Codelist
from xiezhi.contracts.field import CODE_ENDINGS
from xiezhi.contracts.header_matching import HeaderMap, map_header
from xiezhi.contracts.kinds import FieldKind, Format
from xiezhi.contracts.model import Contract, Table
from xiezhi.kernel.errors import UserError

LEAST_SHARE = 0.5
"""Share of a file's columns a contract must know before the file is taken for its delivery."""

MANY = 6
"""Columns that are enough however many others there are: a payroll has one for each allowance."""


@dataclass(frozen=True)
class Match:
    """The contract a file was recognised by, and where its fields stand."""

    contract: Contract
    table: Table
    header: HeaderMap


@dataclass(frozen=True)
class NoMatch:
    """Why no contract was chosen: `rivals` where several fit equally, else the `nearest` with what each lacks, and in `twice`
    the columns of it that would be one field."""

    rivals: tuple[str, ...] = ()
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()
    twice: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def reason_zh(self) -> str:
        if self.rivals:
            return f"表头同时符合 {'、'.join(self.rivals)},请指明它属于哪个数据集"
        lacks = ";".join(f"{name} {self._lacks_zh(name, missing)}" for name, missing in self.nearest)
        return f"表头不符合任何数据契约({lacks})" if lacks else "表头不符合任何数据契约"

    @property
    def reason_en(self) -> str:
        if self.rivals:
            return f"the header fits {' and '.join(self.rivals)} equally; say which dataset it is"
        lacks = "; ".join(f"{name} {self._lacks_en(name, missing)}" for name, missing in self.nearest)
        return f"the header fits no contract ({lacks})" if lacks else "the header fits no contract"

    def _lacks_zh(self, name: str, missing: tuple[str, ...]) -> str:
        twice = f"有几列是同一项:{'、'.join(self.twice[name])}" if name in self.twice else ""
        lacks = f"缺 {'、'.join(missing)}" if missing else "" if twice else "多数列不认识"
        return ",".join(part for part in (lacks, twice) if part)

    def _lacks_en(self, name: str, missing: tuple[str, ...]) -> str:
        twice = f"has several columns that are one: {', '.join(self.twice[name])}" if name in self.twice else ""
        lacks = f"lacks {', '.join(missing)}" if missing else "" if twice else "knows few of the columns"
        return " and ".join(part for part in (lacks, twice) if part)


@dataclass(frozen=True, eq=False)
class ContractCatalogue:
    """Contracts and codelists by name. `sources` says which file each contract came from.

    It equals itself alone, so that what follows from it can be kept by it.
    """

    contracts: dict[str, Contract]
    codelists: dict[str, Codelist] = field(default_factory=dict)
    sources: dict[str, Path] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Contract]:
        return iter(sorted(self.contracts.values(), key=lambda contract: (contract.department, contract.name)))

    def codes_of(self, table: Table) -> frozenset[str]:
        """The text fields of a table that number things: its keys, the keys of other contracts under their names, and numbers
        and codes that no contract has for its key (`purchase_no`, `hospital_code`)."""
        keys = {name for contract in self for one in contract.tables for name in (*one.key, *contract.load_key)}
        texts = (field.name for field in table.fields if field.kind is FieldKind.TEXT)
        return frozenset(name for name in texts if name in keys or name.endswith(CODE_ENDINGS))

    def get(self, name: str) -> Contract:
        """The contract of that name. UserError naming the nearest where there is none."""
        if name in self.contracts:
            return self.contracts[name]
        near = difflib.get_close_matches(name, self.contracts, n=3) or sorted(self.contracts)
        raise UserError(
            "XZ-CONTRACT-02",
            zh=f"没有名为 {name} 的数据契约",
            en=f"there is no contract called {name}",
            todo_zh=f"可用:{'、'.join(near)}",
            todo_en=f"there are: {', '.join(near)}",
        )

    def recognise(self, header: Sequence[str | None], file_name: str = "") -> Match | NoMatch:
        """The tabular contract whose spellings know most of the header's columns and leave fewest of its own fields empty.

        All required fields must be there. A tie is decided by a file name that names one of the rivals, else refused.
        """
        tried = [Match(one, one.table(), map_header(one.table(), header)) for one in self if one.format is Format.TABULAR]
        width = sum(1 for cell in header if cell)
        fitting = [match for match in tried if match.header.sound and _knows_enough(match, width, file_name)]
        if not fitting:
            nearest = sorted(tried, key=_rank)[:3]
            known = [match for match in nearest if match.header.columns]
            twice = {match.contract.name: said for match in known if (said := _twice(match, header))}
            return NoMatch(nearest=tuple((match.contract.name, _lacks(match)) for match in known), twice=twice)
        best = min(map(_rank, fitting))
        rivals = [match for match in fitting if _rank(match) == best]
        named = [match for match in rivals if _is_named(match.contract, file_name)]
        chosen = rivals if len(rivals) == 1 else named
        if len(chosen) == 1:
            return chosen[0]
        return NoMatch(rivals=tuple(match.contract.name for match in rivals))


def _rank(match: Match) -> tuple[int, int]:
    found = len(match.header.columns)
    return -found, len(match.table.fields) - found


def _knows_enough(match: Match, width: int, file_name: str) -> bool:
    known = len(match.header.columns)
    return known >= min(LEAST_SHARE * width, MANY) or _is_named(match.contract, file_name)


def _lacks(match: Match) -> tuple[str, ...]:
    return tuple(match.table.field(name).business_name for name in match.header.missing)


def _twice(match: Match, header: Sequence[str | None]) -> tuple[str, ...]:
    """The columns that clash, as they are called."""
    return tuple(str(header[column]) for columns in match.header.clashes.values() for column in columns)


def _is_named(contract: Contract, file_name: str) -> bool:
    return contract.name in file_name or contract.title_zh in file_name
