"""A delivered row as a person reads it: the contract's titles and units, numbers of the vault marked as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.field import Field
from xiezhi.evidence.measured import currency_of, measure_of
from xiezhi.evidence.shown import shown
from xiezhi.kernel.words import Words

SOUND = "sound"
DERIVED = {
    "grade": Words(zh="分级", en="grade"),
    "birth_date": Words(zh="出生日期", en="date of birth"),
    "sex": Words(zh="性别", en="sex"),
    "region": Words(zh="地区代码", en="region code"),
    "holder": Words(zh="户名类别", en="kind of holder"),
}
"""What intake makes of an identity, kept as `<field>_<one of these>`."""
AGREEMENT = {
    "same": Words(zh="一致", en="the same"),
    "close": Words(zh="相近", en="close"),
    "different": Words(zh="不一致", en="different"),
}


@dataclass(frozen=True)
class ShownValue:
    """One cell: the column's title and its value in both languages.

    `identity`: the kind whose vault number it is. `classification`: of the delivered column, or the one it was derived from.
    """

    column: str
    title: Words
    value: Words
    identity: str | None = None
    classification: str = "internal"


def shown_values(contracts: ContractCatalogue, table: str, values: Mapping[str, Any]) -> list[ShownValue]:
    """The cells of a row of `table` that say something: empty ones and grades that are simply sound are left out."""
    fields = {
        field.name: field for contract in contracts for held in contract.tables if held.name == table for field in held.fields
    }
    return [
        ShownValue(column, _title(fields, column), _cell(fields, column, value, values), *_delicacy(fields, column))
        for column, value in values.items()
        if value is not None and not (column.endswith("_grade") and value == SOUND)
    ]


def _delicacy(fields: Mapping[str, Field], column: str) -> tuple[str | None, str]:
    """Whose number it is, and how far it may travel. What is derived of an identity is internal."""
    if column in fields:
        return fields[column].identity, str(fields[column].classification)
    origin = next((name for name in fields if column.startswith(f"{name}_")), None)
    return None, "internal" if origin is None or fields[origin].identity else str(fields[origin].classification)


def _title(fields: Mapping[str, Field], column: str) -> Words:
    """The contract's title; a column that intake derived or compared is named after the fields it came from."""
    if column in fields:
        return Words(zh=fields[column].business_name, en=fields[column].title_en)
    compared = _compared(fields, column)
    if compared is not None and compared.compare is not None:
        other = fields[compared.compare.with_]
        return Words(
            zh=f"{compared.business_name}与{other.business_name}是否一致", en=f"{compared.title_en} against {other.title_en}"
        )
    origin = next((name for name in fields if column.startswith(f"{name}_")), None)
    if origin is None:
        return Words(zh=column, en=column)
    rest = column.removeprefix(f"{origin}_")
    what = DERIVED.get(rest, Words(zh=rest, en=rest))
    return Words(zh=f"{fields[origin].business_name}·{what.zh}", en=f"{fields[origin].title_en}, {what.en}")


def _compared(fields: Mapping[str, Field], column: str) -> Field | None:
    """The name whose agreement with another is kept in this column."""
    return next((field for field in fields.values() if field.compare and field.compare.column == column), None)


def _cell(fields: Mapping[str, Field], column: str, value: Any, values: Mapping[str, Any]) -> Words:
    if _compared(fields, column) is not None and value in AGREEMENT:
        return AGREEMENT[value]
    return _value(fields, fields.get(column), value, values)


def _value(fields: Mapping[str, Field], field: Field | None, value: Any, values: Mapping[str, Any]) -> Words:
    if field is None:
        return shown(value)
    if field.identity is not None:
        return Words(zh=f"#{value}", en=f"#{value}")
    if field.codelist is not None:
        return field.codelist.title_of(str(value)) or Words(zh=str(value), en=str(value))
    currency = currency_of(field, fields)
    return shown(value, measure_of(field), str(values[currency]) if currency and values.get(currency) else None)
