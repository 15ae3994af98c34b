"""Which units an office oversees is what its people see: one administrator proposes it, another confirms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Oversight(models.Model):
    """Asked by the system administrator, settled by the security administrator. `granted` None: it waits, without effect."""

    office = models.ForeignKey("accounts.Unit", on_delete=models.CASCADE, related_name="oversight_asked")
    overseen = models.ManyToManyField("accounts.Unit", related_name="+", blank=True)
    """All of them as they are to be, not what would change."""
    why = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    granted = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(settled_by=F("asked_by")), name="oversight_by_two"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, settled_at__isnull=True, settled_by="")
                | Q(granted__isnull=False, settled_at__isnull=False) & ~Q(settled_by=""),
                name="oversight_is_settled_whole",
            ),
            models.UniqueConstraint(fields=("office",), condition=Q(granted__isnull=True), name="one_oversight_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.office_id} {self.asked_at:%Y-%m-%d %H:%M}"
