"""Background work of alerts: raising them after a run, proving one again, writing a long export."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.alerts import events, gateway, presenters, queries
from xiezhi.web.alerts.actions import deciding, exporting, raising, replaying
from xiezhi.web.alerts.filters import AlertFilter
from xiezhi.web.audit.record import record
from xiezhi.web.jobs.clock import Daily, Hourly, scheduled
from xiezhi.web.jobs.kinds import JSON, Task, job_kind


@scheduled("alerts", Daily(2, 30), scope="nightly", zh="由最新命中生成预警", en="Raise alerts from the newest hits")
@job_kind("alerts.raise", zh="生成预警", en="Raise alerts", permission=Permission.RUN_START)
def raise_after(task: Task, run: int | None = None) -> dict[str, JSON]:
    """From the hits of a run, or of every rule's newest. Begun again after a crash, it renews alerts and doubles none."""
    done = raising.raise_alerts(task.viewer, run, check=task.check)
    return {"new": done.new, "changed": done.changed, "gone": done.gone, "url": reverse("alerts:list")}


@scheduled("exports", Hourly(5), scope="retention", zh="清除过期导出文件", en="Remove export files past their day")
@job_kind("alerts.sweep", zh="清除过期导出文件", en="Remove export files past their day", permission=Permission.SYSTEM_RUN)
def sweep(task: Task) -> dict[str, JSON]:
    """The files only: that they were made and taken stays in the trail."""
    return {"removed": exporting.sweep()}


@scheduled("snoozes", Daily(0, 20), scope="alerts", zh="结束到期的暂缓", en="End snoozes whose day has come")
@job_kind("alerts.wake", zh="结束到期的暂缓", en="End snoozes whose day has come", permission=Permission.SYSTEM_RUN)
def wake(task: Task) -> dict[str, JSON]:
    """From then on their clocks run again, and whoever is late is seen."""
    return {"woken": deciding.wake_what_is_over(check=task.check)}


@job_kind("alerts.replay", zh="重放证明", en="Replay a hit", permission=Permission.EVIDENCE_READ)
def replay_one(task: Task, number: str) -> dict[str, JSON]:
    """Compute the hit again from the same snapshot and compare the seals."""
    with task.acting() as viewer:
        alert = queries.alerts(viewer).get(number=number)
    report = gateway.replay(alert.fingerprint, task.viewer.username, task.progress)
    proved = alert.fingerprint in report.proved and not report.differences
    with task.acting() as viewer:
        record(events.REPLAYED, by=viewer, on=alert, proved=proved)
    if not proved:
        found = "；".join(difference.words.zh for difference in report.differences[:3]) or _("该命中不在最近一次运行中")
        raise UserError(
            "XZ-ALT-06",
            zh=f"重放不一致：{found}",
            en="the replay differs: " + "; ".join(d.words.en for d in report.differences[:3]),
        )
    return {"proved": 1, "url": reverse("alerts:one", args=[number])}


@scheduled(
    "replay",
    Daily(4, 30),
    scope="nightly",
    zh="重放全部命中，不一致的告知审计员和模型归口",
    en="Replay every hit; what differs is told to auditor and owners",
)
@job_kind("alerts.replay_all", zh="重放全部命中", en="Replay every hit", permission=Permission.REPLAY_CHECK)
def replay_every(task: Task) -> dict[str, JSON]:
    """Compute every current hit again. What differs is no failure of the job: it is written down and told."""
    report = gateway.replay_all(task.viewer.username, task.progress)
    with task.acting() as viewer:
        new = replaying.note(report, by=viewer)
    return {
        "proved": len(report.proved),
        "differences": len(report.differences),
        "new": new,
        "url": reverse("alerts:mismatches"),
    }


@job_kind("alerts.export", zh="导出预警", en="Export alerts", permission=Permission.ALERT_EXPORT)
def export(task: Task, export_id: str) -> dict[str, JSON]:
    with task.acting() as viewer:
        asked = queries.export_of(viewer, UUID(export_id))
        if asked is None:
            raise UserError("XZ-ALT-08", zh="导出已过期", en="the export has lapsed", todo_zh="重新导出", todo_en="export again")
        filters = AlertFilter(QueryDict(asked.query), viewer)
        alerts = queries.alerts(viewer, filters.wanted()).select_related("unit__parent__parent")
        sheet = exporting.ExportSheet(alerts, presenters.export_heads(), presenters.export_cells, filters.said())
        made = exporting.write(asked.pk, sheet, by=viewer)
    return {"rows": made.rows, "url": reverse("alerts:download", args=[made.pk])}
