"""A day is cut from a moment in one way only."""

from __future__ import annotations

import pytest

from xiezhi.rules.binding import parse_select
from xiezhi.rules.lint.moments import moment_faults
from xiezhi.rules.reading import typed_query

SCHEMA = {"lot": {"at": "TIMESTAMP", "other": "TIMESTAMP", "day": "DATE"}}

WRONG = (
    "CAST(at AS DATE)",
    "TRY_CAST(at AS DATE)",
    "at::DATE",
    "CAST(DATE_TRUNC('month', at) AS DATE)",
    "CAST(DATE_TRUNC('month', COALESCE(at, other)) AS DATE)",
    "YEAR(at)",
    "MONTH(at)",
    "EXTRACT(day FROM at)",
    "DATE_DIFF('day', at, other)",
    "DATE_DIFF('day', CAST(at + INTERVAL 8 HOUR AS DATE), other)",
    "CAST(at + INTERVAL 7 HOUR AS DATE)",
    "CAST(at + INTERVAL 8 DAY AS DATE)",
)
RIGHT = (
    "CAST(at + INTERVAL 8 HOUR AS DATE)",
    "CAST(DATE_TRUNC('month', at + INTERVAL 8 HOUR) AS DATE)",
    "CAST(DATE_TRUNC('month', COALESCE(at, other) + INTERVAL 8 HOUR) AS DATE)",
    "CAST(DATE_TRUNC('month', day) AS DATE)",
    "YEAR(day)",
    "YEAR(at + INTERVAL 8 HOUR)",
    "DATE_DIFF('day', day, CAST(at + INTERVAL 8 HOUR AS DATE))",
    "EPOCH(at) - EPOCH(other)",
    "at < other",
)


def faults(expression: str) -> list[str]:
    typed = typed_query(parse_select(f"SELECT {expression} AS x FROM lot"), SCHEMA)
    return [fault.code for fault in moment_faults(typed)]


@pytest.mark.parametrize("expression", WRONG)
def test_a_day_of_another_clock_is_found(expression: str) -> None:
    assert "ZONE-01" in faults(expression)


@pytest.mark.parametrize("expression", RIGHT)
def test_the_one_spelling_and_what_needs_none(expression: str) -> None:
    assert faults(expression) == []
