"""A matter: something of one process, where it stands and who has it in hand."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.models.scoped import Held


class Matter(Held):
    """`state`, `seats`, `holder`, `ended_at` and the days of its clocks are what its steps come to, kept for lists.

    `number`: as its app numbers it. `facts`: what chains and deadlines ask of it. `seats`: seat → id of the unit in it.
    `holder`: the unit whose turn it is; None where it is the turn of everybody who sees it, or of nobody.
    """

    process = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    number = models.CharField(max_length=32)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=32)
    seats = models.JSONField(default=dict)
    holder = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    steps_count = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    """The nearest end of a clock that runs; what happens then is late."""

    class Meta:
        ordering = ("-begun_at", "-id")
        constraints = (models.UniqueConstraint(fields=("process", "number"), name="one_matter_of_a_number"),)
        indexes: ClassVar = [
            models.Index(fields=["holder", "due_at", "id"], name="matter_in_hand", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["unit_path", "process", "state"], name="matter_place_state"),
            GinIndex(fields=["holders"], name="matter_holders"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> Words:
        return Words(zh=self.title_zh, en=self.title_en)
