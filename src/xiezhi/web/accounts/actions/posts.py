"""Rights are given by granting a post and taken by ending it: always by another administrator than made the account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.actions.people import refuse_self
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Post, Unit, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.placing import refuse_misplaced
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def grant(
    *,
    user: User,
    unit: Unit,
    role: RoleCode,
    by: Viewer,
    why: str,
    title: str = "",
    lines: Sequence[str] = (),
    cadre_authority: int = 0,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Post:
    """Give a person a post. Raises UserError where the account's duty is another, the same administrator made the account, or the
    role cannot be held in that unit.
    """
    require(by, Permission.POST_GRANT)
    refuse_self(by, user.pk)
    duty = ROLES[role].duty
    if duty != user.duty:
        raise UserError(
            "XZ-ACC-08",
            f"{user.display_name} 的账号不能担任{ROLES[role].zh}",
            f"{user.username} cannot hold {ROLES[role].en}",
            "一个账号只担一种职责：请另建账号",
            "one account has one duty: create another account",
        )
    if user.created_by == by.username:
        raise UserError(
            "XZ-ACC-09",
            "建账号的人不能授权",
            "whoever created the account cannot grant it rights",
            "请另一位管理员授权",
            "ask another administrator",
        )
    if unit.closed_on is not None:
        raise UserError(
            "XZ-ACC-10", f"{unit.name}已撤销", f"{unit.title.en} is closed", "请选仍在的单位", "choose a unit that is open"
        )
    refuse_misplaced(role, unit)
    begins = starts_on or clock.today()
    post, made = Post.objects.get_or_create(
        user=user,
        unit=unit,
        role=role,
        starts_on=begins,
        defaults={
            "duty": duty,
            "title": title,
            "lines": list(lines),
            "cadre_authority": cadre_authority,
            "ends_on": ends_on,
            "granted_at": clock.now(),
            "granted_by": by.username,
            "account_created_by": user.created_by,
        },
    )
    if not made:
        raise UserError(
            "XZ-ACC-17",
            f"{user.display_name} 从 {begins} 起已有这个岗位",
            f"{user.username} holds this post from {begins} on already",
            "看此人的岗位；要改授权，先结束它",
            "look at the posts of this person; to change one, end it first",
        )
    record(
        events.POST_GRANTED,
        by=by,
        on=user,
        why=why,
        after={
            "role": role,
            "unit": unit.code,
            "lines": list(lines),
            "from": post.starts_on,
            "until": ends_on,
            "cadre_authority": cadre_authority,
        },
    )
    return post


@transaction.atomic
def end(*, post_id: int, by: Viewer, why: str) -> Post:
    """Take the post away from today on; it never reaches back over days on which it was held."""
    require(by, Permission.POST_GRANT)
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=post_id)
    refuse_self(by, post.user_id)
    today = clock.today()
    if post.starts_on >= today:
        record(events.POST_ENDED, by=by, on=post.user, why=why, before={"role": post.role, "unit": post.unit.code})
        post.delete()
        return post
    post.ends_on = today
    post.save(update_fields=["ends_on"])
    record(events.POST_ENDED, by=by, on=post.user, why=why, after={"role": post.role, "unit": post.unit.code, "ends_on": today})
    return post
