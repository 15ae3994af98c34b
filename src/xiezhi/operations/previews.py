"""What a file would be taken for, before it is received: nothing enters the lake, and nobody can be told from what is shown."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.contracts.catalogue import ContractCatalogue, NoMatch
from xiezhi.contracts.header_matching import map_header
from xiezhi.contracts.kinds import FieldKind, Format
from xiezhi.contracts.model import Field
from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.receipts.returned import EXTRA
from xiezhi.intake.receipts.words import as_shown
from xiezhi.intake.recognise import Recognised, header_score, recognise
from xiezhi.intake.sheets.masked_rows import LONGEST, MaskedRow, masked_row
from xiezhi.intake.sheets.sheet import OcdsSheet, RefusedSheet, Sheet
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force

__all__ = ["Lacking", "MaskedRow", "PreviewedSheet", "UnitUsed", "preview_file"]

FIRST = 5
"""Rows that are shown."""

COUNTED = 20_000
"""Rows up to which a sheet is counted; of a longer one the number is estimated."""


@dataclass(frozen=True)
class Lacking:
    """A dataset that was near, and its required columns that the file has not (as `field` names)."""

    contract: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class PreviewedSheet:
    """A sheet or member of a file. `contract` None: it would be refused, for the reason in `said`, mended as `todo` says.

    `by`: `chosen` by the sender, else by its `header`, or by `header and name`. `columns`: delivered header → field, in the order
    of the file; `unknown`: headers that no field takes; `missing`: fields that were not delivered, or, of a refused sheet whose
    dataset was chosen, those it cannot do without. `rows`: how many, None where nobody can say; `exact` where they were counted.
    """

    member: str | None
    sheet: str | None
    contract: str | None = None
    by: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    nearest: tuple[Lacking, ...] = ()
    units: tuple[UnitUsed, ...] = ()
    rows: int | None = None
    exact: bool = False
    first: tuple[MaskedRow, ...] = ()
    notes: tuple[Words, ...] = ()
    code: str = ""
    said: Words | None = None
    todo: Words | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON; of each unit, what it says in both languages."""
        plain = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        return plain | {
            "columns": [list(pair) for pair in self.columns],
            "nearest": [asdict(one) for one in self.nearest],
            "units": [{"field": one.field, **one.words.model_dump()} for one in self.units],
            "first": [asdict(one) for one in self.first],
            "notes": [one.model_dump() for one in self.notes],
            "said": self.said.model_dump() if self.said else None,
            "todo": self.todo.model_dump() if self.todo else None,
        }


@dataclass
class _Seen:
    """What was read of a sheet."""

    first: list[dict[str, object]] = field(default_factory=list)
    rows: int = 0
    octets: int = 0
    whole: bool = False


def preview_file(
    config: CoreConfig, path: Path, scratch: Path, *, contract: str | None = None, most: int | None = None
) -> list[PreviewedSheet]:
    """The first `most` sheets and members of a file. Of each only the beginning is read; workbooks in their reader's process.

    Raises UserError for an unknown contract.
    """
    contracts = contracts_in_force(config)
    ocds = contracts.get(contract).format is not Format.TABULAR if contract else None
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="preview-", dir=scratch) as room:
        sheets = open_delivered(path, Limits(), Path(room), ocds=ocds, looks_like_header=header_score(contracts, contract))
        return [_previewed(one, contracts, contract) for one in islice(_each(sheets), most)]


def _each(sheets: Iterator[Sheet]) -> Iterator[Sheet | RefusedDelivery]:
    """The sheets, and in their places why others cannot be opened."""
    while True:
        try:
            sheet = next(sheets, None)
        except RefusedDelivery as refusal:
            yield refusal
            continue
        if sheet is None:
            return
        yield sheet


def _previewed(one: Sheet | RefusedDelivery, contracts: ContractCatalogue, name: str | None) -> PreviewedSheet:
    if isinstance(one, RefusedSheet):
        return _refused(PreviewedSheet(one.member, one.sheet), one)
    if isinstance(one, RefusedDelivery):
        return _refused(PreviewedSheet(one.place.sheet if one.place else None, None), one)
    empty = PreviewedSheet(one.member, one.sheet)
    try:
        recognised = recognise(one, contracts, name)
    except RefusedDelivery as refusal:
        return _lacking(_refused(empty, refusal), one, contracts, name)
    try:
        return _recognised(empty, one, recognised, contracts, name)
    except RefusedDelivery as refusal:
        return _refused(empty, refusal)


def _refused(empty: PreviewedSheet, refusal: RefusedDelivery) -> PreviewedSheet:
    todo = Words(zh=refusal.todo_zh, en=refusal.todo_en)
    return replace(empty, code=refusal.code, said=Words(zh=refusal.zh, en=refusal.en), todo=todo)


def _lacking(refused: PreviewedSheet, sheet: Sheet, contracts: ContractCatalogue, name: str | None) -> PreviewedSheet:
    """With the required columns that are not there, of the chosen dataset, or of those that come nearest."""
    if isinstance(sheet, OcdsSheet):
        return refused
    if name:
        chosen = contracts.get(name)
        lacks = map_header(chosen.table(), sheet.header).missing if chosen.format is Format.TABULAR else ()
        return replace(refused, missing=lacks)
    found = contracts.recognise(sheet.header, sheet.member or sheet.file.name)
    near = found.nearest if isinstance(found, NoMatch) else ()
    tables = {one: contracts.get(one).table() for one, _titles in near}
    nearest = (Lacking(one, map_header(table, sheet.header).missing) for one, table in tables.items())
    return replace(refused, nearest=tuple(nearest))


def _recognised(
    empty: PreviewedSheet, sheet: Sheet, recognised: Recognised, contracts: ContractCatalogue, name: str | None
) -> PreviewedSheet:
    found = replace(empty, contract=recognised.contract.name, by=_by(sheet, contracts, name), units=_without_values(recognised))
    if recognised.header is None:
        seen = _read(sheet)
        return replace(found, rows=_about(sheet, seen), exact=seen.whole, notes=tuple(sheet.notes))
    table, columns = recognised.contract.table(), recognised.header.columns
    in_order = sorted(columns.items(), key=lambda pair: pair[1])
    fields = [table.field(one) for one, _place in in_order]
    _tell_kinds(sheet, fields, columns)
    seen = _read(sheet)
    return replace(
        found,
        columns=tuple((_name_of(sheet.header[place]), one) for one, place in in_order),
        unknown=tuple(_name_of(header) for _place, header in recognised.header.unknown if header not in EXTRA),
        missing=tuple(one.name for one in table.fields if one.name not in columns),
        rows=_about(sheet, seen),
        exact=seen.whole,
        first=tuple(_masked(row, fields, columns) for row in seen.first),
        notes=tuple(sheet.notes),
    )


def _name_of(header: str) -> str:
    """A column's name, of a header that was recognised; one with digits may be a value and not a name."""
    return as_shown(header) if any(one.isdigit() for one in header) else header[:LONGEST]


def _masked(row: dict[str, object], fields: list[Field], columns: dict[str, int]) -> MaskedRow:
    cells = [str(row[f"c{columns[one.name]}"]) for one in fields]
    return masked_row(int(str(row["_row"])), fields, cells)


def _without_values(recognised: Recognised) -> tuple[UnitUsed, ...]:
    """The units; what a title or a name says of them as it may be shown."""
    return tuple(one.model_copy(update={"text": as_shown(one.text) if one.text else None}) for one in recognised.units)


def _by(sheet: Sheet, contracts: ContractCatalogue, name: str | None) -> str:
    if name:
        return "chosen"
    alone = isinstance(sheet, OcdsSheet) or not isinstance(contracts.recognise(sheet.header), NoMatch)
    return "header" if alone else "header and name"


def _tell_kinds(sheet: Sheet, fields: list[Field], columns: dict[str, int]) -> None:
    """What only a reader can tell: whether a number is a day, and whether an object stands where a value belongs."""
    places = {kind: frozenset(columns[one.name] for one in fields if one.kind is kind) for kind in FieldKind}
    sheet.days = places[FieldKind.DATE] | places[FieldKind.TIMESTAMP]
    sheet.months, sheet.amounts = places[FieldKind.MONTH], places[FieldKind.MONEY]
    sheet.taken = frozenset(columns.values())


def _read(sheet: Sheet) -> _Seen:
    """The beginning of a sheet. Raises RefusedDelivery where it cannot be read."""
    seen = _Seen()
    sheet.most_rows = COUNTED
    with closing(sheet.batches(COUNTED // 4)) as batches:  # type: ignore[type-var]
        for batch in batches:
            if len(seen.first) < FIRST:
                seen.first += batch.slice(0, FIRST - len(seen.first)).to_pylist()
            seen.rows += batch.num_rows
            seen.octets += _octets(batch)
    read = seen.rows + len(sheet.broken) + sheet.blank_rows + len(sheet.footers)
    seen.whole = read < COUNTED
    seen.rows += len(sheet.broken)
    return seen


def _octets(batch: pa.RecordBatch) -> int:
    """What the rows take as text, their delimiters and line ends with them."""
    texts = (pc.sum(pc.binary_length(one)).as_py() or 0 for one in batch.columns[:-1])
    return int(batch.num_rows * (batch.num_columns - 1) + sum(texts))


def _about(sheet: Sheet, seen: _Seen) -> int | None:
    """How many rows: counted, or as many as the format says, or as many as would fill the file; None where nothing says it."""
    if seen.whole:
        return seen.rows
    if sheet.height is not None:
        return max(seen.rows, sheet.height)
    if sheet.octets is None or not seen.octets:
        return None
    named = sum(len(one.encode()) + 6 for one in sheet.header) if sheet.format == "jsonl" else 0
    each = seen.octets / seen.rows + named
    return max(seen.rows, round(sheet.octets / each))
