"""What a worker does all the time beside its jobs. What is done at an hour is said beside the work it is (`jobs.clock`)."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.kernel.words import Words
from xiezhi.web.jobs.pace import USUAL


@dataclass(frozen=True)
class Always:
    """What a worker does beside its jobs, every so many seconds. Not a job: it goes on when the queue is stuck."""

    name: str
    words: Words
    seconds: float


ALWAYS: tuple[Always, ...] = (
    Always("seal", Words(zh="封存审计轨迹并签检查点", en="Seal the audit trail and sign a checkpoint"), USUAL.seal),
    Always("reap", Words(zh="收回中断的后台任务", en="Give back the jobs of dead workers"), USUAL.reap),
)
