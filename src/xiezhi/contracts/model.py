"""Contract and Table: what one delivered file must be, as an Open Data Contract Standard 3.1 document says it.

One schema, read straight from the file: the standard's keys keep their meaning, ours are its `customProperties`.
Reading files, and naming the line of a mistake, is `loader.py`; a column is `field.py`; judging values is `judge.py`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from xiezhi.contracts.elements import Element
from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.field import DERIVED_TYPES, MOMENTS, Bounds, Comparison, Field, Name
from xiezhi.contracts.kinds import CADENCES, Cadence, FieldKind, Format, LoadMode
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.words import Words

__all__ = [
    "DERIVED_TYPES",
    "PROVENANCE",
    "Basis",
    "Bounds",
    "Comparison",
    "Contract",
    "Description",
    "Field",
    "Promise",
    "Table",
    "Team",
]

Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]

PROVENANCE = {"_delivery": "INTEGER", "_row": "BIGINT"}
"""Columns every lake table has: the delivery's number and the row as a person would count it in the delivered file."""


class Table(Element):
    """One table a delivery fills. `fields` keep the order of the file."""

    own: ClassVar[frozenset[str]] = frozenset({"titleEn", "descriptionEn", "paidOut"})

    name: Name
    business_name: str
    description: str = ""
    logical_type: Literal["object"]
    physical_type: Literal["table"]
    physical_name: str | None = None
    data_granularity_description: str = ""
    quality: tuple[Expectation, ...] = ()
    title_en: str
    description_en: str = ""
    paid_out: bool = False
    fields: tuple[Field, ...] = Key(alias="properties")

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        names = [field.name for field in self.fields]
        positions = sorted(field.primary_key_position or 0 for field in self.fields if field.primary_key)
        if not names:
            raise ValueError("a table has at least one field")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"field given twice: {', '.join(twice)}")
        if positions != list(range(1, len(positions) + 1)):
            raise ValueError(f"primaryKeyPosition must count from 1 without gaps, not {positions}")
        for field in self.fields:
            if field.compare and field.compare.with_ not in names:
                raise ValueError(f"{field.name} is compared with {field.compare.with_}, which is not a field")
            if field.not_before:
                self._check_order(field, field.not_before)
            self._check_others(field)
        return self

    def _check_order(self, field: Field, earlier: str) -> None:
        other = next((one for one in self.fields if one.name == earlier and one is not field), None)
        held = other is not None and (other.lake_type in MOMENTS or other.identity is IdentityKind.CITIZEN_ID)
        if field.lake_type not in MOMENTS or not held:
            raise ValueError(
                f"notBefore of {field.name}: it must be a moment, and {earlier} another, or a citizen id, of the table"
            )

    def _check_others(self, field: Field) -> None:
        kinds = {one.name: (one.kind, one.identity) for one in self.fields if one is not field}
        if field.agrees_with and kinds.get(field.agrees_with) != (FieldKind.IDENTITY, IdentityKind.CITIZEN_ID):
            raise ValueError(f"agreesWith of {field.name}: {field.agrees_with} is no citizen id of the table")
        if field.differs_from and kinds.get(field.differs_from) != (field.kind, field.identity):
            raise ValueError(f"differsFrom of {field.name}: {field.differs_from} is no other field of its kind in the table")
        if field.not_above and kinds.get(field.not_above) != (field.kind, None):
            raise ValueError(f"notAbove of {field.name}: {field.not_above} is no other amount of the table")

    @property
    def title(self) -> Words:
        return Words(zh=self.business_name, en=self.title_en)

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key's fields in their order; empty where the table has none."""
        members = [field for field in self.fields if field.primary_key]
        return tuple(field.name for field in sorted(members, key=lambda field: field.primary_key_position or 0))

    def field(self, name: str) -> Field:
        """The field of that name. KeyError where there is none."""
        return next((field for field in self.fields if field.name == name), None) or _no_field(self.name, name)

    def lake_columns(self) -> dict[str, str]:
        """Every column of the lake table, name → DuckDB type, `_delivery` and `_row` last."""
        columns = {name: kind for field in self.fields for name, kind in field.lake_columns().items()}
        return columns | PROVENANCE


def _no_field(table: str, name: str) -> Field:
    raise KeyError(f"{table} has no field {name}")


class Description(Element):
    """Purpose, use and limits, in Chinese (the standard's keys) and English (ours)."""

    own: ClassVar[frozenset[str]] = frozenset({"purposeEn", "usageEn", "limitationsEn"})

    purpose: str
    usage: str = ""
    limitations: str = ""
    purpose_en: str
    usage_en: str = ""
    limitations_en: str = ""


class Basis(Element):
    """Why the department may hand the table over. `certainty` says whether the text of the norm names it or we infer it."""

    zh: str
    en: str
    certainty: Literal["text", "inferred"]


class Team(Element):
    """The delivering department's name, in Chinese."""

    name: str


class Promise(Element):
    """One of the standard's `slaProperties`."""

    property: Literal["frequency", "latency", "retention"]
    value: int = Key(gt=0)
    unit: Literal["d", "w", "m", "y"]
    description: str = ""


class Contract(Element):
    """What a department delivers, why it may, how often, and how it is loaded.

    `state_date`: the field that says of which day a row's state is. Of two states of one key the newer stands, whichever was
    delivered last; without it the one delivered last does.
    """

    own: ClassVar[frozenset[str]] = frozenset(
        {"titleZh", "titleEn", "legalBasis", "loadMode", "loadKey", "stateDate", "period", "format", "replaces"}
    )

    api_version: Literal["v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0"]
    contract_kind: Literal["DataContract"] = Key(alias="kind")
    id: UUID
    name: Name
    version: Version
    status: Literal["proposed", "draft", "active", "deprecated", "retired"]
    department: Name = Key(alias="domain")
    team: Team
    description: Description
    tags: tuple[str, ...] = ()
    sla_properties: tuple[Promise, ...]
    title_zh: str
    title_en: str
    legal_basis: tuple[Basis, ...]
    load_mode: LoadMode
    load_key: tuple[Name, ...] = ()
    state_date: Name | None = None
    period: Name | None = None
    format: Format
    replaces: str | None = None
    tables: tuple[Table, ...] = Key(alias="schema")

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if not self.tables or not self.legal_basis:
            raise ValueError("a contract has at least one table and one legal basis")
        promised = [promise.property for promise in self.sla_properties]
        if sorted(promised) != ["frequency", "latency", "retention"]:
            raise ValueError("slaProperties must state frequency, latency and retention, each once")
        if self._promise("frequency") not in CADENCES:
            raise ValueError(f"frequency must be one of {', '.join(f'{n} {u}' for n, u in CADENCES)}")
        if self.format is Format.TABULAR and len(self.tables) != 1:
            raise ValueError("a tabular contract has exactly one table")
        if self.load_mode is LoadMode.REPLACE_PERIOD and not self.period:
            raise ValueError("loadMode replace_period needs a period column")
        for table in self.tables:
            self._check_table(table)
        return self

    def _check_table(self, table: Table) -> None:
        names = {field.name for field in table.fields}
        if self.load_mode is LoadMode.UPSERT and not self.key_of(table):
            raise ValueError(f"loadMode upsert needs a key in table {table.name}")
        if missing := set(self.load_key) - names:
            raise ValueError(f"loadKey names {', '.join(sorted(missing))}, which table {table.name} has not")
        if self.state_date and (self.load_mode is not LoadMode.UPSERT or self.format is not Format.TABULAR):
            raise ValueError("stateDate needs loadMode upsert and a tabular format: elsewhere no state follows another")
        if self.state_date and (self.state_date not in names or table.field(self.state_date).lake_type != "DATE"):
            raise ValueError(f"stateDate {self.state_date} is not a date field of table {table.name}")
        if self.period and self.period not in names:
            raise ValueError(f"period {self.period} is not a field of table {table.name}")

    def _promise(self, name: str) -> tuple[int, str]:
        promise = next(promise for promise in self.sla_properties if promise.property == name)
        return promise.value, promise.unit

    @property
    def title(self) -> Words:
        return Words(zh=self.title_zh, en=self.title_en)

    @property
    def purpose(self) -> Words:
        return Words(zh=self.description.purpose, en=self.description.purpose_en)

    @property
    def cadence(self) -> Cadence:
        return CADENCES[self._promise("frequency")]

    @property
    def grace_days(self) -> int:
        """Days after the end of a period within which its delivery is still on time."""
        value, unit = self._promise("latency")
        return value * {"d": 1, "w": 7, "m": 30, "y": 365}[unit]

    @property
    def retention_months(self) -> int:
        """Months after which deliveries are due to be forgotten. Less than a month counts as one."""
        value, unit = self._promise("retention")
        return {"d": max(1, value // 30), "w": max(1, value * 7 // 30), "m": value, "y": value * 12}[unit]

    def key_of(self, table: Table) -> tuple[str, ...]:
        """The columns by which a later delivery replaces rows: the contract's `loadKey`, else the table's own key."""
        return self.load_key or table.key

    def table(self, name: str | None = None) -> Table:
        """The table of that name, or the only one. KeyError where there is none."""
        wanted = [table for table in self.tables if name is None or table.name == name]
        if len(wanted) != 1:
            raise KeyError(f"{self.name} has {len(wanted)} tables called {name}")
        return wanted[0]
