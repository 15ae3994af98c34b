"""One thing that somebody did, tried to do, or looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi.web.audit.models.fields import CanonicalJSON


class EventOutcome(models.TextChoices):
    DONE = "done", _("完成")
    REFUSED = "refused", _("被拒")


class AuditEvent(models.Model):
    """Plain values only, no foreign keys: an event outlives the account, the post and the object it tells of.

    Only `audit.record` makes one. Nobody changes or removes one: not the application, whose role may not, and not the
    owner of the tables, whom triggers refuse. Who takes the triggers off is found by the chain.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    outcome = models.CharField(max_length=8, choices=EventOutcome.choices)
    user_id = models.BigIntegerField(null=True)
    username = models.CharField(max_length=150)
    display_name = models.CharField(max_length=150)
    post_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=200)
    on_kind = models.CharField(max_length=80)
    on_id = models.CharField(max_length=200)
    on_label = models.CharField(max_length=300)
    unit_path = models.CharField(max_length=200, db_collation="C")
    why = models.TextField()
    before = CanonicalJSON(null=True)
    after = CanonicalJSON(null=True)
    details = CanonicalJSON()
    ip = models.CharField(max_length=45)
    request_id = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_event"
        verbose_name = _("审计事件")
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="audit_event_by_time"),
            models.Index(fields=["username", "at", "id"], name="audit_event_by_person"),
            models.Index(fields=["on_id", "on_kind", "at", "id"], name="audit_event_by_object"),
            models.Index(fields=["role", "at", "id"], name="audit_event_by_role"),
            models.Index(fields=["ip", "at", "id"], name="audit_event_by_address"),
            models.Index(fields=["kind", "at", "id"], name="audit_event_by_kind"),
            models.Index(fields=["at", "id"], name="audit_event_refused", condition=models.Q(outcome="refused")),
        ]
        constraints: ClassVar = [
            # PostgreSQL knows moments before the common era and without end; a chain over them could not be spelled.
            models.CheckConstraint(
                condition=models.Q(at__gte=datetime(2000, 1, 1, tzinfo=UTC), at__lt=datetime(9999, 1, 1, tzinfo=UTC)),
                name="audit_event_in_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.on_kind} {self.on_id}"
