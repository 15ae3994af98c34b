"""Rows as a case writes them become rows of the types they must have, or are refused at their place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from xiezhi.kernel.errors import ContentError
from xiezhi.rules.typed_rows import ARROW_TYPES, typed_rows


def refuse(*location: str | int, zh: str, en: str) -> ContentError:
    return ContentError("XZ-CASE-01", zh=zh, en=f"{location}: {en}")


def read(kind: str, value: Any) -> Any:
    (row,) = typed_rows("t", [{"x": value}], {"x": kind}, refuse).to_pylist()
    return row["x"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("INTEGER", 7, 7),
        ("BIGINT", 990101001001, 990101001001),
        ("DOUBLE", 7, 7.0),
        ("DOUBLE", 0.5, 0.5),
        ("VARCHAR", "甲", "甲"),
        ("BOOLEAN", False, False),
        ("DATE", date(2024, 3, 5), date(2024, 3, 5)),
        ("DATE", "2024-03-05", date(2024, 3, 5)),
        ("DATE", "2024-03", date(2024, 3, 1)),
        ("DATE", "20240305", date(2024, 3, 5)),
        ("TIMESTAMP", datetime(2024, 3, 5, 8, 30, 1, 5), datetime(2024, 3, 5, 8, 30, 1, 5)),
        ("TIMESTAMP", datetime(2024, 3, 5, 8, 30, tzinfo=UTC), datetime(2024, 3, 5, 8, 30)),
        ("TIMESTAMP", date(2024, 3, 5), datetime(2024, 3, 5)),
        ("TIMESTAMP", "2024-03-05 08:30:00", datetime(2024, 3, 5, 8, 30)),
    ],
)
def test_a_value_is_read_as_its_type(kind: str, value: Any, expected: Any) -> None:
    found = read(kind, value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("kind", ARROW_TYPES)
def test_what_is_left_out_is_null(kind: str) -> None:
    assert read(kind, None) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("INTEGER", True),
        ("INTEGER", 7.0),
        ("INTEGER", "7"),
        ("DOUBLE", True),
        ("DOUBLE", "0.5"),
        ("VARCHAR", 7),
        ("BOOLEAN", 1),
        ("DATE", datetime(2024, 3, 5, 8)),
        ("DATE", "2024-02-30"),
        ("DATE", 2024),
        ("TIMESTAMP", 2024),
        ("TIMESTAMP", "this morning"),
    ],
)
def test_another_value_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(ContentError, match=rf"\(0, 'x'\): x must be {kind}, not "):
        read(kind, value)


def test_rows_are_numbered_where_they_do_not_say_otherwise() -> None:
    types = {"x": "INTEGER", "_delivery": "INTEGER", "_row": "BIGINT"}
    rows = typed_rows("t", [{"x": 1}, {"_delivery": 4}, {"_row": 9}], types, refuse).to_pylist()
    assert [tuple(row.values()) for row in rows] == [(1, 1, 2), (None, 4, 3), (None, 1, 9)]
    with pytest.raises(ContentError, match=r"\(1, 'y'\): t has no column y"):
        typed_rows("t", [{"x": 1}, {"y": 1}], types, refuse)
