"""A clock of a matter, as its steps have it: kept so that lists show lamps and alarms are found without reading steps."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class MatterClock(models.Model):
    """`code`: of the deadline. `ends_at`: when it ends, or would have when it was suspended or stopped. `warns_at`: when its
    lamp turns yellow. `lacks_year`: its end lies in this year, which nobody entered into the working calendar. `alarm_at`: the
    next moment at which somebody has to be told; `told`: keys of what was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey("matters.Matter", on_delete=models.CASCADE, related_name="clocks")
    code = models.CharField(max_length=32)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    warns_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    lacks_year = models.PositiveSmallIntegerField(null=True)
    alarm_at = models.DateTimeField(null=True)
    told = models.JSONField(default=list)

    class Meta:
        ordering = ("matter", "begun_at")
        constraints = (
            models.UniqueConstraint(fields=("matter", "code"), name="one_clock_of_a_code"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=False) | Q(lacks_year__isnull=False), name="clock_end_is_known_or_said"
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=["alarm_at"], name="clock_alarm", condition=Q(alarm_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.code}"
