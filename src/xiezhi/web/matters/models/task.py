"""A task: what waits for one office, or for whoever may sign. The workbench reads these and nothing else."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.models.scoped import PATH, Held


class TaskKind(models.TextChoices):
    ACT = "act", _("办理")
    SIGN = "sign", _("审批")


class Task(Held):
    """For the people of `unit`; without one for those of posts in the region `region_path`; without either for whoever sees it.

    Of these for whoever holds one of `permissions` and is not among `besides` (ids of users).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey("matters.Matter", on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=4, choices=TaskKind.choices)
    unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    region_path = models.CharField(max_length=PATH, blank=True, db_collation="C")
    permissions = ArrayField(models.CharField(max_length=40))
    besides = ArrayField(models.BigIntegerField(), default=list)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "since", "id")
        indexes: ClassVar = [
            models.Index(fields=["unit", "due_at"], name="task_of_a_unit", condition=Q(unit__isnull=False)),
            models.Index(fields=["unit_path", "due_at"], name="task_place"),
            GinIndex(fields=["holders"], name="task_holders"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind}"
