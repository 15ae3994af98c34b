"""The one list of what happens by itself, and when. A test asks that each kind of job is declared."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.kernel.words import Words
from xiezhi.web.jobs.clock import Daily, Entry
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

SCHEDULE: tuple[Entry, ...] = (
    Entry(
        "alerts", Words(zh="由最新命中生成预警", en="Raise alerts from the newest hits"), Daily(2, 30), "alerts.raise", "nightly"
    ),
    Entry("notices", Words(zh="清理已读通知", en="Remove old read notices"), Daily(3, 30), "notices.expire", "retention"),
    Entry("jobs", Words(zh="清理旧的后台任务记录", en="Remove old records of jobs"), Daily(3, 40), "jobs.expire", "retention"),
)
"""In the site's time zone. After a machine was off, what it missed during the last half day is done once, late."""
