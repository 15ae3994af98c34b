"""The figures of a chart, and the table of the same figures. The browser draws; nothing is computed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise
Number = int | float | None
ChartKind = Literal["bar", "hbar", "line", "stack", "pie", "heat", "calendar", "gauge", "tree"]


@dataclass(frozen=True)
class Series:
    """One line, or one colour of bars. `level` (red, orange, yellow, blue) gives it that level's colour and pattern."""

    name: Text
    values: Sequence[Number]
    level: str = ""
    links: Sequence[str] = ()
    """Where a click on the value leads, one address a value."""


@dataclass(frozen=True)
class Node:
    """A node of a tree chart, coloured by `level` if it has one."""

    name: Text
    value: Number = None
    children: Sequence[Node] = ()
    level: str = ""

    def as_json(self) -> dict[str, Any]:
        shown = {"name": str(self.name), "value": self.value, "level": self.level}
        return {**shown, "children": [child.as_json() for child in self.children]}

    def rows(self, depth: int = 0) -> list[list[Any]]:
        return [["　" * depth + str(self.name), self.value], *(row for child in self.children for row in child.rows(depth + 1))]


@dataclass(frozen=True)
class Chart:
    """`categories` are the places on the x axis (days for a calendar: "2026-11-23"); each series has one value for each of them.

    heat: a series is a row of the map. pie and gauge: the first series only. tree: `root`.
    """

    kind: ChartKind
    label: Text
    categories: Sequence[Text] = ()
    series: Sequence[Series] = ()
    unit: Text = ""
    root: Node | None = None
    top: Number = None
    """The upper end of a gauge or of a heat map's scale; None takes the largest value (a gauge: 100)."""
    levels: Sequence[str] = ()
    """For a pie: the level of each category, to colour it by."""
    tall: bool = False
    heading: Text = field(default="")
    """What the categories are, as head of the table's first column."""
    left_out: Text = ""
    """What was counted and has no place in the picture, said under it; "" where the picture is whole."""

    def as_json(self) -> dict[str, Any]:
        """What charts.js reads."""
        return {
            "kind": self.kind,
            "unit": str(self.unit),
            "top": self.top,
            "levels": list(self.levels),
            "categories": [str(category) for category in self.categories],
            "series": [
                {"name": str(one.name), "values": list(one.values), "level": one.level, "links": list(one.links)}
                for one in self.series
            ],
            "root": self.root.as_json() if self.root else None,
        }

    def heads(self) -> list[str]:
        return [str(one.name) for one in self.series] if not self.root else [str(self.unit)]

    def rows(self) -> list[list[Any]]:
        """The same figures as rows of a table: the category first."""
        if self.root:
            return self.root.rows()
        return [[str(category), *(one.values[at] for one in self.series)] for at, category in enumerate(self.categories)]
