"""What hits came to. Without subject and unit: it judges the rule, and nobody else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiezhi.web.supervision.models.run import CODE
from xiezhi.web.supervision.states import Conclusion


class RuleOutcome(models.Model):
    """The last word on one hit."""

    fingerprint = models.CharField(max_length=32, primary_key=True)
    rule = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=Conclusion.choices)
    by_username = models.CharField(max_length=150)
    noted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("rule", "version", "outcome"), name="outcome_of_rule"),)
        constraints = (models.CheckConstraint(condition=Q(outcome__in=Conclusion.values), name="outcome_is_known"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.outcome}"
