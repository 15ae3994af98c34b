"""The working calendar: years that somebody entered, and in each the days that are not as the week has them."""

from __future__ import annotations

from django.db import models


class CalendarYear(models.Model):
    """A year that is known whole. `source`: where it was taken from, in words."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=64)

    class Meta:
        ordering = ("year",)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A weekday that is free, or a day of a weekend that is worked."""

    day = models.DateField(primary_key=True)
    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    works = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return self.day.isoformat()
