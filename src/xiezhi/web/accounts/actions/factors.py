"""Resetting a lost second factor: the system administrator asks, the security administrator confirms who it is for."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.actions.people import refuse_self
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import FactorReset, SignedInSession, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def ask_reset(*, user_id: int, by: Viewer, why: str) -> FactorReset:
    """Nothing changes until another administrator confirms."""
    require(by, Permission.ACCOUNT_CREATE)
    refuse_self(by, user_id)
    user = User.objects.get(pk=user_id)
    try:
        with transaction.atomic():
            asked = FactorReset.objects.create(user=user, why=why, asked_at=clock.now(), asked_by=by.username)
    except IntegrityError as twice:
        raise UserError(
            "XZ-ACC-02",
            zh="已经申请过，正等待安全保密管理员确认",
            en="it was asked for already and waits to be confirmed",
            todo_zh="请联系安全保密管理员",
            todo_en="ask the security administrator",
        ) from twice
    record(events.FACTOR_RESET_ASKED, by=by, on=user, why=why)
    return asked


@transaction.atomic
def settle_reset(*, reset_id: int, granted: bool, by: Viewer, why: str) -> FactorReset:
    """Granted: every factor of the person is gone and every session ended; they enrol anew at the next sign-in."""
    require(by, Permission.POST_GRANT)
    reset = FactorReset.objects.select_for_update(of=("self",)).select_related("user").get(pk=reset_id)
    refuse_self(by, reset.user_id)
    if reset.granted is not None:
        raise UserError(
            "XZ-ACC-03",
            zh="已经办过了",
            en="this was settled already",
            todo_zh="请刷新页面",
            todo_en="reload the page",
        )
    if reset.asked_by == by.username:
        raise UserError(
            "XZ-ACC-04",
            zh="申请的人不能确认",
            en="whoever asked cannot confirm",
            todo_zh="请另一位管理员办理",
            todo_en="ask another administrator",
        )
    reset.granted, reset.settled_at, reset.settled_by = granted, clock.now(), by.username
    reset.save(update_fields=["granted", "settled_at", "settled_by"])
    if granted:
        Authenticator.objects.filter(user_id=reset.user_id).delete()
        SignedInSession.objects.filter(user_id=reset.user_id).delete()
    record(
        events.FACTOR_RESET_DONE if granted else events.FACTOR_RESET_REFUSED,
        by=by,
        on=reset.user,
        why=why,
        asked_by=reset.asked_by,
    )
    return reset
