"""Deciding on a proposed change: by somebody other than its proposer, and exactly once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.notices.actions.telling import settle, tell
from xiezhi.web.notices.models import WAITS
from xiezhi.web.supervision import events, gateway, queries
from xiezhi.web.supervision.actions.rules import rule_of
from xiezhi.web.supervision.models import Change, ParameterSetting, StatusSetting
from xiezhi.web.supervision.states import MOVES, Conflict, Hand, What, moved


@transaction.atomic
def approve(*, by: Viewer, change: UUID, why: str = "") -> Change:
    """Put it in force: from the next run on. Raises Conflict where the model or its values are not what they were."""
    row = _moved(by, change, "approve", why)
    _still_fits(row)
    _put_in_force(row)
    _tell_proposer(row, by, "已批准", "approved")
    return row


@transaction.atomic
def return_to_proposer(*, by: Viewer, change: UUID, why: str) -> Change:
    if not why.strip():
        raise UserError(
            "XZ-SUP-10", zh="退回须说明原因", en="returning needs a reason", todo_zh="填写退回原因", todo_en="say why"
        )
    row = _moved(by, change, "return", why)
    _tell_proposer(row, by, "已退回", "returned")
    return row


@transaction.atomic
def withdraw(*, by: Viewer, change: UUID, why: str = "") -> Change:
    return _moved(by, change, "withdraw", why)


def _moved(by: Viewer, number: UUID, move: str, why: str) -> Change:
    wanted = MOVES[move]
    require(by, wanted.mover)
    row = Change.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise Http404
    before = row.state
    row.state = moved(before, move)
    _right_hand(row, by, wanted.hand)
    row.decided_at, row.decision = clock.now(), why.strip()[:500]
    if wanted.hand is Hand.ANOTHER:
        row.decided_by_id, row.decided_by_name = by.person_id, by.display_name
    row.save(update_fields=["state", "decided_at", "decision", "decided_by", "decided_by_name"])
    record(
        events.BY_MOVE[move], by=by, on=row, why=row.decision, before={"state": before}, after={"state": row.state, **row.after}
    )
    settle(f"{WAITS}change:{row.pk}")
    return row


def _right_hand(row: Change, by: Viewer, hand: Hand) -> None:
    mine = row.proposed_by_id == by.user_id
    if mine and hand is Hand.ANOTHER:
        raise UserError(
            "XZ-SUP-11",
            zh="提出人不能决定自己提出的变更",
            en="whoever proposed a change does not decide on it",
            todo_zh="请另一位有批准权限的人办理",
            todo_en="ask another person who may approve",
        )
    if not mine and hand is Hand.PROPOSER:
        raise UserError(
            "XZ-SUP-12",
            zh="只有提出人可以撤回",
            en="only who proposed it may withdraw it",
            todo_zh="不同意时请退回",
            todo_en="return it if you do not agree",
        )


def _still_fits(row: Change) -> None:
    """What was proposed was tried against certain values of a certain version: it is approved over those or not at all."""
    rule, site = rule_of(row.rule), queries.site()
    if row.what == What.STATUS:
        fits = row.before == {"status": site.status(rule).value}
    else:
        gateway.settled(row.rule, {**site.overrides(row.rule), **row.after})
        in_force = site.values(rule)
        fits = all(in_force.get(name) == value for name, value in row.before.items())
    if not fits or row.version != rule.version:
        raise Conflict(
            "XZ-SUP-13",
            zh="提出之后模型版本或现行值已变，不能再批准",
            en="the model or its values in force have changed since this was proposed: it can no longer be approved",
            todo_zh="退回，请提出人重新试算后再提",
            todo_en="return it; its proposer tries and proposes anew",
        )


def _put_in_force(row: Change) -> None:
    since = row.decided_at
    if row.what == What.STATUS:
        values = {"status": row.after["status"], "from_change": row, "in_force_since": since}
        StatusSetting.objects.update_or_create(rule=row.rule, defaults=values)
        return
    for name, value in row.after.items():
        values = {"value": value, "from_change": row, "in_force_since": since}
        ParameterSetting.objects.update_or_create(rule=row.rule, name=name, defaults=values)


def _tell_proposer(row: Change, by: Viewer, zh: str, en: str) -> None:
    rule = rule_of(row.rule)
    tell(
        to=[row.proposed_by_id],
        title_zh=f"您提出的模型“{rule.title.zh}”变更{zh}",
        title_en=f"Your change of the model “{rule.title.en}” was {en}",
        url=reverse("supervision:change", args=[row.pk]),
        by=by,
        key=f"change:{row.pk}:{row.state}",
    )
