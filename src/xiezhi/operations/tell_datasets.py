"""Every dataset that departments deliver, told whole for people: why it is delivered, how often, and what each column is."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.contracts.codelist import Codelist
from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.model import Contract, Field, Table
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig

DEPARTMENTS = "department"
"""The codelist that names the delivering departments."""


@dataclass(frozen=True)
class FieldTold:
    """A delivered column. `codelist`: the name of the list its values are from. `aliases`: other headers it is known by."""

    name: str
    title: Words
    description: Words
    kind: str
    identity: str | None
    unit: str | None
    required: bool
    key: bool
    classification: str
    codelist: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class ExpectationTold:
    """What a whole delivery should look like. `field` None: the table as a whole."""

    field: str | None
    metric: str
    comparison: str
    bound: float
    percent: bool
    severity: str


@dataclass(frozen=True)
class TableTold:
    name: str
    title: Words
    grain: str
    fields: tuple[FieldTold, ...]
    expectations: tuple[ExpectationTold, ...]


@dataclass(frozen=True)
class BasisTold:
    """`certain`: the text of the norm names the delivery; else it is inferred."""

    words: Words
    certain: bool


@dataclass(frozen=True)
class DatasetTold:
    """A contract in words. `period`: the field that says which time a row is for, where the data says it."""

    name: str
    version: str
    status: str
    title: Words
    department: str
    department_title: Words
    cadence: str
    grace_days: int
    retention_months: int
    load_mode: str
    format: str
    period: str | None
    purpose: Words
    usage: Words
    limitations: Words
    basis: tuple[BasisTold, ...]
    tables: tuple[TableTold, ...]

    @property
    def fields(self) -> tuple[FieldTold, ...]:
        """The columns of all its tables, in their order."""
        return tuple(field for table in self.tables for field in table.fields)


@dataclass(frozen=True)
class CodeTold:
    code: str
    title: Words
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class CodelistTold:
    """`used_by`: (dataset, field) pairs whose values are from the list."""

    name: str
    version: str
    title: Words
    origin: Words
    codes: tuple[CodeTold, ...]
    used_by: tuple[tuple[str, str], ...]


def tell_datasets(config: CoreConfig) -> dict[str, DatasetTold]:
    """By name, ordered by department and name."""
    catalogue = load_contracts(config.content_roots)
    departments = catalogue.codelists.get(DEPARTMENTS)
    return {contract.name: _told(contract, departments) for contract in catalogue}


def tell_codelists(config: CoreConfig) -> dict[str, CodelistTold]:
    """By name."""
    catalogue = load_contracts(config.content_roots)
    users: dict[str, list[tuple[str, str]]] = {}
    for contract in catalogue:
        for table in contract.tables:
            for field in table.fields:
                if field.codelist:
                    users.setdefault(field.codelist.name, []).append((contract.name, field.name))
    return {name: _codelist(one, tuple(users.get(name, ()))) for name, one in sorted(catalogue.codelists.items())}


def _told(contract: Contract, departments: Codelist | None) -> DatasetTold:
    said = contract.description
    named = departments.title_of(contract.department) if departments else None
    return DatasetTold(
        name=contract.name,
        version=contract.version,
        status=contract.status,
        title=contract.title,
        department=contract.department,
        department_title=named or Words(zh=contract.team.name, en=contract.department),
        cadence=contract.cadence.value,
        grace_days=contract.grace_days,
        retention_months=contract.retention_months,
        load_mode=contract.load_mode.value,
        format=contract.format.value,
        period=contract.period,
        purpose=contract.purpose,
        usage=Words(zh=said.usage, en=said.usage_en),
        limitations=Words(zh=said.limitations, en=said.limitations_en),
        basis=tuple(BasisTold(Words(zh=one.zh, en=one.en), one.certainty == "text") for one in contract.legal_basis),
        tables=tuple(_table(table) for table in contract.tables),
    )


def _table(table: Table) -> TableTold:
    key = set(table.key)
    wanted = [(None, one) for one in table.quality] + [(field.name, one) for field in table.fields for one in field.quality]
    return TableTold(
        name=table.name,
        title=table.title,
        grain=table.data_granularity_description,
        fields=tuple(_field(field, field.name in key) for field in table.fields),
        expectations=tuple(_expectation(field, one) for field, one in wanted),
    )


def _field(field: Field, key: bool) -> FieldTold:
    return FieldTold(
        name=field.name,
        title=field.title,
        description=Words(zh=field.description, en=field.description_en),
        kind=field.kind.value,
        identity=field.identity.value if field.identity else None,
        unit=field.unit.value if field.unit else None,
        required=field.required,
        key=key,
        classification=field.classification.value,
        codelist=field.codelist.name if field.codelist else None,
        aliases=field.aliases,
    )


def _expectation(field: str | None, one: Expectation) -> ExpectationTold:
    sign, bound = one.comparison
    return ExpectationTold(field, one.metric, sign, bound, one.unit == "percent", one.severity)


def _codelist(one: Codelist, used_by: tuple[tuple[str, str], ...]) -> CodelistTold:
    codes = tuple(CodeTold(code.code, code.title, code.aliases) for code in one.codes)
    return CodelistTold(one.name, one.version, one.title, one.origin, codes, used_by)
