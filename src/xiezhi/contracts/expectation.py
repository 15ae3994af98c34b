"""Expectation: one quality rule of a table or field, in the standard's own words (`metric`, an operator, a unit)."""

from __future__ import annotations

import operator
from typing import Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from xiezhi.contracts.elements import Element

OPERATORS = {
    "must_be": "=",
    "must_be_greater_than": ">",
    "must_be_greater_or_equal_to": ">=",
    "must_be_less_than": "<",
    "must_be_less_or_equal_to": "<=",
}
"""The standard's comparisons that are supported, by their signs."""

HOLDS = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
"""What a sign asks of what was found and the bound."""


class Arguments(Element):
    """Which columns together must not repeat (`duplicateValues` of a table)."""

    properties: tuple[str, ...] = Key(min_length=1)


class Expectation(Element):
    """What a whole delivery should look like. Breaking one never sets a row aside: it is reported on the receipt."""

    type: Literal["library"] = "library"
    metric: Literal["nullValues", "rowCount", "duplicateValues"]
    description: str = ""
    severity: Literal["info", "warning", "error"] = "warning"
    unit: Literal["rows", "percent"] = "rows"
    arguments: Arguments | None = None
    must_be: float | None = None
    must_be_greater_than: float | None = None
    must_be_greater_or_equal_to: float | None = None
    must_be_less_than: float | None = None
    must_be_less_or_equal_to: float | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        if sum(getattr(self, name) is not None for name in OPERATORS) != 1:
            raise ValueError(
                "exactly one of mustBe, mustBeGreaterThan, mustBeGreaterOrEqualTo, mustBeLessThan, mustBeLessOrEqualTo"
            )
        if self.metric == "rowCount" and self.unit == "percent":
            raise ValueError("rowCount is counted in rows")
        return self

    @property
    def comparison(self) -> tuple[str, float]:
        """Sign and bound."""
        name = next(name for name in OPERATORS if getattr(self, name) is not None)
        return OPERATORS[name], float(getattr(self, name))

    def kept_by(self, found: float) -> bool:
        """Whether a delivery of which `found` was measured is as it should be."""
        sign, bound = self.comparison
        return bool(HOLDS[sign](found, bound))
