"""The jobs a machine started by sending something in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router

from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.api.schemas import JobOut
from xiezhi.web.jobs import queries
from xiezhi.web.jobs.models import Job

router = Router(tags=["jobs"])


@router.get("/{job_id}", response=JobOut, summary="后台任务 / a background job", operation_id="job", url_name="job")
def job(request: Request, job_id: UUID) -> dict[str, Any]:
    require(request.viewer, Permission.DELIVERY_READ)
    return job_out(get_object_or_404(queries.mine(request.viewer), pk=job_id))


def job_out(job: Job) -> dict[str, Any]:
    plain = ("id", "kind", "title", "state", "share", "asked_at", "started_at", "finished_at")
    failure = {"zh": job.failure_zh, "en": job.failure_en} if job.failed and job.failure_zh else None
    return {name: getattr(job, name) for name in plain} | {
        "failure": failure,
        "deliveries": (job.result or {}).get("deliveries", []),
    }
