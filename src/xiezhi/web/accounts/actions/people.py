"""Accounts are created by the system administrator, and do nothing until the security administrator grants a post."""

from __future__ import annotations

from datetime import date, timedelta

from axes.models import AccessAttempt
from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.factors import has_factor
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import FactorReset, PastPassword, SignedInSession, User, normal_staff_number, normal_username
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def create(
    *,
    username: str,
    display_name: str,
    staff_number: str,
    duty: Duty,
    password: str | None,
    by: Viewer,
    expires_on: date | None = None,
) -> User:
    """A new account with a password to be changed at first sign-in; None: no password works until one is set."""
    require(by, Permission.ACCOUNT_CREATE)
    user = User(
        username=normal_username(username),
        display_name=display_name,
        staff_number=normal_staff_number(staff_number),
        duty=duty,
        created_at=clock.now(),
        created_by=by.username,
        expires_on=expires_on,
    )
    user.set_password(password)
    user.save()
    record(events.CREATED, by=by, on=user, after={"username": user.username, "duty": duty, "expires_on": expires_on})
    return user


@transaction.atomic
def set_active(*, user_id: int, active: bool, by: Viewer, why: str) -> User:
    """Disable or enable. A disabled person's next request is already refused."""
    require(by, Permission.ACCOUNT_DISABLE)
    refuse_self(by, user_id)
    user = User.objects.select_for_update().get(pk=user_id)
    before, user.is_active = user.is_active, active
    user.save(update_fields=["is_active"])
    record(
        events.ENABLED if active else events.DISABLED,
        by=by,
        on=user,
        why=why,
        before={"active": before},
        after={"active": active},
    )
    return user


@transaction.atomic
def set_clearance(*, user_id: int, clearance: int, by: Viewer, why: str) -> User:
    """密级许可: the highest label a person may see, whatever the post."""
    require(by, Permission.POST_GRANT)
    refuse_self(by, user_id)
    user = User.objects.select_for_update().get(pk=user_id)
    before, user.clearance = user.clearance, clearance
    user.save(update_fields=["clearance"])
    record(events.CLEARED, by=by, on=user, why=why, before={"clearance": before}, after={"clearance": clearance})
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: Viewer, given: bool = False, keep: str = "") -> None:
    """Set a password, remember the old one's digest, and end the person's other sessions; `keep`: the key of one that goes on.

    `given`: by an administrator, so it must be changed at the next sign-in.
    """
    if given:
        require(by, Permission.ACCOUNT_CREATE)
        refuse_self(by, user.pk)
        _refuse_alone(user)
    now = clock.now()
    if user.has_usable_password():
        PastPassword.objects.create(user=user, digest=user.password, replaced_at=now)
    user.set_password(password)
    user.password_changed_at, user.must_change_password = now, given
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    SignedInSession.objects.filter(user=user).exclude(session_key=keep).delete()
    record(events.PASSWORD_RESET if given else events.PASSWORD_CHANGED, by=by, on=user)


CONFIRMED = timedelta(days=1)
"""For so long after it was confirmed whose second factor is enrolled anew, a password may be given once."""


def _refuse_alone(user: User) -> None:
    """Whoever has the password of an account without a second factor enrols one, and is that person from then on.

    So an account with a post gets one from a single hand only while its factor stands; else the reset of the factor, which
    another administrator confirms, goes first. Before it has a post it can do nothing, and whoever grants one sees its factors.
    """
    if has_factor(user) or not user.posts.exists():
        return
    confirmed = FactorReset.objects.filter(user=user, granted=True, settled_at__gt=clock.now() - CONFIRMED)
    if user.password_changed_at is not None:
        confirmed = confirmed.filter(settled_at__gt=user.password_changed_at)
    if not confirmed.exists():
        raise UserError(
            "XZ-ACC-18",
            "此账号有岗位而没有第二因素,只凭密码就能进入",
            "this account has a post and no second factor: the password alone would open it",
            "先申请重置第二因素,由安全保密管理员确认后再重置密码",
            "ask for its second factor to be reset first; once the security administrator has confirmed, reset the password",
        )


@transaction.atomic
def unlock(*, user_id: int, by: Viewer, why: str) -> int:
    """Forget the failures counted against an account, before the time they would be forgotten anyway."""
    require(by, Permission.ACCOUNT_CREATE)
    user = User.objects.get(pk=user_id)
    forgotten, _by_model = AccessAttempt.objects.filter(username=user.username).delete()
    record(events.UNLOCKED, by=by, on=user, why=why, failures=forgotten)
    return int(forgotten)


@transaction.atomic
def note_look(*, user: User, by: Viewer) -> None:
    """Somebody opened another person's account: that leaves an event like every look at a person."""
    if by.user_id != user.pk:
        record(events.LOOKED_AT_ACCOUNT, by=by, on=user)


@transaction.atomic
def set_language(*, user: User, language: str, by: Viewer) -> None:
    _set_taste(user, "language", language, by)


@transaction.atomic
def set_theme(*, user: User, theme: str, by: Viewer) -> None:
    _set_taste(user, "theme", theme, by)


def _set_taste(user: User, name: str, value: str, by: Viewer) -> None:
    before = getattr(user, name)
    if before == value:
        return
    setattr(user, name, value)
    user.save(update_fields=[name])
    record(events.SETTINGS_CHANGED, by=by, on=user, before={name: before}, after={name: value})


def refuse_self(by: Viewer, user_id: int) -> None:
    """Nobody gives to themselves, nor takes: it would be one hand where two are meant."""
    if by.user_id is not None and by.user_id == user_id:
        raise UserError(
            "XZ-ACC-01",
            zh="不能对自己的账号做这件事",
            en="this cannot be done to one's own account",
            todo_zh="请另一位管理员办理",
            todo_en="ask another administrator",
        )
