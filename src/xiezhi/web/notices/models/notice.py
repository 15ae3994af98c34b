"""One thing that one person was told."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from xiezhi.web.kit.cards import Urgency
from xiezhi.web.language import page_language

WAITS = "waits:"
"""Begins the keys of notices about something that stands on the workbench by itself for as long as it waits for a decision."""


class Notice(models.Model):
    """Seen by the person it is for, and by nobody else. The text names no person in clear: whoever may, opens `url`."""

    # Made by Python: whoever tells another person something may not see that person's row, and so gets nothing back.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="notices")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    urgency = models.CharField(max_length=12, default=Urgency.OPEN)
    due = models.DateTimeField(null=True)
    key = models.CharField(max_length=160, blank=True)
    """Of one key a person has one notice, however often it is told."""
    made_at = models.DateTimeField()
    by_username = models.CharField(max_length=64)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "通知"
        constraints = (
            models.UniqueConstraint(fields=("user", "key"), condition=~Q(key=""), name="one_notice_of_a_key"),
            models.CheckConstraint(condition=Q(urgency__in=[one.value for one in Urgency]), name="notice_urgency_is_known"),
            models.CheckConstraint(condition=Q(url__startswith="/"), name="notice_stays_on_the_site"),
        )
        indexes: ClassVar = [
            models.Index(fields=["user", "-made_at", "id"], name="notice_by_person"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["read_at"], name="notice_read", condition=Q(read_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        return self.title_en if page_language() == "en" else self.title_zh
