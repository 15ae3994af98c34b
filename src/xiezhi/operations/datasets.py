"""Every dataset that departments deliver, told whole for people: why it is delivered, how often, and what each column is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiezhi.contracts.codelist import Codelist
from xiezhi.contracts.cross_check import DEPARTMENTS
from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.kinds import FieldKind, Format
from xiezhi.contracts.model import Contract, Field, Table
from xiezhi.contracts.vocabulary import CADENCES, CLASSIFICATIONS, IDENTITIES, KINDS
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force


@dataclass(frozen=True)
class FieldDescription:
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
class ExpectationDescription:
    """What a whole delivery should look like. `field` None: the table as a whole."""

    field: str | None
    metric: str
    comparison: str
    bound: float
    percent: bool
    severity: str


@dataclass(frozen=True)
class TableDescription:
    name: str
    title: Words
    grain: str
    fields: tuple[FieldDescription, ...]
    expectations: tuple[ExpectationDescription, ...]


@dataclass(frozen=True)
class BasisDescription:
    """`certain`: the text of the norm names the delivery; else it is inferred."""

    words: Words
    certain: bool


@dataclass(frozen=True)
class DatasetDescription:
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
    basis: tuple[BasisDescription, ...]
    tables: tuple[TableDescription, ...]

    @property
    def fields(self) -> tuple[FieldDescription, ...]:
        """The columns of all its tables, in their order."""
        return tuple(field for table in self.tables for field in table.fields)

    @property
    def tabular(self) -> bool:
        """Whether it comes as one table, which can be filled in by hand."""
        return self.format == Format.TABULAR


@dataclass(frozen=True)
class CodeDescription:
    code: str
    title: Words
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class CodelistDescription:
    """`used_by`: (dataset, field) pairs whose values are from the list."""

    name: str
    version: str
    title: Words
    origin: Words
    codes: tuple[CodeDescription, ...]
    used_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Vocabulary:
    """What the values of a dataset's closed vocabularies are called, in their order. `kinds`: of values, and of identities."""

    kinds: Mapping[str, Words]
    cadences: Mapping[str, Words]
    classifications: Mapping[str, Words]


def describe_vocabulary() -> Vocabulary:
    values = {kind: words for kind, words in KINDS.items() if kind is not FieldKind.IDENTITY}
    return Vocabulary({**IDENTITIES, **values}, {**CADENCES}, {**CLASSIFICATIONS})


def describe_datasets(config: CoreConfig) -> dict[str, DatasetDescription]:
    """By name, ordered by department and name."""
    catalogue = contracts_in_force(config)
    departments = catalogue.codelists.get(DEPARTMENTS)
    return {contract.name: _described(contract, departments) for contract in catalogue}


def describe_codelists(config: CoreConfig) -> dict[str, CodelistDescription]:
    """By name."""
    catalogue = contracts_in_force(config)
    users: dict[str, list[tuple[str, str]]] = {}
    for contract in catalogue:
        for table in contract.tables:
            for field in table.fields:
                if field.codelist:
                    users.setdefault(field.codelist.name, []).append((contract.name, field.name))
    return {name: _codelist(one, tuple(users.get(name, ()))) for name, one in sorted(catalogue.codelists.items())}


def _described(contract: Contract, departments: Codelist | None) -> DatasetDescription:
    said = contract.description
    named = departments.title_of(contract.department) if departments else None
    return DatasetDescription(
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
        basis=tuple(BasisDescription(Words(zh=one.zh, en=one.en), one.certainty == "text") for one in contract.legal_basis),
        tables=tuple(_table(table) for table in contract.tables),
    )


def _table(table: Table) -> TableDescription:
    key = set(table.key)
    wanted = [(None, one) for one in table.quality] + [(field.name, one) for field in table.fields for one in field.quality]
    return TableDescription(
        name=table.name,
        title=table.title,
        grain=table.data_granularity_description,
        fields=tuple(_field(field, field.name in key) for field in table.fields),
        expectations=tuple(_expectation(field, one) for field, one in wanted),
    )


def _field(field: Field, key: bool) -> FieldDescription:
    return FieldDescription(
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


def _expectation(field: str | None, one: Expectation) -> ExpectationDescription:
    sign, bound = one.comparison
    return ExpectationDescription(field, one.metric, sign, bound, one.unit == "percent", one.severity)


def _codelist(one: Codelist, used_by: tuple[tuple[str, str], ...]) -> CodelistDescription:
    codes = tuple(CodeDescription(code.code, code.title, code.aliases) for code in one.codes)
    return CodelistDescription(one.name, one.version, one.title, one.origin, codes, used_by)
