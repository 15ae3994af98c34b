"""A first contract for an unknown table: fields that other contracts know are taken over, the rest is guessed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from jinja2 import Environment, PackageLoader, StrictUndefined

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.guess import guess
from xiezhi.contracts.header import is_spelling_of, stated_unit
from xiezhi.contracts.kinds import LAKE_TYPES, LOGICAL_TYPES, MONEY_UNITS, Classification, IdentityKind, Kind, Unit

_PUBLIC_IDENTITIES = frozenset({IdentityKind.CREDIT_CODE, IdentityKind.PARTY_ID})


@dataclass(frozen=True)
class DraftField:
    """One line of the draft; `known_from` names the contract the field was taken from."""

    name: str
    title: str
    title_en: str
    kind: Kind
    identity: IdentityKind | None
    unit: Unit | None
    codelist: str | None
    required: bool
    known_from: str | None

    @property
    def logical_type(self) -> str:
        return LOGICAL_TYPES[self.kind]

    @property
    def physical_type(self) -> str:
        return LAKE_TYPES[self.kind]

    @property
    def classification(self) -> Classification:
        secret = self.kind is Kind.IDENTITY and self.identity not in _PUBLIC_IDENTITIES
        return Classification.CONFIDENTIAL if secret else Classification.INTERNAL


def draft_contract(
    catalogue: ContractCatalogue, name: str, department: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> str:
    """YAML of a draft that already loads. `rows` is a sample; columns without a header are left out."""
    fields: list[DraftField] = []
    for column, title in enumerate(header):
        if title.strip():
            cells = [row[column] for row in rows if column < len(row)]
            fields.append(_field(catalogue, column, title.strip(), cells, {field.name for field in fields}))
    environment = Environment(
        loader=PackageLoader("xiezhi.contracts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,
    )
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    departments = catalogue.codelists.get("department")
    known = departments.title_of(department) if departments else None
    return environment.get_template("contract.yaml").render(
        id=uuid4(), name=name, department=department, team=known.zh if known else department, fields=fields
    )


def _field(catalogue: ContractCatalogue, column: int, title: str, cells: list[str], taken: set[str]) -> DraftField:
    required = bool(cells) and all(cell.strip() for cell in cells)
    unit = stated_unit(title)
    known = ((contract, field) for contract in catalogue for table in contract.tables for field in table.fields)
    for contract, field in known:
        if field.name not in taken and is_spelling_of(field, title):
            codes = field.codelist.name if field.codelist else None
            in_unit = unit if unit in MONEY_UNITS and field.kind is Kind.MONEY else field.unit
            return DraftField(
                field.name, title, field.title_en, field.kind, field.identity, in_unit, codes, required, contract.name
            )
    found = guess(title, cells)
    return DraftField(f"column_{column + 1}", title, title, found.kind, found.identity, found.unit, None, required, None)
