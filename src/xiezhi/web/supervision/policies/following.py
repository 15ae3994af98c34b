"""What happens when a run is done, in apps above this one: they name it here, because this one cannot know them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from xiezhi.web.accounts.viewer import Viewer


class AfterRun(Protocol):
    """Outside a transaction. It may be called again for the same run. `check` raises where the job is to stop."""

    def __call__(self, *, by: Viewer, run: int, check: Callable[[], None]) -> object: ...


_following: list[AfterRun] = []


def after_run(call: AfterRun) -> None:
    """Have `call` called after every run. Called in an app's `ready()`; a second time changes nothing."""
    if call not in _following:
        _following.append(call)


def following() -> tuple[AfterRun, ...]:
    return tuple(_following)
