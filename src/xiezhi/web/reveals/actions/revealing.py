"""Asking to reveal, agreeing or not, and opening once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.notices.actions.telling import settle, tell
from xiezhi.web.notices.models import WAITS
from xiezhi.web.reveals import events, gateway, queries
from xiezhi.web.reveals.models import RevealRequest
from xiezhi.web.reveals.policies import LAPSES, RevealWanted, Ticket, as_it_is, revealable
from xiezhi.web.reveals.states import RevealState, moved


@transaction.atomic
def ask(ticket: Ticket, *, purpose: str, case: str, by: Viewer) -> RevealRequest:
    """A request; at once open to its asker where a purpose is enough, else for a second person to agree to."""
    require(by, Permission.REVEAL_REQUEST)
    wanted = allowed(ticket, by)
    now = clock.now()
    one = RevealRequest.objects.create(
        kind=wanted.kind,
        number=wanted.number,
        subject_key=wanted.key,
        parties=list(wanted.parties),
        masked=wanted.masked,
        purpose=purpose,
        case_number=case,
        alert_number=wanted.alert,
        unit_path=wanted.unit_path,
        line=wanted.line,
        cadre_level=wanted.cadre,
        label=wanted.label,
        state=RevealState.ASKED if wanted.second_person else RevealState.APPROVED,
        asked_at=now,
        asked_by_id=by.person_id,
        asked_name=by.display_name,
        asked_unit=by.unit_name,
        lapses_at=now + LAPSES,
    )
    record(events.ASKED, by=by, on=one, why=purpose, case=case, alert=wanted.alert, kind=wanted.kind, label=wanted.label)
    if wanted.second_person:
        tell(
            to=queries.approvers(wanted, besides=by.person_id),
            title_zh=f"{by.display_name}申请揭示身份（{case}），等待批准",
            title_en=f"{by.display_name} asks to reveal an identity ({case})",
            url=reverse("reveals:one", args=[one.pk]),
            by=by,
            due=one.lapses_at,
            key=_waits(one),
        )
    return one


def _waits(one: RevealRequest) -> str:
    """The key of the notices that tell approvers of it."""
    return f"{WAITS}reveal:{one.pk}"


@transaction.atomic
def decide(request_id: UUID, *, agree: bool, why: str, by: Viewer) -> RevealRequest:
    """A second person agrees, or does not. Raises Conflict where somebody was quicker."""
    require(by, Permission.REVEAL_APPROVE)
    one = _locked(request_id, by)
    if one.asked_by_id == by.person_id:
        raise UserError(
            "XZ-REV-03", "不能批准自己的申请", "nobody approves their own request", "请另一位有权的人批准", "ask somebody else"
        )
    allowed(_ticket(one), by)
    before = one.state
    one.state = moved(one.state, RevealState.APPROVED if agree else RevealState.REFUSED)
    one.decided_at, one.decided_by_id, one.decided_name, one.decided_why = clock.now(), by.person_id, by.display_name, why
    one.save(update_fields=["state", "decided_at", "decided_by", "decided_name", "decided_why"])
    record(
        events.APPROVED if agree else events.REFUSED, by=by, on=one, why=why, before={"state": before}, after={"state": one.state}
    )
    settle(_waits(one))
    tell(
        to=[one.asked_by_id],
        title_zh=f"揭示申请（{one.case_number}）{'已同意，可以打开' if agree else '未获同意'}",
        title_en=f"Reveal ({one.case_number}) {'approved' if agree else 'refused'}",
        url=reverse("reveals:one", args=[one.pk]),
        by=by,
        key=f"reveal-decided:{one.pk}",
    )
    return one


@transaction.atomic
def open_once(request_id: UUID, *, by: Viewer) -> tuple[RevealRequest, str]:
    """The clear value, this once. The register, the trail and the vault's own log tell of it; none of them holds it."""
    require(by, Permission.REVEAL_REQUEST)
    one = _locked(request_id, by)
    if one.asked_by_id != by.person_id:
        raise UserError(
            "XZ-REV-04", "只有申请人能打开", "only whoever asked may open it", "由申请人打开", "let the asker open it"
        )
    state = moved(one.state, RevealState.OPENED)
    if allowed(_ticket(one), by).second_person and one.decided_by_id is None:
        raise UserError(
            "XZ-REV-08",
            "该预警的数据级别已提高，须第二人批准",
            "the alert's data is more delicate now; a second person has to agree",
            "从预警页面重新申请",
            "ask again from the alert",
        )
    one.state, one.opened_at = state, clock.now()
    one.save(update_fields=["state", "opened_at"])
    record(events.OPENED, by=by, on=one, why=one.purpose, case=one.case_number, alert=one.alert_number, kind=one.kind)
    value = gateway.value_of(one.kind, one.number, purpose=one.purpose, case=one.case_number, actor=by.username)
    if value is None:
        raise UserError(
            "XZ-REV-05",
            "身份库中没有这个号码，或已被销毁",
            "the vault does not know this number, or has forgotten it",
            "核对数据的销毁记录",
            "look at the record of erasures",
        )
    return one, value


def allowed(ticket: Ticket, by: Viewer) -> RevealWanted:
    """What the ticket asks for as it is now. UserError where the person must recuse themselves from it, or does not see it."""
    wanted = as_it_is(ticket, by)
    if not by.scope.concerns_none((ticket.key, *(wanted.parties if wanted else ()))):
        raise UserError(
            "XZ-REV-02",
            "您须对该主体回避，不能揭示",
            "you must recuse yourself from this subject",
            "由其他人办理",
            "let somebody else handle it",
        )
    if wanted is None or not revealable(wanted.key) or not wanted.seen_in(by.scope):
        raise UserError(
            "XZ-REV-06",
            "该主体不在您的可见范围内",
            "this subject is not within what you may see",
            "从预警页面重新发起",
            "begin again from the alert",
        )
    return wanted


def _ticket(one: RevealRequest) -> Ticket:
    return Ticket(one.subject_key, one.masked, one.alert_number)


def _locked(request_id: UUID, by: Viewer) -> RevealRequest:
    """The request, locked and seen by `by`. Raises DoesNotExist as if it were not there, UserError where it has lapsed."""
    one = seen_by(RevealRequest.objects.all(), by.scope).select_for_update().get(pk=request_id)
    if one.lapses_at <= clock.now():
        raise UserError("XZ-REV-07", "申请已过期", "the request has lapsed", "重新申请", "ask again")
    return one
