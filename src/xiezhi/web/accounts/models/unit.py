"""The tree of units: regions, and the organisations of each."""

from __future__ import annotations

from typing import Any

from django.db import models

from xiezhi.kernel.words import Words


class UnitKind(models.TextChoices):
    CITY = "city", "市"
    COUNTY = "county", "县区"
    TOWN = "town", "乡镇"
    VILLAGE = "village", "村(社区)"
    COMMISSION = "commission", "纪委监委"
    OFFICE = "office", "内设室"
    STATIONED = "stationed", "派驻纪检监察组"
    DEPARTMENT = "department", "部门"
    INSTITUTION = "institution", "所属单位"


REGIONS = (UnitKind.CITY, UnitKind.COUNTY, UnitKind.TOWN, UnitKind.VILLAGE)
NAMED_WITH_PARENT = (UnitKind.TOWN, UnitKind.VILLAGE, UnitKind.INSTITUTION)
PARENTS = ("parent__parent",)
"""What `full_title` reads."""


class Unit(models.Model):
    """A node of the tree. `path` is the four-digit steps from the root, "0001.0003."; a prefix of it is an ancestor.

    `region_path` is the path of the region the unit belongs to: its own where it is a region. Both are set once, by the
    action that adds the unit; a unit is never moved, it is closed and another opened, so that old rows stay where they were.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=100, unique=True, db_collation="C")
    region_path = models.CharField(max_length=100, db_collation="C")
    region = models.CharField(max_length=12, blank=True, db_index=True)
    """Statistical code of a region: 6 digits of a county, 9 of a town, 12 of a village."""
    department = models.CharField(max_length=40, blank=True)
    """The content's word for a department that delivers data (`finance`): whose contracts are its own."""
    credit_code = models.CharField(max_length=18, blank=True)
    closed_on = models.DateField(null=True)
    overseen = models.ManyToManyField("self", symmetrical=False, related_name="overseers", blank=True)
    """联系单位: the units this office is charged with overseeing."""

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(fields=("department",), condition=~models.Q(department=""), name="one_unit_a_department"),
            models.CheckConstraint(condition=models.Q(path__regex=r"^(\d{4}\.)+$"), name="unit_path_is_steps"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Words:
        return Words(zh=self.name, en=self.name_en or self.name)

    @property
    def full_title(self) -> Words:
        """With what it lies in, up to the county: 双溪县栖萤镇岚汀村. For wherever units of several parents meet.

        Towns of many counties have one name, and villages of many towns. Reads the parents: `select_related(*PARENTS)`.
        """
        above = []
        unit = self
        while unit.kind in NAMED_WITH_PARENT and unit.parent is not None and unit.parent.kind != UnitKind.CITY:
            unit = unit.parent
            above.append(unit.title)
        if not above:
            return self.title
        zh = "".join(title.zh for title in reversed(above))
        return Words(zh=zh + self.title.zh, en=f"{self.title.en} ({', '.join(title.en for title in above)})")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.region_path:
            self.region_path = self.path if self.kind in REGIONS or self.parent is None else self.parent.region_path
        super().save(*args, **kwargs)
