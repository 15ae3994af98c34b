"""That a machine sent something under a key of its own: sent again, it gets the first answer."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models


class SentOnce(models.Model):
    """`fingerprint`: of what was sent. The same key with other content is a mistake of the sender's."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    job_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user_id", "key"), name="sent_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="sent_by_time")]
