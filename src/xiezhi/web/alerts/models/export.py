"""A file made of a list: its maker's alone, for a day."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Export(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    format = models.CharField(max_length=4)
    query = models.CharField(max_length=2000)
    why = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    sight = models.CharField(max_length=64, blank=True)
    """Digest of what its maker saw: whoever sees anything else by now is not given the file any more."""
    held = ArrayField(models.BigIntegerField(), default=list)
    """Ids of the alerts in it that its maker saw only because their unit had them in hand."""
    made_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return self.name
