"""When a purpose is enough and when a second person must agree; and the ticket that says what a reveal is asked from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing

from xiezhi.web.accounts.scope import Scope
from xiezhi.web.accounts.viewer import Viewer

PURPOSE_ENOUGH = 1
"""Up to this label the purpose is enough; above it a second person approves."""
LAPSES = timedelta(hours=24)
TICKET_LASTS = 12 * 3600
MANY_A_DAY = 20
"""Openings by one person on one day from which the register points them out."""
REVEALABLE = frozenset({"citizen_id", "credit_code", "party_id", "name", "phone", "bank_account", "vehicle_plate", "address"})
SALT = "xiezhi.reveals.ticket"


@dataclass(frozen=True)
class Ticket:
    """Whom a page showed to somebody, and on which row: a page passes it on. What decides about it is read anew (`as_it_is`)."""

    key: str
    masked: str
    alert: str


@dataclass(frozen=True)
class RevealWanted:
    """Whom one wants revealed, and the row it is asked from, with what decides who may see that row."""

    key: str
    masked: str
    alert: str
    unit_path: str
    line: str
    cadre: int
    label: int
    parties: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def number(self) -> int:
        return int(self.key.partition(":")[2])

    @property
    def second_person(self) -> bool:
        return self.label > PURPOSE_ENOUGH

    def seen_in(self, scope: Scope) -> bool:
        return scope.sees(
            path=self.unit_path, line=self.line, cadre=self.cadre, label=self.label, subject=self.key, parties=self.parties
        )


def revealable(key: str) -> bool:
    """Whether there is an identity behind a subject key at all."""
    kind, _, number = key.partition(":")
    return kind in REVEALABLE and number.isdigit()


def signed(ticket: Ticket, viewer: Viewer) -> str:
    """As text, for this person: nobody can ask for a subject no page showed them."""
    return signing.dumps({**asdict(ticket), "user": viewer.user_id}, salt=SALT, compress=True)


def opened(text: str, viewer: Viewer) -> Ticket | None:
    """What the ticket says; None where it is forged, old or another person's."""
    try:
        said = signing.loads(text, salt=SALT, max_age=TICKET_LASTS)
    except signing.BadSignature:
        return None
    if said.pop("user", None) != viewer.user_id:
        return None
    return Ticket(**said)


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
