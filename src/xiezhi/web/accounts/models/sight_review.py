"""That somebody went through the list of who sees what, and found it right or had it put right."""

from __future__ import annotations

from django.db import models


class SightReview(models.Model):
    """`posts` and `digest` are of the list as it was: an exported file of that day can be matched with it."""

    at = models.DateTimeField()
    by_username = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    words = models.CharField(max_length=300)
    posts = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.by_username} {self.at:%Y-%m-%d}"
