"""What this site has set otherwise than shipped. Each row says by which change; the trail has what was there before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiezhi.web.supervision.models.run import CODE
from xiezhi.web.supervision.states import RuleStatus


class ParameterSetting(models.Model):
    """A parameter's value in every run from `in_force_since` on. Money in fen, dates and decimals as text."""

    rule = models.CharField(max_length=CODE)
    name = models.CharField(max_length=80)
    value = models.JSONField()
    from_change = models.ForeignKey("supervision.Change", on_delete=models.PROTECT, related_name="+")
    in_force_since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("rule", "name"), name="one_value_a_parameter"),)

    def __str__(self) -> str:
        return f"{self.rule}.{self.name}"


class StatusSetting(models.Model):
    """A rule's status at this site, whatever the shipped file says."""

    rule = models.CharField(max_length=CODE, primary_key=True)
    status = models.CharField(max_length=8, choices=RuleStatus.choices)
    from_change = models.ForeignKey("supervision.Change", on_delete=models.PROTECT, related_name="+")
    in_force_since = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(status__in=RuleStatus.values), name="status_setting_is_known"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.status}"
