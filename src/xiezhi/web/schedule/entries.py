"""The one list of what happens by itself, and when. A test asks that each kind of job is declared."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.kernel.words import Words
from xiezhi.web.jobs.clock import Daily, Entry, Hourly
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
    Entry("rules", Words(zh="运行全部模型并生成预警", en="Run all models and raise alerts"), Daily(2, 0), "rules.run", "nightly"),
    Entry("tries", Words(zh="清理旧的试算", en="Remove old tries"), Daily(3, 45), "rules.expire", "retention"),
    Entry(
        "alerts", Words(zh="由最新命中生成预警", en="Raise alerts from the newest hits"), Daily(2, 30), "alerts.raise", "nightly"
    ),
    Entry(
        "replay",
        Words(zh="重放全部命中，不一致的告知审计员和模型归口", en="Replay every hit; what differs is told to auditor and owners"),
        Daily(4, 30),
        "alerts.replay_all",
        "nightly",
    ),
    Entry(
        "trail",
        Words(zh="把前一天的审计事件作为数据接收", en="Receive the trail of the day before as data"),
        Daily(1, 0),
        "deliveries.trail",
        "trail_delivery",
    ),
    Entry(
        "late", Words(zh="检查逾期交付并提醒", en="Look for late deliveries and remind"), Daily(8, 0), "deliveries.remind", "late"
    ),
    Entry(
        "retention",
        Words(zh="销毁超过保存期限的数据", en="Erase data past its retention"),
        Daily(3, 50),
        "deliveries.expire",
        "retention",
    ),
    Entry(
        "uploads",
        Words(zh="清除遗留的上传文件", en="Remove files that uploads left"),
        Hourly(10),
        "deliveries.sweep",
        "retention",
    ),
    Entry(
        "exports", Words(zh="清除过期导出文件", en="Remove export files past their day"), Hourly(5), "alerts.sweep", "retention"
    ),
    Entry(
        "accounts",
        Words(zh="清理过期会话和登录链接", en="Remove sessions and links that are over"),
        Daily(3, 20),
        "accounts.expire",
        "retention",
    ),
    Entry("notices", Words(zh="清理已读通知", en="Remove old read notices"), Daily(3, 30), "notices.expire", "retention"),
    Entry("jobs", Words(zh="清理旧的后台任务记录", en="Remove old records of jobs"), Daily(3, 40), "jobs.expire", "retention"),
)
"""In the site's time zone. After a machine was off, what it missed during the last half day is done once, late."""
