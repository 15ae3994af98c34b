"""What happened to an alert, line by line; scoped like the alert itself."""

from __future__ import annotations

import uuid

from django.db import models

from xiezhi.web.accounts.models.scoped import Scoped


class History(Scoped):
    """`what`: what a run did (changed, gone, back, woken); of before alerts were matters also a move (dismiss …)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.CASCADE, related_name="history")
    at = models.DateTimeField()
    what = models.CharField(max_length=16)
    by_username = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    by_unit = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "history"

    def __str__(self) -> str:
        return f"{self.alert_id} {self.what}"
