"""A request to reveal one identity, from asking to opening: the register is made of these."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from xiezhi.kernel import clock
from xiezhi.web.accounts.models.scoped import LINE, Scoped
from xiezhi.web.reveals.states import RevealState


class RevealRequest(Scoped):
    """Holds the number and the masked form, never the value. Path, line, level, label and parties are those of its alert."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    subject_key = models.CharField(max_length=64)
    masked = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    case_number = models.CharField(max_length=64)
    alert_number = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=LINE, blank=True)
    state = models.CharField(max_length=10, choices=RevealState.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_name = models.CharField(max_length=64)
    asked_unit = models.CharField(max_length=100)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_name = models.CharField(max_length=64, blank=True)
    decided_why = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField()
    """After this it can no longer be decided or opened; one asks again."""

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = (
            models.Index(fields=["-asked_at", "-id"], name="reveal_newest"),
            models.Index(fields=["asked_by", "-opened_at"], name="reveal_by_person"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=RevealState.values), name="reveal_state_is_known"),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="reveal_decided_by_another"),
            models.CheckConstraint(
                condition=Q(label__lte=1) | Q(decided_by__isnull=False) | Q(state="asked"), name="reveal_of_delicate_needs_two"
            ),
            models.CheckConstraint(condition=~Q(state="opened") | Q(opened_at__isnull=False), name="reveal_opening_has_its_time"),
        )

    def __str__(self) -> str:
        return f"{self.case_number} {self.alert_number}".strip()  # goes into the trail, which says nobody's name

    @property
    def standing(self) -> RevealState:
        return RevealState(self.state)

    @property
    def lapsed(self) -> bool:
        """Whether its time ran out before it was decided or opened: nothing can be done with it any more."""
        return self.standing in (RevealState.ASKED, RevealState.APPROVED) and self.lapses_at <= clock.now()

    @property
    def openable(self) -> bool:
        return self.standing is RevealState.APPROVED and not self.lapsed
