"""The closed vocabularies of a contract: kinds of value, identities, units, cadences, and what each becomes in the lake."""

from __future__ import annotations

from enum import StrEnum

from xiezhi.kernel.identity_kind import IdentityKind


class FieldKind(StrEnum):
    """What a delivered value is. Decides how it is read, judged and stored."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    REGION = "region"
    IDENTITY = "identity"


class Unit(StrEnum):
    """What one delivered unit is. `major` is the main unit of a currency named in a column of its own."""

    FEN = "分"
    JIAO = "角"
    YUAN = "元"
    HUNDRED = "百元"
    THOUSAND = "千元"
    TEN_THOUSAND = "万元"
    HUNDRED_THOUSAND = "十万元"
    MILLION = "百万元"
    TEN_MILLION = "千万元"
    HUNDRED_MILLION = "亿元"
    MAJOR = "major"
    PERCENT = "%"
    KILOGRAM = "公斤"


class Unsound(StrEnum):
    """What happens to a row whose identity value is not sound."""

    SET_ASIDE = "set_aside"
    NULL = "null"


class LoadMode(StrEnum):
    APPEND = "append"
    REPLACE_PERIOD = "replace_period"
    UPSERT = "upsert"


class Format(StrEnum):
    TABULAR = "tabular"
    OCDS_RELEASE = "ocds_release"
    OCDS_RECORD = "ocds_record"


class Classification(StrEnum):
    """How far a value may travel. `confidential` values never enter the lake, only their numbers do."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"


class Cadence(StrEnum):
    """How often a table is delivered."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


CADENCES: dict[tuple[int, str], Cadence] = {
    (1, "d"): Cadence.DAILY,
    (1, "w"): Cadence.WEEKLY,
    (1, "m"): Cadence.MONTHLY,
    (3, "m"): Cadence.QUARTERLY,
    (6, "m"): Cadence.HALF_YEARLY,
    (1, "y"): Cadence.YEARLY,
}
"""The `frequency` an Open Data Contract states as (value, unit), and our word for it."""

LAKE_TYPES: dict[FieldKind, str] = {
    FieldKind.TEXT: "VARCHAR",
    FieldKind.CODE: "VARCHAR",
    FieldKind.INTEGER: "INTEGER",
    FieldKind.DECIMAL: "DOUBLE",
    FieldKind.MONEY: "BIGINT",
    FieldKind.DATE: "DATE",
    FieldKind.MONTH: "DATE",
    FieldKind.TIMESTAMP: "TIMESTAMP",
    FieldKind.BOOLEAN: "BOOLEAN",
    FieldKind.REGION: "BIGINT",
    FieldKind.IDENTITY: "INTEGER",
}
"""DuckDB type of the lake column: money in fen, months as their first day, times in UTC, identities as vault numbers."""

LOGICAL_TYPES: dict[FieldKind, str] = {
    FieldKind.TEXT: "string",
    FieldKind.CODE: "string",
    FieldKind.INTEGER: "integer",
    FieldKind.DECIMAL: "number",
    FieldKind.MONEY: "number",
    FieldKind.DATE: "date",
    FieldKind.MONTH: "date",
    FieldKind.TIMESTAMP: "timestamp",
    FieldKind.BOOLEAN: "boolean",
    FieldKind.REGION: "string",
    FieldKind.IDENTITY: "string",
}
"""The standard's `logicalType` of what is delivered."""

FEN_PLACES: dict[Unit, int] = {
    Unit.FEN: 0,
    Unit.JIAO: 1,
    Unit.YUAN: 2,
    Unit.MAJOR: 2,
    Unit.HUNDRED: 4,
    Unit.THOUSAND: 5,
    Unit.TEN_THOUSAND: 6,
    Unit.HUNDRED_THOUSAND: 7,
    Unit.MILLION: 8,
    Unit.TEN_MILLION: 9,
    Unit.HUNDRED_MILLION: 10,
}
"""Each unit of money as a power of ten of 分: so many decimals of it are still whole fen."""

MONEY_UNITS = frozenset(FEN_PLACES)

GRADED = frozenset({IdentityKind.CITIZEN_ID, IdentityKind.CREDIT_CODE, IdentityKind.PARTY_ID, IdentityKind.BANK_ACCOUNT})
"""Identities whose grade is kept beside the number in `<field>_grade`, because rules must know why a number is absent."""
