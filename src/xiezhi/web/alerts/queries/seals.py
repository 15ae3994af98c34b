"""Which alert a printed seal belongs to, and which seals an alert has had."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert, Seal

LEAST = 8
"""Characters of a seal that must be given: fewer could be another's."""
WRITTEN = re.compile(rf"[0-9a-f]{{{LEAST},64}}")
MOST = 20


@dataclass(frozen=True)
class Sealed:
    """A seal, the alert that had it, and in which runs: the first and the newest, each with when it ended."""

    seal: str
    number: str
    fingerprint: str
    run: int
    at: datetime
    last_run: int
    last_at: datetime


def as_seal(text: str) -> str:
    """What was copied from paper as it is kept: no spaces, small letters. "" where it is no seal, or too little of one."""
    plain = re.sub(r"[\s·-]", "", text).lower()
    return plain if WRITTEN.fullmatch(plain) else ""


def sealed(viewer: Viewer, begins: str) -> list[Sealed]:
    """Alerts in sight that have or had a seal beginning so."""
    seen = seen_by(Alert.objects.all(), viewer.scope)
    found = Seal.objects.filter(seal__startswith=begins, alert__in=seen).select_related("alert")[:MOST]
    return [
        Sealed(one.seal, one.alert.number, one.alert.fingerprint, one.run, one.at, one.last_run, one.last_at) for one in found
    ]


def numbers_of(viewer: Viewer, fingerprints: Iterable[str]) -> dict[str, str]:
    """Fingerprint → number of its alert, of those in sight."""
    found = seen_by(Alert.objects.filter(fingerprint__in=list(fingerprints)), viewer.scope)
    return dict(found.values_list("fingerprint", "number"))


def seals_of(viewer: Viewer, alert: Alert) -> list[Seal]:
    """All it has had, newest first."""
    seen = seen_by(Alert.objects.filter(pk=alert.pk), viewer.scope)
    return list(Seal.objects.filter(alert__in=seen).order_by("-last_run", "-run"))
