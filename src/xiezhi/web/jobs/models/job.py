"""One piece of background work, from asking for it to its result."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiezhi.web.jobs.states import FINAL, LIVE, JobState
from xiezhi.web.language import page_language

STAGES = {
    "read": _("读取"),
    "facts": _("计算事实"),
    "rules": _("运行模型"),
    "coverage": _("统计覆盖"),
    "write": _("写入"),
    "export": _("导出"),
    "waiting": _("等待"),
}
"""What the core's stages are called."""

_LIVE = sorted(state.value for state in LIVE)


class Job(models.Model):
    """The truth about the work; the queue behind it only wakes a worker up.

    A worker that does it holds a lease: `lease_token` is new with every lease, and nothing is written about the job except
    by whoever has the present one. Leases are measured by the database's clock, which all workers share.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    key = models.CharField(max_length=160, blank=True)
    """Among jobs that are not over, there is one of a key."""
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default=JobState.WAITING)
    share = models.PositiveSmallIntegerField(null=True)
    """How much is done, in percent; NULL while nobody can say."""
    stage = models.CharField(max_length=40, blank=True)
    """The word of the core for what it is at; `note` says it to a person."""
    detail = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    failure_zh = models.TextField(blank=True)
    failure_en = models.TextField(blank=True)
    reference = models.CharField(max_length=16, blank=True)
    """Of an unexpected error: under which number the log has it."""

    user_id = models.BigIntegerField(null=True)
    by_username = models.CharField(max_length=64)
    post_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    unit_name = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=40, blank=True)
    """The name of the system scope it runs in, where no person asked for it."""

    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_token = models.UUIDField(null=True)
    cancel_asked = models.BooleanField(default=False)
    not_before = models.DateTimeField(null=True)
    """A job that is tried again rests until then."""

    class Meta:
        verbose_name = "后台任务"
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=Q(state__in=_LIVE) & ~Q(key=""), name="one_live_job_of_a_key"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in JobState]), name="job_state_is_known"),
            models.CheckConstraint(condition=Q(share__isnull=True) | Q(share__lte=100), name="job_share_is_percent"),
            models.CheckConstraint(condition=Q(state=JobState.DOING) | Q(lease_token__isnull=True), name="job_lease_while_doing"),
            models.CheckConstraint(
                condition=~Q(state=JobState.DOING) | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="job_doing_has_lease",
            ),
            models.CheckConstraint(condition=Q(state__in=_LIVE) | Q(finished_at__isnull=False), name="job_over_has_its_end"),
            models.CheckConstraint(condition=~Q(user_id__isnull=True) | ~Q(system=""), name="job_has_a_requester"),
        )
        indexes: ClassVar = [
            models.Index(fields=["user_id", "-asked_at"], name="job_by_person"),
            models.Index(fields=["-asked_at", "id"], name="job_by_time"),
            models.Index(fields=["state", "lease_until"], name="job_live", condition=Q(state__in=_LIVE)),
            models.Index(fields=["kind", "-asked_at"], name="job_by_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def finished(self) -> bool:
        """Over, however it ended."""
        return self.state in FINAL

    @property
    def failed(self) -> bool:
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    @property
    def note(self) -> str:
        """What it is at, in the language of the page."""
        return f"{STAGES.get(self.stage, self.stage)} {self.detail}".strip()

    @property
    def failure(self) -> str:
        """Why it failed and what to do, in the language of the page."""
        return self.failure_en if page_language() == "en" else self.failure_zh
