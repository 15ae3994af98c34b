"""What the templates are given: rows of the list, the facts of an alert, its evidence with everything personal masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.masking import discreet
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert, History
from xiezhi.web.alerts.states import MOVES
from xiezhi.web.kit import display
from xiezhi.web.reveals.gateway import mask_all
from xiezhi.web.reveals.policies import Wanted as RevealWanted
from xiezhi.web.reveals.policies import revealable, ticket
from xiezhi.web.supervision.states import HitState, Outcome, line_word

DELICATE_COLUMN = 2
HIDDEN = "******"


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


def said(words: Any) -> str:
    """A text of the content in the language of the page."""
    return str(words.en if (get_language() or "").startswith("en") else words.zh)


def listed(words: Any) -> list[str]:
    """Several points of the content in the language of the page."""
    return list(words.en if (get_language() or "").startswith("en") else words.zh)


def row(alert: Alert, today: date | None = None) -> dict[str, Any]:
    day = today or clock.now().date()
    return {
        "one": alert,
        "url": reverse("alerts:one", args=[alert.number]),
        "title": said(alert.title),
        "sentence": said(alert.sentence),
        # A region code says less than the name of the region it was placed at.
        "unit": alert.unit.name if alert.placed_by == "region" and alert.unit_label.isdigit() else alert.unit_label,
        "state": alert.standing(day),
        "hit": HitState(alert.hit_state),
        "age": max(0, (day - alert.raised_at.date()).days),
        "line": line_word(alert.line),
    }


def rows(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    today = clock.now().date()
    return [row(alert, today) for alert in alerts]


def placing(alert: Alert) -> str:
    """Why it stands at this unit, in words."""
    told = {
        "region": _("按行政区划代码 %(code)s 归属") % {"code": alert.region},
        "name": _("按单位名称“%(name)s”归属") % {"name": alert.unit_label},
        "line": _("没有可用的行政区划或单位，按业务条线归属主管部门"),
        "root": _("没有可用的行政区划、单位或主管部门，归属本级"),
    }
    return told.get(alert.placed_by, "")


def facts(alert: Alert) -> list[tuple[str, str]]:
    """The block beside the sentence."""
    period = f"{display.day(alert.period_from)} – {display.day(alert.period_to)}" if alert.period_from else display.DASH
    return [
        (_("模型"), f"{alert.rule} {said(alert.title)}（v{alert.version}·{alert.variant}）"),
        (_("业务条线"), str(line_word(alert.line))),
        (_("单位（交付时）"), alert.unit_label or display.DASH),
        (_("归属单位"), f"{alert.unit.name}：{placing(alert)}"),
        (_("所属期"), period),
        (_("金额"), f"{display.money(alert.amount)} {_('元')}" if alert.amount is not None else display.DASH),
        (_("命中"), str(HitState(alert.hit_state).label)),
        (_("生成"), display.moment(alert.raised_at)),
        (_("最近更新"), display.moment(alert.renewed_at)),
        (_("运行"), _("首次第 %(first)s 次，最近第 %(run)s 次") % {"first": alert.first_run, "run": alert.run}),
    ]


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
    if not viewer.can(Permission.REVEAL_REQUEST) or not revealable(key) or key in viewer.scope.recused:
        return ""
    wanted = RevealWanted(key, masked, alert.number, alert.unit_path, alert.line, alert.cadre_level, alert.label)
    return ticket(wanted, viewer)


def moves(alert: Alert, viewer: Viewer) -> list[str]:
    """What this viewer may do with it now."""
    now = alert.standing()
    return [name for name, move in MOVES.items() if now in move.before and viewer.can(move.mover)]


ICONS = {
    "dismiss": "check",
    "reopen": "undo",
    "snooze": "snooze",
    "wake": "play",
    "merge": "merge",
    "changed": "edit",
    "gone": "minus",
    "back": "refresh",
    "woken": "bell",
    "raised": "flag",
}
TONES = {"dismiss": "good", "reopen": "warn", "gone": "", "changed": "warn", "woken": "warn", "back": "warn"}


def timeline(alert: Alert, lines: Sequence[History]) -> list[dict[str, Any]]:
    words = {
        "dismiss": _("了结"),
        "reopen": _("重新打开"),
        "snooze": _("暂缓"),
        "wake": _("结束暂缓"),
        "merge": _("并入"),
        "changed": _("命中有变化"),
        "gone": _("命中已消失"),
        "back": _("命中再次出现"),
        "woken": _("级别上升，提前恢复"),
    }
    told = [
        {
            "what": " ".join(filter(None, [words.get(line.what, line.what), _said_after(line)])),
            "at": line.at,
            "by": " ".join(filter(None, [line.by_name, line.by_unit])) or _("系统"),
            "why": line.why,
            "icon": ICONS.get(line.what, "check"),
            "tone": TONES.get(line.what, ""),
        }
        for line in lines
    ]
    return [*told, {"what": _("生成预警"), "at": alert.raised_at, "by": _("系统"), "why": "", "icon": "flag", "tone": ""}]


def _said_after(line: History) -> str:
    after = line.after
    if after.get("outcome"):
        return str(Outcome(after["outcome"]).label)
    if "into" in after:
        return str(after["into"])
    if "until" in after:
        return _("至 %(day)s") % {"day": after["until"]}
    return "；".join(f"{line.before.get(name)} → {value}" for name, value in after.items()) if line.what == "changed" else ""


def conditions(shown: Iterable[Any]) -> list[dict[str, Any]]:
    """One by one: the value, the bound, how far apart, and the smallest change that would undo it."""
    found = []
    for one in shown:
        value, bound = discreet(one.name, one.value), one.bound
        found.append(
            {
                "words": said(one.words),
                "value": _plain(value),
                "op": one.op,
                "bound": _plain(bound),
                "holds": one.holds,
                "distance": None if one.distance is None else _plain(abs(one.distance)),
                "undo": _undo(one),
            }
        )
    return found


def _undo(one: Any) -> str:
    if one.holds is not True or one.distance is None:
        return ""
    whole = float(one.distance).is_integer() and isinstance(one.value, int)
    step = abs(one.distance) + (1 if whole and one.op in (">=", "<=") else 0)
    if one.op in (">=", ">"):
        return _("少 %(n)s 即不成立") % {"n": _plain(step)}
    if one.op in ("<=", "<"):
        return _("多 %(n)s 即不成立") % {"n": _plain(step)}
    return ""


def smallest_undo(shown: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The condition that is nearest to turning, relative to its bound."""
    near = [one for one in shown if one["undo"]]
    return min(near, key=lambda one: float(str(one["distance"]).replace(",", "") or 0)) if near else None


def _plain(value: Any) -> str:
    if value is None:
        return display.DASH
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float):
        return display.number(round(value, 4))
    return display.number(value) if isinstance(value, int) else str(value)


def evidence_rows(standing: Sequence[Any], label: int, viewer: Viewer) -> list[dict[str, Any]]:
    """The delivered rows, table by table, down to file, sheet and line. Identities masked, days of birth cut to the year."""
    masks = _masks(standing)
    tables: dict[str, dict[str, Any]] = {}
    for one in standing:
        table = tables.setdefault(one.fact, {"title": said(one.title), "rows": []})
        cells = [(said(cell.title), _cell(cell, one, masks, viewer)) for cell in one.shown]
        place = " · ".join(str(part) for part in (one.file, one.member, one.sheet) if part)
        table["rows"].append({"place": place, "delivery": one.delivery, "line": one.row, "cells": cells})
    return list(tables.values())


def _masks(standing: Sequence[Any]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for one in standing:
        for cell in one.shown:
            value = one.values.get(cell.column)
            if cell.identity and isinstance(value, int):
                wanted.setdefault(cell.identity, set()).add(value)
    return {(kind, number): text for kind, numbers in wanted.items() for number, text in mask_all(kind, sorted(numbers)).items()}


def _cell(cell: Any, one: Any, masks: dict[tuple[str, int], str], viewer: Viewer) -> str:
    if cell.identity:
        return masks.get((cell.identity, one.values.get(cell.column)), HIDDEN)
    if cell.classification in ("restricted", "confidential") and viewer.scope.clearance < DELICATE_COLUMN:
        return HIDDEN
    return str(discreet(cell.column, said(cell.value)))


def relation(alert: Alert) -> dict[str, Any] | None:
    """Subject and counterpart as a picture, where two parties are involved."""
    if not alert.counterpart_key:
        return None
    nodes = [
        {"id": "s", "label": alert.subject_masked, "kind": alert.subject_kind, "level": alert.level, "main": True},
        {"id": "c", "label": alert.counterpart_masked, "kind": alert.counterpart_kind},
        {"id": "u", "label": alert.unit.name, "kind": "unit"},
    ]
    edges = [
        {"source": "s", "target": "c", "label": said(alert.title)},
        {"source": "s", "target": "u", "label": _("归属单位")},
    ]
    return {"nodes": nodes, "edges": edges}


def export_heads() -> list[str]:
    """The columns of an export."""
    return [
        _("编号"),
        _("级别"),
        _("模型"),
        _("情形"),
        _("主体"),
        _("相对方"),
        _("单位"),
        _("归属单位代码"),
        _("金额（元）"),
        _("所属期自"),
        _("所属期至"),
        _("命中"),
        _("状态"),
        _("结论"),
        _("生成"),
    ]


def export_cells(alert: Alert) -> list[str | float | None]:
    """An alert as one line of an export: what the screen shows, no more."""
    shown = row(alert)
    return [
        alert.number,
        str(alert.get_level_display()),
        f"{alert.rule} {shown['title']}",
        shown["sentence"],
        alert.subject_masked,
        alert.counterpart_masked,
        alert.unit_label,
        alert.region,
        None if alert.amount is None else alert.amount / 100,
        display.day(alert.period_from),
        display.day(alert.period_to),
        str(shown["hit"].label),
        str(shown["state"].label),
        str(alert.get_outcome_display()) if alert.outcome else "",
        display.moment(alert.raised_at),
    ]
