"""The list of alerts and its filter, and one subject's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.accounts.words import LABELS
from xiezhi.web.alerts.models import Alert, History
from xiezhi.web.alerts.states import ENDED, AlertState
from xiezhi.web.kit import search
from xiezhi.web.lines import lines
from xiezhi.web.supervision import gateway as supervision
from xiezhi.web.supervision.states import HitState

THERE = "there"
"""Asked for as the state of a hit: all that are not gone."""
FEW = 1_000
"""Matches up to which they are fetched first."""
NUMBER = re.compile(r"\d{4}-\d{6,}")


@dataclass(frozen=True)
class AlertCriteria:
    """What a filter asks for; empty is no condition. Money in fen."""

    text: str = ""
    levels: tuple[str, ...] = ()
    rule: str = ""
    line: str = ""
    unit_path: str = ""
    state: str = ""
    hit_state: str = ""
    standing: bool = False
    """Only those whose hit is still there."""
    money_from: int | None = None
    money_to: int | None = None
    period_from: date | None = None
    period_to: date | None = None
    raised_from: date | None = None
    raised_to: date | None = None
    new_since: datetime | None = None
    mine: bool = False
    ours: bool = False
    """Only those whose turn it is with the viewer's own unit."""
    subject: str = ""
    sealed: tuple[str, ...] | None = None
    """Fingerprints of those that a seal was asked for of; None where none was."""


def alerts(viewer: Viewer, wanted: AlertCriteria | None = None) -> QuerySet[Alert]:
    """Those within the viewer's scope that the filter takes in."""
    wanted = wanted or AlertCriteria()
    found = seen_by(Alert.objects.all(), viewer.scope)
    plain = {
        "level__in": wanted.levels,
        "rule": wanted.rule,
        "line": wanted.line,
        "hit_state": wanted.hit_state,
        "subject_key": wanted.subject,
        "amount__gte": wanted.money_from,
        "amount__lte": wanted.money_to,
        "period_to__gte": wanted.period_from,
        "period_from__lte": wanted.period_to,
        "raised_at__date__gte": wanted.raised_from,
        "raised_at__date__lte": wanted.raised_to,
        "raised_at__gt": wanted.new_since,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value not in (None, "", ())})
    if wanted.sealed is not None:
        found = found.filter(fingerprint__in=wanted.sealed)
    if wanted.unit_path:
        found = found.filter(unit_path__gte=wanted.unit_path, unit_path__lt=wanted.unit_path + "\x7f")
    if wanted.state:
        found = found.filter(in_state(wanted.state))
    if wanted.standing:
        found = found.exclude(hit_state=HitState.GONE)
    if wanted.ours:
        found = found.filter(matter__holder=viewer.unit_id or 0)
    if wanted.mine:
        found = found.filter(handled_by=viewer.user_id)
    if NUMBER.fullmatch(wanted.text.strip()):
        return found.filter(number=wanted.text.strip())
    asked = search.query(wanted.text)
    return _matching(found, asked) if asked else found


def some_withheld(viewer: Viewer) -> bool:
    """Whether alerts may exist in one's units and lines above one's clearance: then no list and no figure is whole."""
    return viewer.can(Permission.ALERT_READ) and viewer.scope.clearance < max(LABELS)


def _matching(found: QuerySet[Alert], asked: str) -> QuerySet[Alert]:
    """Those with all the pairs. Rare ones are fetched first, by the index of texts: in one query PostgreSQL, which knows nothing
    of a rare word, would walk the order of the list in the hope of meeting twenty soon, and walk all of it."""
    matching = found.filter(search=SearchQuery(asked, config="simple", search_type="raw"))
    keys = list(matching.order_by().values_list("pk", flat=True)[: FEW + 1])
    return found.filter(pk__in=keys) if len(keys) <= FEW else matching


def in_state(state: str) -> Q:
    """A snooze that has ended is open: it wakes in the question, nobody has to do anything."""
    over = Q(state=AlertState.SNOOZED, snoozed_until__lte=clock.today())
    if state == AlertState.OPEN:
        return Q(state=AlertState.OPEN) | over
    return Q(state=state) & ~over if state == AlertState.SNOOZED else Q(state=state)


def subjects(viewer: Viewer, wanted: AlertCriteria) -> QuerySet[Alert, Any]:
    """One row a subject: how many alerts, how much money, the worst level."""
    grouped = alerts(viewer, wanted).values("subject_key")
    return grouped.annotate(
        masked=Min("subject_masked"),
        kind=Min("subject_kind"),
        count=Count("id"),
        sum=Sum("amount"),
        worst=Max("level_rank"),
        newest=Max("raised_at"),
        rules=Count("rule", distinct=True),
    ).order_by("-worst", "-count", "subject_key")


def others(viewer: Viewer, alert: Alert) -> list[Alert]:
    """Other alerts on the same subject, the gravest first, within the viewer's scope."""
    return list(
        alerts(viewer, AlertCriteria(subject=alert.subject_key))
        .select_related("unit__parent__parent")
        .exclude(pk=alert.pk)
        .order_by("-level_rank", "-id")[:20]
    )


def merge_targets(viewer: Viewer, alert: Alert) -> QuerySet[Alert]:
    """Those on the same subject that this one may be merged into: not concluded, and not less grave."""
    open_ones = alerts(viewer, AlertCriteria(subject=alert.subject_key)).exclude(state__in=ENDED)
    return open_ones.exclude(pk=alert.pk).filter(level_rank__gte=alert.level_rank)


def history(viewer: Viewer, alert: Alert) -> list[History]:
    """What runs did to an alert that the viewer sees, newest first."""
    seen = seen_by(Alert.objects.filter(pk=alert.pk), viewer.scope)
    return list(History.objects.filter(alert__in=seen).order_by("-at", "-id")[:100])


def rules_seen(viewer: Viewer) -> list[tuple[str, str, str]]:
    """(code, zh, en) of the rules of the viewer's lines: from the content, which costs no query."""
    lines = viewer.scope.lines
    rules = supervision.rules().values()
    return [(rule.code, rule.title.zh, rule.title.en) for rule in rules if lines is None or rule.domain in lines]


def lines_of(viewer: Viewer) -> tuple[str, ...]:
    return viewer.scope.lines if viewer.scope.lines is not None else tuple(lines())


def worst(rank: int) -> str:
    return list(Level)[rank].value
