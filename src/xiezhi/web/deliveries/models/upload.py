"""A file that a person or a machine sent in."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xiezhi.web.deliveries.states import UploadState


class Upload(models.Model):
    """Files sent in together share a `batch`, and one job checks them. The file lies in the uploads folder until then.

    `department` is that of the sender's unit: "" for those who may deliver for every department. `numbers` are the deliveries
    it became, one a sheet. What there is to say is in `message` and, what to do about it, `todo`. `preview`: what each sheet is
    taken for, with its first rows masked; kept until the file is sent or removed, and no longer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.UUIDField(db_index=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=UploadState.choices, default=UploadState.WAITING)
    contract = models.CharField(max_length=64, blank=True)
    department = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=100, db_collation="C")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=64)
    sender = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    job_id = models.UUIDField(null=True)
    preview = models.JSONField(default=list)
    numbers = ArrayField(models.PositiveIntegerField(), default=list)
    message_zh = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    todo_zh = models.TextField(blank=True)
    todo_en = models.TextField(blank=True)

    class Meta:
        ordering = ("-sent_at", "name", "pk")
        indexes = (
            models.Index(fields=("unit_path", "-sent_at"), name="upload_by_unit"),
            models.Index(fields=("sha256",), name="upload_by_hash"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | ~Q(state__in=["received", "refused", "removed"]),
                name="upload_end_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(preview=[]) | Q(state="ready"), name="upload_preview_is_kept_no_longer_than_needed"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> UploadState:
        return UploadState(self.state)
