"""A change of a rule's parameters or status: proposed by one person, decided by another."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from xiezhi.web.supervision.models.run import CODE
from xiezhi.web.supervision.states import OPEN, ChangeState, What


class Change(models.Model):
    """`before` and `after` hold only what differs: parameter → value, or {"status": …}. `version`: of the rule it was made for.

    `decided_by` approved or returned it, and is never who proposed it; NULL while it waits, and where it was withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What.choices)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=500)
    what_if = models.ForeignKey("supervision.WhatIf", null=True, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10, choices=ChangeState.choices, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=64)
    proposed_by_unit = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-proposed_at",)
        indexes = (models.Index(fields=("rule", "-proposed_at"), name="change_of_rule"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="change_state_is_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="change_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "returned"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="change_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("rule",), condition=Q(state__in=sorted(state.value for state in OPEN)), name="one_open_change_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(what="status") | Q(what="parameters", what_if__isnull=False), name="parameters_were_tried_first"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.get_what_display()}"
