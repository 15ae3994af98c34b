"""A try of other parameters: what would enter and leave. The head is everybody's who reads rules; the hits are scoped."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.models.scoped import Scoped
from xiezhi.web.supervision.models.run import CODE
from xiezhi.web.supervision.states import Ending, Fate


class WhatIf(models.Model):
    """`before` and `after`: every parameter's value. `ending` other than done: it could not be tried, and `problem` says why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    state = models.PositiveIntegerField()
    """Of the lake."""
    ending = models.CharField(max_length=16, choices=Ending.choices)
    problem = models.TextField(blank=True)
    missing = models.JSONField(default=list)
    seconds = models.FloatField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=64)
    job_id = models.UUIDField(unique=True)
    """A job that is done again finds what it made before."""

    class Meta:
        ordering = ("-made_at",)
        indexes = (models.Index(fields=("rule", "-made_at"), name="what_if_of_rule"),)

    def __str__(self) -> str:
        return f"{self.rule} {timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"

    @property
    def changed(self) -> dict[str, object]:
        """The values that differ, by parameter, as they would be."""
        return {name: value for name, value in self.after.items() if self.before.get(name) != value}


class TriedHit(Scoped):
    """One hit of a try. A level is empty and an amount NULL on the side where it is not there."""

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="hits")
    fate = models.CharField(max_length=8, choices=Fate.choices)
    unit_label = models.CharField(max_length=200, blank=True)
    subject_kind = models.CharField(max_length=20)
    subject_masked = models.CharField(max_length=200)
    level_before = models.CharField(max_length=8, blank=True)
    level_after = models.CharField(max_length=8, blank=True)
    amount_before = models.BigIntegerField(null=True)
    amount_after = models.BigIntegerField(null=True)
    sentence_zh = models.TextField()
    sentence_en = models.TextField()

    class Meta:
        indexes = (models.Index(fields=("what_if", "fate"), name="tried_fate"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(fate="enters", level_before="") & ~Q(level_after="")
                | Q(fate="leaves", level_after="") & ~Q(level_before="")
                | Q(fate="stays") & ~Q(level_before="") & ~Q(level_after=""),
                name="tried_fate_fits_its_levels",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fate} {self.subject_masked}"

    @property
    def sentence(self) -> Words:
        return Words(zh=self.sentence_zh, en=self.sentence_en)

    @property
    def regraded(self) -> bool:
        return self.fate == Fate.STAYS and self.level_before != self.level_after
