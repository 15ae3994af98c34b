"""Events, verdicts and checkpoints as the auditor's screens show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from xiezhi.web.audit import presenters
from xiezhi.web.audit.checkpoints import Checkpoint
from xiezhi.web.audit.models import AuditEvent, AuditLink, EventOutcome
from xiezhi.web.audit.printing import spaced
from xiezhi.web.audit.verify import Verdict
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.language import page_language
from xiezhi.web.trail.queries import DayCount
from xiezhi.web.trail.words import role_word

KINDS_SHOWN = 6
FAULTS_TOLD = 20


@dataclass(frozen=True)
class Row:
    """An event in a list."""

    event: AuditEvent
    what: str
    who: str
    role: str
    thing_kind: str
    thing: str
    refused: bool
    url: str
    person_url: str
    thing_url: str


def row(event: AuditEvent) -> Row:
    return Row(
        event=event,
        what=presenters.what(event),
        who=presenters.who(event),
        role=role_word(event.role),
        thing_kind=presenters.object_word(event.on_kind),
        thing=event.on_label or event.on_id,
        refused=event.outcome == EventOutcome.REFUSED,
        url=reverse("trail:event", args=[event.pk]),
        person_url=person_url(event.username),
        thing_url=thing_url(event.on_kind, event.on_id),
    )


def person_url(username: str) -> str:
    return f"{reverse('trail:person')}?{urlencode({'username': username})}"


def thing_url(on_kind: str, on_id: str) -> str:
    return f"{reverse('trail:thing')}?{urlencode({'kind': on_kind, 'id': on_id})}"


def timeline(events: Iterable[AuditEvent], told: Callable[[AuditEvent], str]) -> list[dict[str, Any]]:
    """For `kit/timeline.html`. `told` says the sentence."""
    return [
        {
            "what": format_html('<a href="{}">{}</a>', reverse("trail:event", args=[event.pk]), told(event)),
            "at": event.at,
            "by": " · ".join(part for part in (role_word(event.role), event.unit_name, event.ip) if part),
            "why": event.why,
            "icon": "cross" if event.outcome == EventOutcome.REFUSED else "check",
            "tone": "bad" if event.outcome == EventOutcome.REFUSED else "",
        }
        for event in events
    ]


def seal(event: AuditEvent, link: AuditLink | None, last: Checkpoint | None) -> list[tuple[str, str]]:
    """Where an event stands in the chain."""
    if link is None:
        return [(_("封存"), _("待封存"))]
    signed = last is not None and last.size >= link.seq
    return [
        (_("封存"), _("已签署") if signed else _("已入链，待签署")),
        (_("环"), str(link.seq)),
        (_("摘要"), spaced(bytes(link.digest).hex())),
    ]


def daily(label: str, days: Sequence[date], counts: Sequence[DayCount], word: Callable[[str], str], **links: str) -> Chart:
    """A stacked chart: the most frequent kinds, the rest together. A click leads to that day's list, narrowed by `links`."""
    totals: dict[str, int] = defaultdict(int)
    for one in counts:
        totals[one.word] += one.count
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    shown, rest = ranked[:KINDS_SHOWN], set(ranked[KINDS_SHOWN:])
    at = {(one.day, one.word): one.count for one in counts}
    series = [_series(word(name), days, [at.get((day, name), 0) for day in days], {**links, "kind": name}) for name in shown]
    if rest:
        others = [sum(at.get((day, name), 0) for name in rest) for day in days]
        series.append(_series(_("其他"), days, others, links))
    return Chart("stack", label, [day.isoformat() for day in days], series, unit=_("个"), heading=_("日期"), tall=True)


def _series(name: str, days: Sequence[date], values: list[int], narrowed: Mapping[str, str]) -> Series:
    addresses = [f"{reverse('trail:list')}?{urlencode({'since': day, 'until': day, **narrowed})}" for day in days]
    return Series(name, values, links=addresses)


def verdict_details(verdict: Verdict) -> dict[str, Any]:
    """A verdict as it stands in the trail."""
    told = [fault for fault in verdict.faults if not fault.kind.is_note] + [
        fault for fault in verdict.faults if fault.kind.is_note
    ]
    return {
        "sound": verdict.sound,
        "links": verdict.links,
        "checkpoints": verdict.checkpoints,
        "signed": verdict.size_signed,
        "waiting": verdict.waiting,
        "count": sum(count for kind, count in verdict.counts.items() if not kind.is_note),
        "faults": [fault.sentence("zh") for fault in told[:FAULTS_TOLD]],
        "faults_en": [fault.sentence("en") for fault in told[:FAULTS_TOLD]],
    }


@dataclass(frozen=True)
class Verification:
    """What a verification found, as its page shows it."""

    at: datetime
    by: str
    sound: bool
    links: int
    checkpoints: int
    signed: int
    count: int
    faults: Sequence[str]


def verification(event: AuditEvent) -> Verification:
    told = event.details
    faults = told.get("faults" if page_language() == "zh" else "faults_en", [])
    numbers = {name: int(told.get(name, 0)) for name in ("links", "checkpoints", "signed", "count")}
    return Verification(at=event.at, by=presenters.who(event), sound=bool(told.get("sound")), faults=faults, **numbers)
