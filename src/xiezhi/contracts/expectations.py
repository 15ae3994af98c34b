"""Quality expectations in SQL: one number per expectation, measured over a delivery's rows."""

from __future__ import annotations

from collections.abc import Sequence

from xiezhi.contracts.expectation import Expectation


def expectation_sql(expectation: Expectation, rows: str, columns: Sequence[str] = ()) -> str:
    """A SELECT of two columns over `rows` (a table or a subquery in brackets): `found` DOUBLE and `kept` BOOLEAN.

    `columns` are the SQL names of the field, or of the fields that together must not repeat. `found` is a count of rows,
    or per cent of all rows where the expectation says so; a delivery without rows breaks no percentage. Rows are counted
    as duplicates beyond the first of their kind; an empty cell repeats nothing.
    """
    number = {"rowCount": "count(*)", "nullValues": _nulls(columns), "duplicateValues": _repeated(columns)}[expectation.metric]
    share = f"coalesce(100.0 * {number} / nullif(count(*), 0), 0)" if expectation.unit == "percent" else number
    sign, bound = expectation.comparison
    return f"SELECT found, found {sign} {bound!r} AS kept FROM (SELECT CAST({share} AS DOUBLE) AS found FROM {rows})"


def _nulls(columns: Sequence[str]) -> str:
    return f"count(*) FILTER (WHERE {' OR '.join(f'{column} IS NULL' for column in columns) or 'false'})"


def _repeated(columns: Sequence[str]) -> str:
    if not columns:
        return "0"
    whole = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    value = columns[0] if len(columns) == 1 else f"({', '.join(columns)})"
    return f"(count(*) FILTER (WHERE {whole}) - count(DISTINCT {value}) FILTER (WHERE {whole}))"
