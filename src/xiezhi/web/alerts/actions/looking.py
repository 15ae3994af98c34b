"""That somebody looked: at an alert, at its evidence, at what other rules say. One look, one event."""

from __future__ import annotations

from django.db import transaction

from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import events
from xiezhi.web.alerts.models import Alert
from xiezhi.web.audit.record import record


@transaction.atomic
def looked_at(alert: Alert, *, by: Viewer) -> None:
    require(by, Permission.ALERT_READ)
    record(events.LOOKED_AT, by=by, on=alert)


@transaction.atomic
def opened_evidence(alert: Alert, *, purpose: str, by: Viewer) -> None:
    require(by, Permission.EVIDENCE_READ)
    record(events.EVIDENCE, by=by, on=alert, why=purpose)


@transaction.atomic
def asked_why(alert: Alert, *, by: Viewer) -> None:
    require(by, Permission.EVIDENCE_READ)
    record(events.WHY_ASKED, by=by, on=alert)
