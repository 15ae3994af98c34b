"""Accounts are created by the system administrator, and do nothing until the security administrator grants a post."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts import events
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import PastPassword, Recusal, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def create(*, username: str, display_name: str, staff_number: str, duty: Duty, password: str | None, by: Viewer,
           expires_on: date | None = None) -> User:  # fmt: skip
    """A new account with a password to be changed at first sign-in; None: no password works until one is set."""
    require(by, Permission.ACCOUNT_CREATE)
    user = User(username=username, display_name=display_name, staff_number=staff_number, duty=duty, created_at=clock.now(),
                created_by=by.username, expires_on=expires_on)  # fmt: skip
    user.set_password(password)
    user.save()
    record(events.CREATED, by=by, on=user, after={"username": username, "duty": duty, "expires_on": expires_on})
    return user


@transaction.atomic
def set_active(*, user_id: int, active: bool, by: Viewer, why: str) -> User:
    """Disable or enable. A disabled person's next request is already refused."""
    require(by, Permission.ACCOUNT_DISABLE)
    user = User.objects.select_for_update().get(pk=user_id)
    before, user.is_active = user.is_active, active
    user.save(update_fields=["is_active"])
    record(events.ENABLED if active else events.DISABLED, by=by, on=user, why=why, before={"active": before}, after={"active": active})
    return user


@transaction.atomic
def set_clearance(*, user_id: int, clearance: int, by: Viewer, why: str) -> User:
    """密级许可: the highest label a person may see, whatever the post."""
    require(by, Permission.POST_GRANT)
    user = User.objects.select_for_update().get(pk=user_id)
    before, user.clearance = user.clearance, clearance
    user.save(update_fields=["clearance"])
    record(events.CLEARED, by=by, on=user, why=why, before={"clearance": before}, after={"clearance": clearance})
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: Viewer, given: bool = False) -> None:
    """Set a password, remember the old one's digest. `given`: by an administrator, so it must be changed at the next sign-in."""
    if given:
        require(by, Permission.ACCOUNT_CREATE)
    now = clock.now()
    if user.has_usable_password():
        PastPassword.objects.create(user=user, digest=user.password, replaced_at=now)
    user.set_password(password)
    user.password_changed_at, user.must_change_password = now, given
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    record(events.PASSWORD_RESET if given else events.PASSWORD_CHANGED, by=by, on=user)


@transaction.atomic
def declare_recusal(*, user: User, subject_key: str, relation: str, by: Viewer) -> Recusal:
    """From the next request on, the person sees nothing that concerns this subject."""
    recusal, _new = Recusal.objects.get_or_create(
        user=user, subject_key=subject_key, defaults={"relation": relation, "declared_at": clock.now(), "declared_by": by.username}
    )
    record(events.RECUSAL_DECLARED, by=by, on=user, subject=subject_key, relation=relation)
    return recusal
