"""The limits of a session: idle, absolute, and the end that comes when the account is disabled or expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import Duty

SIGNED_IN_AT, SEEN_AT, PROVEN_AT, POST, BY_LINK, ELSEWHERE = (
    "signed_in_at",
    "seen_at",
    "proven_at",
    "post",
    "by_link",
    "by_directory",
)
ADDRESS, AGENT = "address", "agent"

OIDC, LDAP, CERTIFICATE = "socialaccount", "ldap", "certificate"
"""Ways in for which somebody else vouches; the first is allauth's word."""

TOUCH = timedelta(seconds=5)
"""How stale `seen_at` may become before it is written again: a write on every request would cost more than it tells."""

PROVEN_FOR = timedelta(minutes=5)
"""How long after a password or a factor was given a very sensitive act needs no new proof."""


@dataclass(frozen=True)
class Limits:
    idle: timedelta
    absolute: timedelta


def limits() -> Limits:
    """Of the policy in force. mlps3: 30 minutes idle, 12 hours in all; settable."""
    return Limits(timedelta(minutes=settings.XIEZHI_IDLE_MINUTES), timedelta(hours=settings.XIEZHI_SESSION_HOURS))


def over(session: SessionBase, user: User, now: datetime) -> str:
    """Why the session must end now, in a word, or "". A machine's never begins."""
    limit = limits()
    began = _moment(session, SIGNED_IN_AT)
    seen = _moment(session, SEEN_AT) or began
    if not user.is_active or user.duty == Duty.MACHINE:
        return "disabled"
    if user.has_expired(clock.local(now).date()):
        return "expired"
    if began is None or seen is None or now - began >= limit.absolute:
        return "absolute"
    return "idle" if now - seen >= limit.idle else ""


def begin(session: SessionBase, now: datetime, *, address: str = "", agent: str = "") -> None:
    """Signing in: the clocks start, and who it is counts as proven."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = session[PROVEN_AT] = now.isoformat()
    session[ADDRESS], session[AGENT] = address, agent[:200]


def elsewhere(session: SessionBase) -> str:
    """Which of those ways the person came, or "": whoever did is not told to change a password that they do not use."""
    way = session.get(ELSEWHERE)
    return OIDC if way is True else way or ""  # True: begun before there was more than one


def has_two_factors(session: SessionBase) -> bool:
    """Whether the way in counts as two factors, as the site's settings say now."""
    return {OIDC: settings.XIEZHI_OIDC_MFA, CERTIFICATE: settings.XIEZHI_CERTIFICATE_MFA}.get(elsewhere(session), False)


def touch(session: SessionBase, now: datetime) -> None:
    """Note that the person is there. Requests a page makes by itself (polling) do not count: the caller leaves those out."""
    seen = _moment(session, SEEN_AT)
    if seen is None or now - seen >= TOUCH:
        session[SEEN_AT] = now.isoformat()


def prove(session: SessionBase, now: datetime) -> None:
    """The person has just given a password or a factor again."""
    session[PROVEN_AT] = now.isoformat()


def recently_proven(session: SessionBase, now: datetime) -> bool:
    """Whether a very sensitive act may go ahead without asking again. The demonstration's links have nothing to ask for."""
    if settings.XIEZHI_DEMO and session.get(BY_LINK):
        return True
    proven = _moment(session, PROVEN_AT)
    return proven is not None and timedelta(0) <= now - proven < PROVEN_FOR


def _moment(session: SessionBase, name: str) -> datetime | None:
    text = session.get(name)
    return datetime.fromisoformat(text) if text else None
