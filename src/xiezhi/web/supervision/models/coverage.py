"""How much of what a rule concerns could be evaluated, by unit and month: of the newest run of each rule."""

from __future__ import annotations

from django.db import models

from xiezhi.web.accounts.models.scoped import LINE, PATH
from xiezhi.web.supervision.models.run import CODE


class Coverage(models.Model):
    """`outcome`: evaluated, the reason why not, or outside: no part of what the rule concerns.

    `unit_label`: as delivered; `unit_path`: where that unit was placed.
    """

    run = models.ForeignKey("supervision.Run", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=CODE)
    unit_label = models.CharField(max_length=200, blank=True)
    unit_path = models.CharField(max_length=PATH, db_collation="C")
    line = models.CharField(max_length=LINE)
    month = models.DateField(null=True)
    outcome = models.CharField(max_length=20)
    rows = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "coverage"
        indexes = (models.Index(fields=("rule", "unit_label", "month"), name="coverage_of_rule"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.unit_label} {self.outcome}"
