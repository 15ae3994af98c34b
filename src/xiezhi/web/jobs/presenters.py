"""States and kinds of jobs as a person reads them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.jobs.kinds import known
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.states import FINAL, JobState
from xiezhi.web.language import localise

TONES = {
    JobState.WAITING: "neutral",
    JobState.DOING: "info",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "muted",
}


def state_word(state: str) -> str:
    words = {
        JobState.WAITING: _("等待"),
        JobState.DOING: _("进行中"),
        JobState.DONE: _("完成"),
        JobState.FAILED: _("失败"),
        JobState.CANCELLED: _("已取消"),
    }
    return words[JobState(state)]


def kind_word(code: str) -> str:
    kind = known(code)
    return localise(kind.words) if kind else code


def lasted(job: Job) -> float | None:
    """Seconds from beginning to end."""
    return (job.finished_at - job.started_at).total_seconds() if job.started_at and job.finished_at else None


def shown(job: Job, *, own: bool) -> dict[str, Any]:
    """What `jobs/_progress.html` needs. Another's job shows how far it is, not what came of it."""
    result = (job.result or {}) if own else {}
    return {
        "job": job,
        "own": own,
        "word": state_word(job.state),
        "tone": TONES[JobState(job.state)],
        "url": reverse("jobs:progress", args=[job.pk]),
        "link": _local(result.get("url")),
        "may_cancel": own and job.state not in FINAL and not job.cancel_asked,
    }


def _local(url: Any) -> str:
    return url if isinstance(url, str) and url.startswith("/") and not url.startswith("//") else ""


def row(job: Job) -> dict[str, Any]:
    return {
        "job": job,
        "kind": kind_word(job.kind),
        "word": state_word(job.state),
        "tone": TONES[JobState(job.state)],
        "lasted": lasted(job),
    }
