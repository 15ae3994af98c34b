"""Routes of jobs."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.jobs.views import own, queue

app_name = "jobs"

urlpatterns = [
    path("", own.mine, name="mine"),
    path("queue/", queue.queue, name="queue"),
    path("<uuid:job_id>/", own.job, name="job"),
    path("<uuid:job_id>/progress/", own.progress, name="progress"),
    path("<uuid:job_id>/cancel/", own.cancel, name="cancel"),
]
