"""What reveals ask of the core. A value leaves it in one place: `value_of`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from xiezhi.kernel.errors import RetryableError
from xiezhi.operations.identities import find_identity, mask_identities, reveal_identity
from xiezhi.web.lake import core_config, lake

T = TypeVar("T")

PATIENCE = 4.0
"""Seconds to wait for the vault: one process has it at a time, and a page needs it for a moment."""


def mask_all(kind: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number → masked form; unknown numbers are left out."""
    return patiently(lambda: mask_identities(core_config(), lake(), kind, list(numbers)))


def number_of(kind: str, value: str) -> int | None:
    """The number of a value as a person writes it; None where the lake does not know it."""
    return patiently(lambda: find_identity(core_config(), lake(), kind, value))


def value_of(kind: str, number: int, *, purpose: str, case: str, actor: str) -> str | None:
    """The clear value. The vault writes down who, why and for which case before it answers."""
    found = patiently(
        lambda: reveal_identity(core_config(actor), lake(), kind=kind, numbers=[number], purpose=purpose, case=case)
    )
    return found.get(number)


def patiently(ask: Callable[[], T]) -> T:
    """What is asked of the vault, tried again while another process has it. Raises RetryableError after PATIENCE seconds."""
    until, pause = time.monotonic() + PATIENCE, 0.05
    while True:
        try:
            return ask()
        except RetryableError:
            if time.monotonic() > until:
                raise
            time.sleep(pause)
            pause = min(pause * 1.6, 0.4)
