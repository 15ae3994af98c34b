"""Taking a lost second factor away needs two people: one asks, another confirms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class FactorReset(models.Model):
    """Asked by the system administrator, settled by the security administrator. `granted` None: still waiting."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="factor_resets")
    why = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    granted = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(settled_by=F("asked_by")), name="factor_reset_by_two"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, settled_at__isnull=True, settled_by="")
                | Q(granted__isnull=False, settled_at__isnull=False) & ~Q(settled_by=""),
                name="factor_reset_is_settled_whole",
            ),
            models.UniqueConstraint(fields=("user",), condition=Q(granted__isnull=True), name="one_factor_reset_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d %H:%M}"
