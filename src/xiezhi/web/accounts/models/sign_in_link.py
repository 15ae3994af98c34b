"""A link that signs one account in once: the demonstration's one click per role, and the first-run wizard's door."""

from __future__ import annotations

from django.db import models


class SignInLink(models.Model):
    """Only the digest of its secret is kept. `user` None opens the first-run wizard."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="sign_in_links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d %H:%M}"
