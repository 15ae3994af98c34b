"""What takes longer than a page may: walking the whole chain, writing it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.audit.export import export as write_export
from xiezhi.web.audit.online import verify_site
from xiezhi.web.jobs.kinds import Task, job_kind
from xiezhi.web.trail.actions import looking
from xiezhi.web.trail.presenters import verdict_details

KEPT = 3
"""Exports that are kept; each holds the whole trail."""


@job_kind("trail.verify", zh="验证审计链", en="Verify the trail", permission=Permission.TRAIL_READ)
def verify(task: Task) -> dict[str, Any]:
    """Walk the whole chain. The verdict stands in the trail, where every auditor finds it."""
    verdict = verify_site(step=lambda done, total: _step(task, done, total))
    with task.acting() as by:
        looking.note_verdict(by=by, verdict=verdict_details(verdict))
    return {"sound": verdict.sound, "links": verdict.links}


@job_kind("trail.export", zh="导出审计链", en="Export the trail", permission=Permission.TRAIL_EXPORT)
def export(task: Task) -> dict[str, Any]:
    """Write the whole chain into a file that can be verified elsewhere. Older ones are removed."""
    path = export_path(str(task.job_id))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    links = write_export(path, step=lambda done, total: _step(task, done, total))
    for old in sorted(path.parent.glob("*.jsonl"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    with task.acting() as by:
        looking.note_exported(by=by, name=path.name, links=links)
    return {"links": links}


def export_path(job_id: str) -> Path:
    return Path(settings.XIEZHI_HOME) / "exports" / "trail" / f"{job_id}.jsonl"


def _step(task: Task, done: int, total: int) -> None:
    task.check()
    task.progress.step("read", done, total)
