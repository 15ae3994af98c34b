"""What decides about a reveal that is asked from an alert: the alert as it is now, where the viewer sees it."""

from __future__ import annotations

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.queries.alerts import alerts
from xiezhi.web.reveals.policies import RevealWanted, Ticket


def reveal_wanted(ticket: Ticket, viewer: Viewer) -> RevealWanted | None:
    """None where the alert is out of sight, or is about somebody else by now."""
    one = alerts(viewer).filter(number=ticket.alert).first()
    if one is None or ticket.key not in (one.subject_key, one.counterpart_key):
        return None
    return RevealWanted(
        ticket.key, ticket.masked, one.number, one.unit_path, one.line, one.cadre_level, one.label, tuple(one.parties)
    )
