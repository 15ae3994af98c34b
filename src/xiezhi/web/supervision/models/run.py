"""Runs of the core, as rows the database can list. The lake's record is right; these are a copy."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xiezhi.web.supervision.states import Ending

CODE = 40


class Run(models.Model):
    """`number` is the lake's. `parameters`: every value of every rule it ran with. What it found is in `Tally`, scoped."""

    number = models.PositiveIntegerField(primary_key=True)
    state = models.PositiveIntegerField()
    """Of the lake, that it ran on."""
    snapshot = models.CharField(max_length=64)
    engine = models.CharField(max_length=16)
    actor = models.CharField(max_length=150)
    started = models.DateTimeField()
    finished = models.DateTimeField()
    parameters = models.JSONField()
    seconds = models.JSONField()
    copied_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (models.CheckConstraint(condition=Q(finished__gte=F("started")), name="run_time_runs_forward"),)

    def __str__(self) -> str:
        return str(self.number)

    @property
    def lasted(self) -> float:
        """Seconds; the stages are measured more finely than the moments."""
        return sum(self.seconds.values()) or (self.finished - self.started).total_seconds()


class RunRule(models.Model):
    """How one rule ended in one run. `problem`: the engine's words; `missing`: the facts without data."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="rules")
    rule = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    ending = models.CharField(max_length=16, choices=Ending.choices)
    seconds = models.FloatField()
    problem = models.TextField(blank=True)
    missing = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "rule"), name="a_rule_ends_once_a_run"),
            models.CheckConstraint(condition=Q(ending__in=Ending.values), name="run_ending_is_known"),
        )
        indexes = (models.Index(fields=("rule", "-run"), name="run_rule_newest"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.rule}"
