"""Something that did not come out the same when the hits were computed again: open until somebody says what became of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from xiezhi.web.language import localise


class Mismatch(models.Model):
    """One difference that a replay found. It names no person: a hit is told by its fingerprint and which of its fields differ.

    `kind`: hit, rule, lake, result, record or run. `rule`: the model it lies in, where it lies in one. `seen_at`: the newest
    replay that found it; a later one that does not find it closes nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=300)
    rule = models.CharField(max_length=40, blank=True)
    zh = models.TextField()
    en = models.TextField()
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.BigIntegerField(null=True)
    handled_by_name = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-found_at", "kind", "about")
        verbose_name_plural = "mismatches"
        indexes: ClassVar = [models.Index(fields=["-found_at"], name="mismatch_newest")]
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "about"), condition=Q(handled_at__isnull=True), name="one_open_mismatch_of_a_thing"
            ),
            models.CheckConstraint(condition=Q(handled_at__isnull=True) | ~Q(why=""), name="mismatch_handled_with_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def said(self) -> str:
        return localise(self)
