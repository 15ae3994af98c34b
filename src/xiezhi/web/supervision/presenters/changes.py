"""A change as a person reads it, and the buttons it has for them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.language import localise
from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.models import Change
from xiezhi.web.supervision.presenters.values import differences
from xiezhi.web.supervision.states import MOVES, ChangeState, Hand, What


def row(change: Change) -> dict[str, Any]:
    rule = gateway.rules().get(change.rule)
    state = ChangeState(change.state)
    return {
        "change": change,
        "title": localise(rule.title) if rule else change.rule,
        "what": What(change.what).label,
        "state": state.label,
        "tone": state.tone,
        "differences": differences(rule, change.before, change.after),
    }


def buttons(change: Change, viewer: Viewer) -> list[dict[str, Any]]:
    """The moves this person may make now."""
    mine = change.proposed_by_id == viewer.user_id
    return [
        {
            "word": move.word,
            "url": reverse("supervision:move", args=[change.pk, name]),
            "css": {"approve": "btn-primary", "return": "btn-danger"}.get(name, "btn-plain"),
        }
        for name, move in MOVES.items()
        if change.state in move.before and viewer.can(move.mover) and mine is (move.hand is Hand.PROPOSER)
    ]


def why_not(change: Change, viewer: Viewer) -> str:
    """Why the proposer, who may approve others', has no such button here."""
    mine = change.proposed_by_id == viewer.user_id
    if change.state == ChangeState.PROPOSED and mine and viewer.can(MOVES["approve"].mover):
        return _("您是提出人，须由另一位有批准权限的人批准。")
    return ""


def history(change: Change) -> list[dict[str, Any]]:
    """Newest first, for `kit/timeline.html`."""
    words = {
        ChangeState.APPLIED: (_("批准，自下一次运行起生效"), "check", "good"),
        ChangeState.RETURNED: (_("退回修改"), "undo", "bad"),
        ChangeState.WITHDRAWN: (_("撤回"), "undo", ""),
    }
    proposed = {
        "what": _("提出"),
        "at": change.proposed_at,
        "by": " · ".join(filter(None, (change.proposed_by_name, change.proposed_by_unit))),
        "why": change.reason,
        "icon": "edit",
    }
    state = ChangeState(change.state)
    if state not in words:
        return [proposed]
    what, icon, tone = words[state]
    decided = {
        "what": what,
        "at": change.decided_at,
        "by": change.decided_by_name or change.proposed_by_name,
        "why": change.decision,
        "icon": icon,
        "tone": tone,
    }
    return [decided, proposed]
