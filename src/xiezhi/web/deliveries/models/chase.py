"""That a department was asked for what is overdue."""

from __future__ import annotations

import uuid

from django.db import models


class Chase(models.Model):
    """催报. Once a day for a dataset, by constraint, however many people press the button."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.CharField(max_length=64)
    day = models.DateField()
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=100, db_collation="C")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=64)
    told = models.PositiveIntegerField()
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=("dataset", "day"), name="one_chase_a_day"),)

    def __str__(self) -> str:
        return f"{self.dataset} {self.day}"
