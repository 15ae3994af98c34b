"""One matter: what can be done with it, its clocks, what waits for signatures, and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.kit import display
from xiezhi.web.language import localise, page_language
from xiezhi.web.matters import gateway
from xiezhi.web.matters.gateway import FieldKind, FormField, Process
from xiezhi.web.matters.models import Matter, MatterClock, Proposal, Step
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.policies.hands import refusal
from xiezhi.web.matters.policies.signatures import may_sign
from xiezhi.web.matters.queries.matters import last_makers, matters

TONES = {StepKind.DECLINED: "bad", StepKind.REMINDED: "warn", StepKind.ESCALATED: "bad", StepKind.SIGNED: "good"}
ICONS = {
    StepKind.BEGUN: "flag",
    StepKind.MOVED: "check",
    StepKind.PROPOSED: "upload",
    StepKind.SIGNED: "check",
    StepKind.DECLINED: "undo",
    StepKind.WITHDRAWN: "undo",
    StepKind.REMINDED: "bell",
    StepKind.ESCALATED: "bell",
}


@dataclass(frozen=True)
class MoveShown:
    """A move that the viewer may make now."""

    code: str
    title: str
    danger: bool


def moves(matter: Matter, viewer: Viewer, proposal: Proposal | None) -> list[MoveShown]:
    """What the viewer may do with it now, in the order of the process; nothing while it waits for signatures."""
    if proposal is not None:
        return []
    process = gateway.process_of(matter.process, matter.version)
    return [
        MoveShown(code, localise(move.title), move.danger)
        for code, move in process.moves_from(matter.state).items()
        if refusal(matter, move, viewer, last_makers(matter, move.by.other_than)) is None
    ]


def clocks(rows: Sequence[MatterClock]) -> list[dict[str, Any]]:
    """Each clock that has not stopped, with its lamp: until when, or why that is not known."""
    now = clock.now()
    return [{**_lamp(row, now), "title": localise(gateway.deadline(row.code).title)} for row in rows if row.stopped_at is None]


def _lamp(row: MatterClock, now: Any) -> dict[str, Any]:
    if row.ends_at is None:
        return {"tone": "warn", "word": _("到期日未知：工作日历没有 %(year)s 年") % {"year": row.lacks_year}}
    end = display.moment(row.ends_at)
    if row.suspended_at:
        return {"tone": "muted", "word": _("中止计时")}
    if now >= row.ends_at:
        return {"tone": "bad", "word": _("已逾期，%(end)s 到期") % {"end": end}}
    if row.warns_at and now >= row.warns_at:
        return {"tone": "warn", "word": _("将到期，%(end)s") % {"end": end}}
    return {"tone": "good", "word": _("%(end)s 到期") % {"end": end}}


def proposal(waiting: Proposal | None, matter: Matter, viewer: Viewer) -> dict[str, Any] | None:
    """What waits for signatures: which are given, which is next, and what this viewer may do about it."""
    if waiting is None:
        return None
    process = gateway.process_of(matter.process, matter.version)
    read = reads_what_is_said(matter, viewer) or may_sign(waiting, viewer)
    english = page_language() == "en"
    return {
        "one": waiting,
        "by": waiting.proposed_name if read else (waiting.proposer_unit.name if waiting.proposer_unit else ""),
        "move": localise(process.moves[waiting.move].title),
        "said": said(process, waiting.move, waiting.data, viewer) if read else [],
        "signatures": [
            {
                "title": one["title_en" if english else "title_zh"],
                "given": " ".join(filter(None, [one.get("name"), one.get("opinion")])) if read else one.get("unit_name", ""),
                "at": one.get("at"),
                "next": number == waiting.signed,
            }
            for number, one in enumerate(waiting.signatures)
        ],
        "may_sign": may_sign(waiting, viewer),
        "may_withdraw": waiting.proposed_by == viewer.user_id,
    }


def said(process: Process, move: str, data: dict[str, Any], viewer: Viewer) -> list[tuple[str, str]]:
    """What was said with a move: (what it is called, as people read it). The reason is shown apart."""
    asked = process.moves[move].form if move in process.moves else {}
    return [
        (
            localise(asked[name].title),
            _matter(process, value, viewer) if asked[name].kind is FieldKind.MATTER else _read(asked[name], value),
        )
        for name, value in data.items()
        if name in asked and name != "why"
    ]


def _matter(process: Process, number: str, viewer: Viewer) -> str:
    """Of another matter its number, where the viewer sees that one too."""
    return number if matters(viewer).filter(process=process.code, number=number).exists() else _("您看不到的一件")


def _read(field: FormField, value: Any) -> str:
    match field.kind:
        case FieldKind.CHOICE:
            return localise(field.choices[value]) if value in field.choices else str(value)
        case FieldKind.MONEY:
            return f"{display.money(value)} {_('元')}"
        case FieldKind.UNIT:
            unit = Unit.objects.filter(pk=value).select_related("parent__parent").first()
            return localise(unit.full_title) if unit else str(value)
        case FieldKind.YES_NO:
            return _("是") if value else _("否")
        case _:
            return str(value)


def timeline(matter: Matter, steps: Sequence[Step], viewer: Viewer) -> list[dict[str, Any]]:
    """The steps as the kit's timeline shows them, newest first."""
    process = gateway.process_of(matter.process, matter.version)
    if not reads_what_is_said(matter, viewer):
        return [_bare(process, step) for step in reversed(steps) if step.kind != StepKind.BEGUN]
    return [_line(process, step, viewer) for step in reversed(steps) if step.kind != StepKind.BEGUN]


def reads_what_is_said(matter: Matter, viewer: Viewer) -> bool:
    """Whether reasons, findings and names are this person's to read: of whoever may move such matters or read their evidence, or
    whose unit has it in hand. Others see where it stands."""
    process = gateway.process_of(matter.process, matter.version)
    may = {Permission(move.by.permission) for move in process.moves.values()} | {Permission.EVIDENCE_READ}
    return bool(may & viewer.permissions) or viewer.unit_id in matter.holders


def _bare(process: Process, step: Step) -> dict[str, Any]:
    """What was done and by which unit, without a word of what was said."""
    kind = StepKind(step.kind)
    by = step.by_unit_name or _("系统")
    return {"what": _what(process, step), "at": step.at, "by": by, "why": "", "icon": ICONS[kind], "tone": TONES.get(kind, "")}


def _line(process: Process, step: Step, viewer: Viewer) -> dict[str, Any]:
    kind = StepKind(step.kind)
    answers = said(process, step.move, step.data, viewer)
    told = [_("%(name)s：%(value)s") % {"name": name, "value": value} for name, value in answers]
    return {
        "what": " · ".join([_what(process, step), *told]),
        "at": step.at,
        "by": " ".join(filter(None, [step.by_name, step.by_unit_name])) or _("系统"),
        "why": str(step.data.get("why", "")),
        "icon": ICONS[kind],
        "tone": TONES.get(kind, ""),
    }


def _what(process: Process, step: Step) -> str:
    kind = StepKind(step.kind)
    if kind in (StepKind.REMINDED, StepKind.ESCALATED):
        return f"{kind.label} · {localise(gateway.deadline(step.data['clock']).title)}"
    move = process.moves.get(step.move)
    word = localise(move.done if kind is StepKind.MOVED else move.title) if move else step.move
    return word if kind is StepKind.MOVED else f"{kind.label} · {word}"
