"""How long work tells its caller how far it is. The core never prints; the command line draws."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called from one thread. `total` 0 means unknown."""

    def step(self, stage: str, done: int, total: int, note: str = "") -> None: ...

    def cancelled(self) -> bool: ...


class Silent:
    """Progress that nobody watches."""

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        return

    def cancelled(self) -> bool:
        return False
