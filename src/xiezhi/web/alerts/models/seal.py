"""Every seal an alert has had, so that a signed print can be matched years later; scoped like the alert itself."""

from __future__ import annotations

import uuid

from django.db import models

from xiezhi.web.accounts.models.scoped import Scoped


class Seal(Scoped):
    """`run`, `at`: the first run that gave the alert this seal, and when it ended; `last_run`, `last_at`: the newest so far."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.CASCADE, related_name="seals")
    seal = models.CharField(max_length=64, db_collation="C")
    run = models.PositiveIntegerField()
    at = models.DateTimeField()
    last_run = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ("-run", "-id")
        indexes = (models.Index(fields=["seal"], name="seal_as_printed"),)
        constraints = (models.UniqueConstraint(fields=("alert", "seal"), name="one_seal_of_an_alert"),)

    def __str__(self) -> str:
        return self.seal
