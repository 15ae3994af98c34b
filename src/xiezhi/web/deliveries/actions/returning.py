"""Handing out the rows that were set aside, in clear: to whoever delivers them again, and never unnoticed."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.deliveries import events, gateway
from xiezhi.web.deliveries.models import Delivery
from xiezhi.web.deliveries.policies.access import may_take_rows


@transaction.atomic
def take_returned(delivery: Delivery, *, by: Viewer) -> Path | None:
    """The file to mend; None where it is gone (erased, or nothing was set aside). Raises NotPermitted for anybody else."""
    if not may_take_rows(by, delivery):
        raise NotPermitted(Permission.DELIVERY_UPLOAD)
    path = gateway.returned(delivery.number)
    if path is not None:
        record(events.RETURNED_ROWS_TAKEN, by=by, on=delivery, rows=delivery.set_aside)
    return path
