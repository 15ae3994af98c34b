"""A move that waits for signatures."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("待审批")
    CARRIED = "carried", _("已同意")
    DECLINED = "declined", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


class Proposal(models.Model):
    """`signatures`: those it needs, in their order, as the chain had them when it was proposed: title, permission, region, and
    once given who, when and what they said. `signed`: how many are given. Of one matter one waits at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey("matters.Matter", on_delete=models.CASCADE, related_name="proposals")
    move = models.CharField(max_length=32)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING)
    signatures = models.JSONField()
    signed = models.PositiveSmallIntegerField(default=0)
    proposed_at = models.DateTimeField()
    proposed_by = models.BigIntegerField()
    proposed_name = models.CharField(max_length=64)
    proposer_post = models.BigIntegerField(null=True)
    proposer_unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-proposed_at",)
        constraints = (
            models.UniqueConstraint(fields=("matter",), condition=Q(state="waiting"), name="one_proposal_waits"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.move}"
