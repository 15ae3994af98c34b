"""A secret by which a machine account is known."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class MachineToken(models.Model):
    """Only the digest is kept: the secret is shown once, to whoever issued it. `prefix` tells tokens apart by sight."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="machine_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    """Permissions; what the account's post does not hold, no token gives it."""
    networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    """Where it may come from; empty means from anywhere."""
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=64)
    expires_on = models.DateField()
    """The first day on which it no longer works."""
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "机器令牌"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="token_is_kept_as_digest"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_is_for_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["-issued_at"], name="token_by_time")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def works(self, today: date) -> bool:
        return self.revoked_at is None and today < self.expires_on
