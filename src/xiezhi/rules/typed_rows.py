"""Rows as a case file writes them → an Arrow table of the types they must have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from xiezhi.kernel.errors import ContentError

Refuse = Callable[..., ContentError]
"""Makes the complaint about a place below the rows: `refuse(row, column, zh=…, en=…)`."""

ARROW_TYPES = {
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
}


def typed_rows(name: str, rows: Sequence[Mapping[str, Any]], types: Mapping[str, str], refuse: Refuse) -> pa.Table:
    """The rows with `_delivery` 1 and `_row` from 2 (a header is counted) where they say no other. Columns left out are NULL."""
    columns: dict[str, list[Any]] = {column: [] for column in types}
    for place, row in enumerate(rows):
        for column in row:
            if column not in columns:
                raise refuse(place, column, zh=f"{name} 没有列 {column}", en=f"{name} has no column {column}")
        numbered = {"_delivery": 1, "_row": place + 2} | dict(row)
        for column, values in columns.items():
            values.append(_typed(numbered.get(column), column, types[column], place, refuse))
    return pa.table(columns, schema=pa.schema([(column, ARROW_TYPES[kind]) for column, kind in types.items()]))


def _typed(value: Any, column: str, kind: str, place: int, refuse: Refuse) -> Any:
    if value is None:
        return None
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError) as error:
        raise refuse(
            place, column, zh=f"{column} 应为 {kind},却是 {value!r}", en=f"{column} must be {kind}, not {value!r}"
        ) from error


def _exactly(wanted: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not wanted:
            raise TypeError(value)
        return value

    return read


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _day(value: Any) -> date:
    """A date, or a month written 2024-03, which is its first day."""
    if isinstance(value, datetime):
        raise TypeError(value)
    if isinstance(value, str):
        return date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    return _exactly(date)(value)  # type: ignore[no-any-return]


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return datetime.fromisoformat(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "INTEGER": _exactly(int),
    "BIGINT": _exactly(int),
    "DOUBLE": _number,
    "VARCHAR": _exactly(str),
    "DATE": _day,
    "TIMESTAMP": _moment,
    "BOOLEAN": _exactly(bool),
}
