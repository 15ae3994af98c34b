"""Proposing a change of a model. What it rests on goes with it: the try, and the values it was tried against."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.queries import holders
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.notices.actions.telling import tell
from xiezhi.web.notices.models import WAITS
from xiezhi.web.supervision import events, queries
from xiezhi.web.supervision.actions.rules import rule_of
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.models import Change, WhatIf
from xiezhi.web.supervision.states import NEXT_STATUS, Conflict, Ending, RuleStatus, What


@transaction.atomic
def propose_parameters(*, by: Viewer, what_if: UUID, reason: str) -> Change:
    """Propose the values of a try. Raises Conflict where the model or its values are no longer those it was tried with."""
    require(by, Permission.RULE_PROPOSE)
    tried = queries.what_if(what_if)
    rule = rule_of(tried.rule)
    in_force = queries.site().values(rule)
    before = {name: tried.before.get(name) for name in tried.changed}
    if tried.ending != Ending.DONE:
        raise UserError(
            "XZ-SUP-05",
            zh="这次试算没有算出结果，不能据此提出变更",
            en="this try came to no result: no change can rest on it",
            todo_zh="看明原因后重新试算",
            todo_en="see why, and try again",
        )
    if tried.version != rule.version or any(in_force.get(name) != value for name, value in before.items()):
        raise _outdated()
    return _propose(by, rule, What.PARAMETERS, before, tried.changed, reason, tried)


@transaction.atomic
def propose_status(*, by: Viewer, code: str, status: RuleStatus, reason: str) -> Change:
    """Propose another status. Raises UserError for one that does not follow the present one."""
    require(by, Permission.RULE_PROPOSE)
    rule = rule_of(code)
    now = queries.site().status(rule)
    if status not in NEXT_STATUS[now]:
        raise UserError(
            "XZ-SUP-06",
            zh=f"模型现为“{now.label}”，不能直接改为“{status.label}”",
            en=f"the model is {now.value}: it cannot become {status.value} from there",
            todo_zh="停用或草稿的模型须先试运行，再启用",
            todo_en="a draft or retired model goes on trial first",
        )
    return _propose(by, rule, What.STATUS, {"status": now.value}, {"status": status.value}, reason, None)


def _propose(
    by: Viewer,
    rule: RuleDescription,
    what: What,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    what_if: WhatIf | None,
) -> Change:
    if not reason.strip():
        raise UserError(
            "XZ-SUP-07", zh="请写明理由", en="a reason is needed", todo_zh="填写变更理由", todo_en="say why it should change"
        )
    change = Change(
        rule=rule.code,
        version=rule.version,
        what=what,
        before=before,
        after=after,
        reason=reason.strip()[:500],
        what_if=what_if,
        proposed_by_id=by.person_id,
        proposed_by_name=by.display_name,
        proposed_by_unit=by.unit_name,
        proposed_at=clock.now(),
    )
    # The unique index decides between two that propose at once; asking first would not.
    Change.objects.bulk_create([change], ignore_conflicts=True)
    if not Change.objects.filter(pk=change.pk).exists():
        raise Conflict(
            "XZ-SUP-08",
            zh="该模型已有一项变更等待批准",
            en="a change of this model is already waiting for a decision",
            todo_zh="等它批准、退回或撤回之后再提",
            todo_en="wait until that one is decided or withdrawn",
        )
    record(events.PROPOSED, by=by, on=change, why=change.reason, before=before, after=after)
    tell(
        to=[one for one in holders(Permission.RULE_APPROVE) if one != by.user_id],
        title_zh=f"{by.display_name} 提出变更模型“{rule.title.zh}”，等待批准",
        title_en=f"{by.display_name} proposed a change of the model “{rule.title.en}”: it waits for approval",
        url=reverse("supervision:change", args=[change.pk]),
        by=by,
        key=f"{WAITS}change:{change.pk}",
    )
    return change


def _outdated() -> Conflict:
    return Conflict(
        "XZ-SUP-09",
        zh="试算之后模型版本或现行参数已变，结果不再适用",
        en="the model or its values in force have changed since it was tried: the result no longer holds",
        todo_zh="重新试算",
        todo_en="try again",
    )
