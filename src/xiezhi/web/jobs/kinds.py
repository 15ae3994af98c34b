"""Every kind of background work there is, declared once by the app that does it.

    @job_kind("rules.run", zh="运行模型", en="Run the models")       # in the app's jobs.py, imported by its apps.py: ready()
    def run(task: Task, *, codes: list[str]) -> dict[str, JSON]:
        with acting_as(task.viewer):
            …
        return {"run": "…", "url": "/rules/runs/…/"}

The function runs outside a transaction, and it may run again: where its worker was killed, another begins it anew. So it must
not matter whether it ran once or one and a half times. `url` in what it returns is where the person is sent afterwards.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from xiezhi.kernel.errors import RetryableError
from xiezhi.kernel.progress import Progress
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer

JSON: TypeAlias = Any
Work = Callable[..., Mapping[str, JSON] | None]
T = TypeVar("T")

PATIENCE = 1800
"""Seconds that a job waits for the lake while another process writes to it."""
PAUSE = 3

_CODE = re.compile(r"[a-z][a-z_]*(?:\.[a-z][a-z_]*)+")


class Cancelled(Exception):
    """Somebody cancelled the job. Let it pass: what was not committed is undone."""


class LeaseLost(Exception):
    """Another worker may have the job by now: this one stops and writes nothing more."""


@dataclass(frozen=True)
class Task:
    """What a job's function is given. `progress` is what the core's operations report to."""

    job_id: UUID
    title: str
    viewer: Viewer
    progress: Progress
    attempt: int
    check: Callable[[], None]
    """Raises Cancelled or LeaseLost. Call it between steps; it costs nothing."""
    holding: Callable[[], AbstractContextManager[None]]
    """A transaction in the viewer's scope that only the worker that has the job commits. See `acting`."""

    def patiently(self, work: Callable[[], T]) -> T:
        """Do `work` once the lake or the vault is free: another process that holds it for a while is waited for, not reported.

        Raises RetryableError where it was held for PATIENCE seconds.
        """
        until = time.monotonic() + PATIENCE
        while True:
            self.check()
            try:
                return work()
            except RetryableError:
                if time.monotonic() > until:
                    raise
                self.progress.step("waiting", 0, 0, _("数据湖正在写入，稍候"))
                time.sleep(PAUSE)

    @contextmanager
    def acting(self) -> Iterator[Viewer]:
        """`acting_as(task.viewer)`, fenced: a worker that has lost the job commits nothing. Keep it short."""
        with self.holding():
            yield self.viewer


@dataclass(frozen=True)
class JobKind:
    """`permission`: what whoever asks must hold, when asking and when it runs; whoever holds it may watch such a job."""

    code: str
    words: Words
    work: Work
    permission: Permission | None = None


_kinds: dict[str, JobKind] = {}


def job_kind(code: str, *, zh: str, en: str, permission: Permission | None = None) -> Callable[[Work], Work]:
    """Declare the decorated function as the work of a kind. Raises ValueError for a code that is taken or no dotted word."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"a kind of job is called like 'rules.run', not {code!r}")

    def declared(work: Work) -> Work:
        if code in _kinds and _kinds[code].work.__qualname__ != work.__qualname__:
            raise ValueError(f"the kind of job {code!r} is declared twice")
        _kinds[code] = JobKind(code, Words(zh=zh, en=en), work, permission)
        return work

    return declared


def kind_of(work: Work | str) -> JobKind:
    """The kind by its function or its code. Raises LookupError where nobody declared it."""
    found = _kinds.get(work) if isinstance(work, str) else next((kind for kind in _kinds.values() if kind.work is work), None)
    if found is None:
        raise LookupError(f"no kind of job {work!r}: decorate it with @job_kind and import it in the app's ready()")
    return found


def known(code: str) -> JobKind | None:
    """None where the app that declared it is gone. Old jobs stay readable by their code."""
    return _kinds.get(code)


def every_kind() -> list[JobKind]:
    return [_kinds[code] for code in sorted(_kinds)]
