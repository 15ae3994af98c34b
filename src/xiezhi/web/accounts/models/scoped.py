"""The columns by which rows are shown to some and not to others, once for every table that has them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

PATH, LINE, KEY = 100, 32, 80
"""Lengths, in characters, of a unit's path, a line of work and a key of a party."""


class Scoped(models.Model):
    """A row that is about somebody at some place. Its migration says `ScopedTable(table, parties="parties")`: then both walls
    (`seen_by` and row-level security) read the same six columns.

    `unit_path`: of the unit it stands at. `cadre_level`: of the party committee that manages the official it concerns, else 0.
    `label`: how delicate its data is. `subject_key`, `parties`: whoever is recused from one of these sees nothing of it.
    """

    unit_path = models.CharField(max_length=PATH, db_collation="C")
    line = models.CharField(max_length=LINE)
    cadre_level = models.PositiveSmallIntegerField(default=0)
    label = models.PositiveSmallIntegerField()
    subject_key = models.CharField(max_length=KEY)
    parties = ArrayField(models.TextField(), default=list, db_default=[])

    class Meta:
        abstract = True


class Held(Scoped):
    """A scoped row that units take in hand, wherever it lies. Its migration says `holders="holders"` besides.

    `holders`: ids of the units that take part in it now; their people see it, within their lines, rank, clearance and recusals.
    """

    holders = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    class Meta:
        abstract = True
