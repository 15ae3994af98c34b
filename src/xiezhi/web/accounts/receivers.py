"""What Django, allauth and axes report, passed on to the actions that write it down. Connected when the app is ready."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed
from allauth.mfa.signals import authentication_failed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import signing
from xiezhi.web.accounts.models import User

BY_LINK = "link"


def connect() -> None:
    """Called once; the same receiver connected twice is kept once."""
    user_logged_in.connect(_signed_in, dispatch_uid="xiezhi.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="xiezhi.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="xiezhi.failed")
    user_locked_out.connect(_locked, dispatch_uid="xiezhi.locked")
    authentication_failed.connect(_factor_failed, dispatch_uid="xiezhi.factor_failed")
    authentication_step_completed.connect(_step_done, dispatch_uid="xiezhi.step_done")


def _signed_in(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    records = get_authentication_records(request, user)
    ways = [record.get("type") or {"socialaccount": "directory"}.get(record["method"], record["method"]) for record in records]
    signing.note_sign_in(user, list(dict.fromkeys(ways)) or [getattr(request, "way_in", "other")])


def _signed_out(*, request: HttpRequest, user: User | None, **_rest: Any) -> None:
    # A session that ran out has its own event already.
    if user is not None and not getattr(request, "ended", ""):
        signing.note_sign_out(user)


def _failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    signing.note_failure(str(credentials.get("username") or ""), str(credentials.get("step") or "password"))


def _locked(*, request: HttpRequest, username: str, **_rest: Any) -> None:
    # Axes reports every try against a lock; the lock falls once, with the failure that was counted.
    if getattr(request, "axes_failures_since_start", None) is not None:
        signing.note_lock(username)


def _factor_failed(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    """A wrong code counts like a wrong password: five of either lock the account."""
    user_login_failed.send(sender=__name__, credentials={"username": user.username, "step": "factor"}, request=request)


def _step_done(*, request: HttpRequest, reauthenticated: bool = False, **_rest: Any) -> None:
    if reauthenticated:
        session.prove(request.session, clock.now())
