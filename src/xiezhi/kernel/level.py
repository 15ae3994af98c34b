"""The four levels of a hit, in order. Blue reminds; red contradicts identity, time or statute (colours: domain practice)."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for blue to 3 for red."""
        return list(Level).index(self)

    @property
    def zh(self) -> str:
        return {"blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红"}[self.value]
