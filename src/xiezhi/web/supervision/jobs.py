"""Background work on models: running them, trying parameters, removing old tries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.queries import holders
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.jobs.clock import Daily, scheduled
from xiezhi.web.jobs.kinds import JSON, Task, job_kind
from xiezhi.web.jobs.models import Job
from xiezhi.web.notices.actions.telling import tell
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.actions import recording, trying
from xiezhi.web.supervision.actions.running import RUN
from xiezhi.web.supervision.policies import following, places
from xiezhi.web.supervision.states import Ending


@scheduled("rules", Daily(2, 0), scope="nightly", zh="运行全部模型并生成预警", en="Run all models and raise alerts")
@job_kind(RUN, zh="运行模型", en="Run the models", permission=Permission.RUN_START)
def run(task: Task, codes: Sequence[str] = ()) -> dict[str, JSON]:
    """Run, copy the run, and have what follows done.

    Begun again after a crash: a run that was cut off is resumed by the core, one that was finished is not done again; what
    follows is done once more, which doubles nothing.
    """
    if not gateway.has_lake():
        return {"rules": 0, "url": reverse("supervision:runs")}  # every night, until the first delivery
    with task.acting():
        site = queries.site()
        places()
    wanted, overrides = list(codes) or site.running(), site.all_overrides()
    mine: Mapping[str, Mapping[str, Any]] = {code: values for code, values in overrides.items() if code in wanted}
    number = _finished_before(task) if task.attempt > 1 else None
    if number is None:
        number = task.patiently(lambda: gateway.run(wanted, mine, task.viewer.username, task.progress)).run
    task.patiently(lambda: recording.record_runs(task.viewer, check=task.check))
    with system_scope("runs"):
        endings = queries.run_rules(number)
    _tell_of_broken(task, number, [one.rule for one in endings if one.ending == Ending.BROKEN])
    for follow in following():
        task.check()
        follow(by=task.viewer, run=number, check=task.check)
    return {
        "run": number,
        "rules": len(endings),
        "broken": sum(one.ending == Ending.BROKEN for one in endings),
        "url": reverse("supervision:run", args=[number]),
    }


@job_kind(trying.TRY, zh="试算参数", en="Try parameters", permission=Permission.RULE_PROPOSE)
def try_parameters(task: Task, code: str, values: Mapping[str, Any]) -> dict[str, JSON]:
    """Evaluate one model twice over the same snapshot, and write down who enters and who leaves."""
    with task.acting():
        base = queries.site().overrides(code)
        where = places()
    tried = task.patiently(lambda: gateway.what_if(code, values, base, task.viewer.username, task.progress))
    with system_scope("tries"):
        # As the platform: hits outside the viewer's scope are written as well, for others; who reads sees their own.
        number = trying.keep(tried, job_id=task.job_id, where=where, by=task.viewer)
    return {"what_if": str(number), "url": reverse("supervision:tried", args=[number])}


@scheduled("tries", Daily(3, 45), scope="retention", zh="清理旧的试算", en="Remove old tries")
@job_kind("rules.expire", zh="清理旧的试算", en="Remove old tries")
def expire(task: Task) -> dict[str, JSON]:
    with task.acting() as viewer:
        return {"removed": trying.expire(viewer)}


def _finished_before(task: Task) -> int | None:
    """The run that an earlier attempt at this job had recorded in the lake before its worker died."""
    with task.acting():
        asked = Job.objects.filter(pk=task.job_id).values_list("asked_at", flat=True).first()
    own = [
        one.run
        for one in gateway.runs()
        if asked is not None
        and one.actor == task.viewer.username
        and datetime.fromisoformat(one.finished) >= asked.replace(microsecond=0)
    ]
    return own[-1] if own else None


def _tell_of_broken(task: Task, number: int, broken: list[str]) -> None:
    if not broken:
        return
    with task.acting() as viewer:
        tell(
            to=holders(Permission.RUN_START),
            title_zh=f"第 {number} 次运行有 {len(broken)} 个模型出错：{'、'.join(broken[:5])}",
            title_en=f"{len(broken)} models broke in run {number}: {', '.join(broken[:5])}",
            url=reverse("supervision:run", args=[number]),
            by=viewer,
            key=f"run:{number}:broken",
        )
