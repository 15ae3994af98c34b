"""The chain over the events: one link for each event, written in batches by one sealer, so that writers never wait."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AuditPending(models.Model):
    """An event that has no link yet. A trigger puts it here with the event; the sealer takes it out with the link.

    Ids are given out before transactions commit, so "all above the last link" would miss whoever commits late.
    """

    event_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "audit_pending"


class AuditBatch(models.Model):
    """The links that were written together. `root` is the digest of the last one, which stands for all before it."""

    number = models.BigIntegerField(primary_key=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_batch"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last_seq__gte=models.F("first_seq")), name="audit_batch_order")
        ]


class AuditLink(models.Model):
    """The digest of one event and of everything before it. See `audit.chain` for what exactly it covers."""

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    batch = models.BigIntegerField()

    class Meta:
        db_table = "audit_link"
        constraints: ClassVar = [
            # The chain is read from 1 on: a link before it would hide its event from the sealer and from whoever verifies.
            models.CheckConstraint(condition=models.Q(seq__gt=0), name="audit_link_in_the_chain")
        ]
