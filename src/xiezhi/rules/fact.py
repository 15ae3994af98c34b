"""Fact: a named business view over delivered tables, and all that rules know of the data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from xiezhi.kernel.hashing import digest
from xiezhi.kernel.words import Words
from xiezhi.rules.model import ContentModel, Name

ColumnType = Literal["INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN"]

PROVENANCE = {"_delivery": "INTEGER", "_row": "BIGINT"}
"""Every fact has these two columns besides its own: which delivery and row of its principal table a row came from."""

IdentityKind = Literal["citizen_id", "credit_code", "party_id", "name", "phone", "bank_account", "vehicle_plate", "address"]


class FactColumn(ContentModel):
    """A column with its DuckDB type. `identity`: its numbers come from the vault's space of that kind. `unit`: fen, days …"""

    type: ColumnType
    zh: str
    en: str
    identity: IdentityKind | None = None
    unit: str | None = None


class Fact(ContentModel):
    """`sql` is one SELECT over `tables` of the lake and other `facts`; `subject` the column naming the person or body.

    `optional`: table → its columns, with their types, that a lake may lack because contracts had them not when it was filled.
    They are read as NULL.
    """

    name: Name
    replaces: str | None = None
    title: Words
    summary: Words
    tables: Annotated[list[str], Field(min_length=1)]
    facts: list[Name] = Field(default_factory=list)
    optional: dict[str, dict[Name, ColumnType]] = Field(default_factory=dict)
    principal: str
    subject: Name | None = None
    columns: Annotated[dict[Name, FactColumn], Field(min_length=1)]
    sql: str

    def __hash__(self) -> int:
        return hash((self.name, self.sql))

    @property
    def digest(self) -> str:
        """SHA-256 over the fact's YAML and SQL as understood."""
        return digest(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))

    @property
    def types(self) -> dict[str, str]:
        """Column name → DuckDB type, provenance included."""
        return {name: column.type for name, column in self.columns.items()} | PROVENANCE

    def emptied(self) -> Fact:
        """The same columns without a row: what stands for it in rules that say its absence changes nothing."""
        typed = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in self.types.items())
        return self.model_copy(update={"sql": f"SELECT {typed} WHERE FALSE", "facts": []})
