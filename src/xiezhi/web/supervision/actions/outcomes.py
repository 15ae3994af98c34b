"""What hits came to, noted for the model: its precision is counted from this. Nobody is named in it."""

from __future__ import annotations

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.supervision.models import RuleOutcome


def note(*, rule: str, version: int, fingerprint: str, outcome: str, by: Viewer) -> None:
    """The last word on one hit counts. An empty outcome takes it back: the alert is open again."""
    if not outcome:
        RuleOutcome.objects.filter(fingerprint=fingerprint).delete()
        return
    values = {"rule": rule, "version": version, "outcome": outcome, "by_username": by.username, "noted_at": clock.now()}
    RuleOutcome.objects.update_or_create(fingerprint=fingerprint, defaults=values)
