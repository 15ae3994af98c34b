"""Links that work once: the first-run wizard's door, and the demonstration's one click per role."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.models import SignInLink, User
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def make_link(user: User | None, *, by: Viewer, minutes: int) -> str:
    """The secret of a new link, which is kept nowhere. `user` None: the first-run wizard.

    Raises UserError outside the demonstration for a user's link, and for the wizard's where accounts exist.
    """
    if user is not None and not settings.XIEZHI_DEMO:
        raise UserError(
            "XZ-ACC-05",
            zh="登录链接只在演示环境有",
            en="sign-in links exist in the demonstration only",
            todo_zh="请用密码和第二因素登录",
            todo_en="sign in with a password and a second factor",
        )
    if user is None and User.objects.exists():
        raise UserError("XZ-ACC-06", zh="已经设置过了", en="the site is set up already", todo_zh="请登录", todo_en="sign in")
    secret, now = secrets.token_urlsafe(32), clock.now()
    link = SignInLink.objects.create(user=user, digest=_digest(secret), made_at=now, expires_at=now + timedelta(minutes=minutes))
    record(events.LINK_MADE, by=by, on=user or "accounts.signinlink", until=link.expires_at)
    return secret


def opens(secret: str) -> bool:
    """Whether the first-run link would work now. Looking at it uses nothing up."""
    return _usable(secret).filter(user__isnull=True).exists()


@transaction.atomic
def use(secret: str) -> SignInLink | None:
    """The link, used up; None if there is none, or it is too old, or somebody was faster."""
    # The condition and the change are one statement: of two who click at once, one finds nothing left.
    if not _usable(secret).update(used_at=clock.now()):
        return None
    return SignInLink.objects.select_related("user").get(digest=_digest(secret))


def was_one(secret: str) -> bool:
    """Whether a link of this secret was ever given, though it works no more."""
    return SignInLink.objects.filter(digest=_digest(secret)).exists()


def _usable(secret: str) -> models.QuerySet[SignInLink]:
    return SignInLink.objects.filter(digest=_digest(secret), used_at__isnull=True, expires_at__gt=clock.now())


def _digest(secret: str) -> str:
    """Of a secret of 256 bits: nothing slower is needed, nobody can try them all."""
    return hashlib.sha256(secret.encode()).hexdigest()
