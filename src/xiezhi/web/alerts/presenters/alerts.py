"""Rows of the list, the facts of an alert, its history, and its line of an export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.states import PROCESS
from xiezhi.web.kit import display
from xiezhi.web.language import localise
from xiezhi.web.lines import line_word
from xiezhi.web.matters.models import Proposal
from xiezhi.web.matters.presenters.matter import MoveShown
from xiezhi.web.matters.presenters.matter import moves as matter_moves
from xiezhi.web.matters.presenters.states import state_shown
from xiezhi.web.matters.queries.people import sees_by_place
from xiezhi.web.reveals.policies import Ticket, revealable, signed
from xiezhi.web.supervision.states import HitState


def kind_word(kind: str) -> str:
    words = {
        "person": _("人员"),
        "company": _("企业"),
        "party": _("采购参与方"),
        "process": _("采购过程"),
        "school": _("学校"),
        "hospital": _("医院"),
        "village": _("村（社区）"),
        "agent": _("业务员"),
        "lot": _("标段"),
    }
    return words.get(kind, kind)


def row(alert: Alert, today: date | None = None) -> dict[str, Any]:
    day = today or clock.today()
    return {
        "one": alert,
        "url": reverse("alerts:one", args=[alert.number]),
        "title": localise(alert.title),
        "sentence": localise(alert.sentence),
        "unit": unit_name(alert),
        "state": state_shown(PROCESS, alert.standing(day)),
        "hit": HitState(alert.hit_state),
        "age": max(0, (day - clock.local(alert.raised_at).date()).days),
        "line": line_word(alert.line),
        "gone": localise(alert.gone) if alert.hit_state == HitState.GONE else "",
    }


def rows(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    today = clock.today()
    return [row(alert, today) for alert in alerts]


def numbered(alert: Alert) -> str:
    """Its number and what it is, where one is chosen among several."""
    return f"{alert.number} {localise(alert.title)}"


def told_in_full(alert: Alert) -> str:
    """What a form about it is about: whoever signs must not have to remember a number."""
    return f"{localise(alert.title)} · {localise(alert.sentence)}"


NAMED_TOGETHER = 10


def told_together(alerts: Sequence[Alert]) -> str:
    """What a form about several is about: their numbers and titles, of many the first and how many more."""
    named = _("；").join(numbered(alert) for alert in alerts[:NAMED_TOGETHER])
    beyond = len(alerts) - NAMED_TOGETHER
    return _("%(named)s；另有 %(count)s 条") % {"named": named, "count": beyond} if beyond > 0 else named


def unit_name(alert: Alert) -> str:
    """Of the unit it stands at, told apart from others of its name."""
    return localise(alert.unit.full_title)


def placing(alert: Alert) -> str:
    """Why it stands at this unit, in words."""
    told = {
        "region": _("按行政区划代码 %(code)s 归属") % {"code": alert.region},
        "name": _("按单位名称“%(name)s”归属") % {"name": alert.unit_label},
        "line": _("没有可用的行政区划或单位，按业务条线归属主管部门"),
        "root": _("没有可用的行政区划、单位或主管部门，归属本级"),
    }
    return told.get(alert.placed_by, "")


def leading(alert: Alert) -> list[tuple[str, str]]:
    """What one asks first, under the sentence."""
    return [
        (_("归属单位"), unit_name(alert)),
        (_("金额"), f"{display.money(alert.amount)} {_('元')}" if alert.amount is not None else display.DASH),
        (_("所属期"), _period(alert)),
    ]


def _period(alert: Alert) -> str:
    first, last = alert.period_from, alert.period_to
    if first is None or last is None or first == last:
        return display.day(first or last)
    if first.day == last.day == 1:  # months, each by its first day
        return f"{first:%Y-%m} – {last:%Y-%m}"
    return f"{display.day(first)} – {display.day(last)}"


def facts(alert: Alert) -> list[tuple[str, str]]:
    """The block beside the sentence."""
    found = [
        (
            _("模型"),
            _("%(rule)s（模型第 %(version)s 版，情形 %(variant)s）")
            % {"rule": f"{alert.rule} {localise(alert.title)}", "version": alert.version, "variant": alert.variant},
        ),
        (_("业务条线"), line_word(alert.line)),
        (_("单位（交付时）"), alert.unit_label if not alert.unit_label.isdigit() else ""),
        (_("归属依据"), placing(alert)),
        (_("命中"), str(HitState(alert.hit_state).label)),
        (_("消失原因"), localise(alert.gone) if alert.hit_state == HitState.GONE else ""),
        (_("生成"), display.moment(alert.raised_at)),
        (_("最近更新"), display.moment(alert.renewed_at) if alert.renewed_at != alert.raised_at else ""),
        (_("运行"), _("首次第 %(first)s 次，最近第 %(run)s 次") % {"first": alert.first_run, "run": alert.run}),
    ]
    return [(name, value) for name, value in found if value]


def parties(alert: Alert, viewer: Viewer) -> list[dict[str, Any]]:
    """Subject and counterpart, each with the ticket to ask for a reveal where the viewer may."""
    found = [(_("主体"), alert.subject_kind, alert.subject_key, alert.subject_masked)]
    if alert.counterpart_key:
        found.append((_("相对方"), alert.counterpart_kind, alert.counterpart_key, alert.counterpart_masked))
    return [
        {"role": role, "kind": kind_word(kind), "masked": masked, "ticket": reveal_ticket(alert, key, masked, viewer)}
        for role, kind, key, masked in found
    ]


def reveal_ticket(alert: Alert, key: str, masked: str, viewer: Viewer) -> str:
    """Empty where the viewer may not ask: requests are seen by place alone, so not by whoever only has the alert in hand."""
    if alert.matter is not None and not sees_by_place(viewer, alert.matter):
        return ""
    if not viewer.can(Permission.REVEAL_REQUEST) or not revealable(key) or key in viewer.scope.recused:
        return ""
    return signed(Ticket(key, masked, alert.number), viewer)


def moves(alert: Alert, viewer: Viewer, waiting: Proposal | None, *, alone: bool) -> list[MoveShown]:
    """What this viewer may do with it now. `alone`: nothing else is known of the subject that it could be merged into."""
    matter = alert.matter
    if matter is None:
        return []
    if alert.standing() != alert.state:  # a snooze that has ended: the move ends it first
        matter.state = alert.standing()
    return [move for move in matter_moves(matter, viewer, waiting) if move.code != "merge" or not alone]


def relation(alert: Alert) -> dict[str, Any] | None:
    """Subject and counterpart as a picture, where two parties are involved."""
    if not alert.counterpart_key:
        return None
    nodes = [
        {"id": "s", "label": alert.subject_masked, "kind": alert.subject_kind, "level": alert.level, "main": True},
        {"id": "c", "label": alert.counterpart_masked, "kind": alert.counterpart_kind},
        {"id": "u", "label": unit_name(alert), "kind": "unit"},
    ]
    edges = [
        {"source": "s", "target": "c", "label": localise(alert.title)},
        {"source": "s", "target": "u", "label": _("归属单位")},
    ]
    return {"nodes": nodes, "edges": edges}
