"""How many hits a run found, where: numbers instead of the hits, so that everybody counts within their own scope."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiezhi.kernel.level import Level
from xiezhi.web.accounts.models.scoped import KEY, Scoped
from xiezhi.web.supervision.models.run import CODE
from xiezhi.web.supervision.states import HitState


class Tally(Scoped):
    """`subject_key` and `parties` are empty, but for hits about somebody from whom a person recused themselves: those are counted
    apart."""

    run = models.ForeignKey("supervision.Run", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=CODE)
    level = models.CharField(max_length=8, choices=[(level.value, level.zh) for level in Level])
    state = models.CharField(max_length=8, choices=HitState.choices)
    subject_key = models.CharField(max_length=KEY, blank=True)
    hits = models.PositiveIntegerField()
    amount = models.BigIntegerField(null=True)
    """Fen."""

    class Meta:
        verbose_name_plural = "tallies"
        indexes = (models.Index(fields=("run", "rule"), name="tally_run_rule"), models.Index(fields=("rule",), name="tally_rule"))
        constraints = (
            models.CheckConstraint(condition=Q(hits__gt=0), name="tally_counts_something"),
            models.CheckConstraint(condition=Q(state__in=HitState.values), name="tally_state_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.rule} {self.hits}"
