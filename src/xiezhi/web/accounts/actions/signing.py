"""What signing in and out, and the second factors, leave in the trail and in the person's sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts import events
from xiezhi.web.accounts.models import SignedInSession, User, normal_username
from xiezhi.web.accounts.viewer import ANONYMOUS, Viewer, posts_of, viewer_of
from xiezhi.web.audit.record import record

UNKNOWN = "account:unknown"
"""Stands where no account has the name that was typed. The name is not written: people type passwords there."""


@transaction.atomic
def note_sign_in(user: User, ways: Sequence[str]) -> None:
    """`ways`: password, totp, webauthn, recovery_codes, link, directory, ldap, certificate."""
    record(events.SIGNED_IN, by=_viewer(user), on=user, ways=list(ways))


@transaction.atomic
def note_sign_out(user: User) -> None:
    record(events.SIGNED_OUT, by=_viewer(user), on=user)


@transaction.atomic
def note_failure(username: str, step: str, reason: str = "") -> None:
    """`step`: password, factor, ldap, directory or certificate; `reason`: one of our words, nothing that was sent."""
    why: dict[str, Any] = {"reason": reason} if reason else {}
    record(events.SIGN_IN_FAILED, by=ANONYMOUS, on=_named(username), outcome="refused", step=step, **why)


@transaction.atomic
def note_lock(username: str) -> None:
    record(events.LOCKED, by=ANONYMOUS, on=_named(username), outcome="refused")


@transaction.atomic
def note_factor(user: User, *, kind: str, added: bool, by: Viewer, keep: str) -> None:
    """A factor came or went. Sessions begun before it ends: they were opened with less."""
    if added:
        SignedInSession.objects.filter(user=user).exclude(session_key=keep).delete()
    record(events.FACTOR_ADDED if added else events.FACTOR_REMOVED, by=by, on=user, factor=kind)


@transaction.atomic
def note_codes(user: User, *, by: Viewer) -> None:
    record(events.CODES_MADE, by=by, on=user)


@transaction.atomic
def end_sessions(*, user: User, by: Viewer, handle: str = "", keep: str = "") -> int:
    """End one session of a person's own, by its handle, or all but the one they are in."""
    others = [one for one in SignedInSession.objects.filter(user=user).exclude(session_key=keep) if handle in ("", one.handle)]
    SignedInSession.objects.filter(session_key__in=[one.session_key for one in others]).delete()
    if others:
        record(events.SESSION_CLOSED, by=by, on=user, sessions=len(others))
    return len(others)


@transaction.atomic
def note_post(viewer: Viewer) -> None:
    """Which of their posts a person acts in from now on."""
    record(events.POST_CHOSEN, by=viewer, on=f"accounts.post:{viewer.post_id}", unit=viewer.unit_name)


def _viewer(user: User) -> Viewer:
    held = posts_of(user, clock.today())
    return viewer_of(user, held[0] if held else None)


def _named(username: str) -> User | str:
    return User.objects.filter(username=normal_username(username)).first() or UNKNOWN
