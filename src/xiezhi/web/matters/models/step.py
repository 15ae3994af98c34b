"""A step: one thing that happened to a matter. Only ever added to."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    BEGUN = "begun", _("开始")
    MOVED = "moved", _("办理")
    PROPOSED = "proposed", _("送审")
    SIGNED = "signed", _("同意")
    DECLINED = "declined", _("不同意")
    WITHDRAWN = "withdrawn", _("撤回")
    REMINDED = "reminded", _("到期提醒")
    ESCALATED = "escalated", _("逾期上报")


class Step(models.Model):
    """`move`: what it is about. `state`, `seats`: after it. `data`: what was said with it, by the names of the form.

    `clocks`: what it did to clocks, each with `clock`, `what` and, where one began or was extended, the limit. Whoever sees
    the matter sees its steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey("matters.Matter", on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    move = models.CharField(max_length=32, blank=True)
    by_user = models.BigIntegerField(null=True)
    by_username = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64, blank=True)
    by_role = models.CharField(max_length=40, blank=True)
    by_unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    by_unit_name = models.CharField(max_length=100, blank=True)
    state_before = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=32)
    seats = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    clocks = models.JSONField(default=list)

    class Meta:
        ordering = ("matter", "number")
        constraints = (
            models.UniqueConstraint(fields=("matter", "number"), name="one_step_of_a_number"),
            models.CheckConstraint(condition=models.Q(kind__in=StepKind.values), name="step_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.number} {self.kind}"
