"""Passwords a person had before, as digests: the policy `mlps3` refuses the last of them again."""

from __future__ import annotations

from django.db import models


class PastPassword(models.Model):
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="past_passwords")
    digest = models.CharField(max_length=256)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ("-replaced_at",)

    def __str__(self) -> str:
        return f"{self.user_id} {self.replaced_at:%Y-%m-%d}"
