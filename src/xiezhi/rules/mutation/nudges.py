"""A parameter's value, one step aside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from xiezhi.rules.rule import Parameter

OTHER = "~"
"""What a text gets behind it to be another text."""


def nudged(parameter: Parameter, value: Any) -> Iterator[Any]:
    """Values next to `value`: a unit (or a day) more and less, for a decimal a step of its last place; lists without each member.

    A text is another of its `choices`, or no known one.
    """
    if isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, Decimal):
        step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        yield from (value + step, value - step)
    elif isinstance(value, date):
        yield from (value + timedelta(1), value - timedelta(1))
    elif isinstance(value, list):
        yield from ([word for word in value if word != left_out] for left_out in value)
    else:
        yield from [word for word in parameter.choices or [f"{value}{OTHER}"] if word != value][:1]
