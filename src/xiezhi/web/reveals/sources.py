"""What a reveal is asked from, as it is now: pages grow old, and what decides about a row changes under them."""

from __future__ import annotations

from collections.abc import Callable

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.reveals.policies import RevealWanted, Ticket

Source = Callable[[Ticket, Viewer], RevealWanted | None]
"""The row that a ticket names with what decides about it today; None where the viewer does not see it, or it names nobody."""

_sources: list[Source] = []


def reveal_from(source: Source) -> None:
    """Register where reveals are asked from. Called once, by the app whose rows name people (`alerts`)."""
    _sources[:] = [source]


def as_it_is(ticket: Ticket, viewer: Viewer) -> RevealWanted | None:
    """What `ticket` asks for today. Rejected: what was signed into the ticket, by which a person from whom the row was taken
    away since (recusal, rank, label) saw whom it is about for as long as the page was open."""
    return next((wanted for source in _sources if (wanted := source(ticket, viewer))), None)
