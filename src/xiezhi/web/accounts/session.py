"""The limits of a session: idle, absolute, and the end that comes when the account is disabled or expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from xiezhi.web.accounts.models import User

SIGNED_IN_AT, SEEN_AT, POST, BY_LINK = "signed_in_at", "seen_at", "post", "by_link"

TOUCH = timedelta(seconds=20)
"""How stale `seen_at` may become before it is written again: a write on every request would cost more than it tells."""


@dataclass(frozen=True)
class Limits:
    idle: timedelta
    absolute: timedelta


def limits() -> Limits:
    """Of the policy in force. mlps3: 30 minutes idle, 12 hours in all; settable."""
    return Limits(timedelta(minutes=settings.XIEZHI_IDLE_MINUTES), timedelta(hours=settings.XIEZHI_SESSION_HOURS))


def over(session: SessionBase, user: User, now: datetime) -> str:
    """Why the session must end now, in a word, or ""."""
    limit = limits()
    began = _moment(session, SIGNED_IN_AT)
    seen = _moment(session, SEEN_AT) or began
    if not user.is_active:
        return "disabled"
    if user.expires_on is not None and user.expires_on <= now.date():
        return "expired"
    if began is None or seen is None or now - began >= limit.absolute:
        return "absolute"
    return "idle" if now - seen >= limit.idle else ""


def begin(session: SessionBase, now: datetime) -> None:
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.isoformat()


def touch(session: SessionBase, now: datetime) -> None:
    """Note that the person is there. Requests a page makes by itself (polling) do not count: the caller leaves those out."""
    seen = _moment(session, SEEN_AT)
    if seen is None or now - seen >= TOUCH:
        session[SEEN_AT] = now.isoformat()


def _moment(session: SessionBase, name: str) -> datetime | None:
    text = session.get(name)
    return datetime.fromisoformat(text) if text else None
