"""What a worker does all the time beside its jobs. What is done at an hour is said beside the work it is (`jobs.clock`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xiezhi.kernel.words import Words
from xiezhi.web.audit.places import last_checkpoint
from xiezhi.web.jobs.pace import USUAL
from xiezhi.web.jobs.queries import last_heartbeat


@dataclass(frozen=True)
class Always:
    """What a worker does beside its jobs, every so many seconds. Not a job: it goes on when the queue is stuck."""

    name: str
    words: Words
    seconds: float
    last: Callable[[], datetime | None]
    """When something of it was last seen: None where never."""


def _sealed() -> datetime | None:
    """When the newest checkpoint was signed. Where nothing was recorded since, nothing is sealed."""
    newest = last_checkpoint()
    return datetime.fromisoformat(newest.at) if newest else None


ALWAYS: tuple[Always, ...] = (
    Always("seal", Words(zh="封存审计轨迹并签检查点", en="Seal the audit trail and sign a checkpoint"), USUAL.seal, _sealed),
    Always("reap", Words(zh="收回中断的后台任务", en="Give back the jobs of dead workers"), USUAL.reap, last_heartbeat),
)
