"""What the auditor's screens read. Row-level security shows the trail to whoever may read it, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.models import AuditEvent, AuditLink, AuditPending, EventOutcome
from xiezhi.web.audit.verify import PATIENCE
from xiezhi.web.jobs import queries as jobs
from xiezhi.web.jobs.models import Job
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.trail import events

NEWEST = ("-at", "-id")
"""The order of every list: by time, then by number. Both are in every index."""

VERIFY_EVERY = timedelta(days=30)
TOGETHER = timedelta(minutes=10)
"""How far apart the events of one request can be."""


@dataclass(frozen=True)
class EventCriteria:
    """What a filter asks for. `usernames` None: everybody."""

    since: date | None = None
    until: date | None = None
    usernames: tuple[str, ...] | None = None
    role: str = ""
    kind: str = ""
    on_kind: str = ""
    on_id: str = ""
    thing: str = ""
    """As the list shows it: an alert by its number, a person by their name; or by its id."""
    outcome: str = ""
    ip: str = ""


def found(viewer: Viewer, wanted: EventCriteria = EventCriteria()) -> QuerySet[AuditEvent]:
    """The events that `wanted` describes, unordered."""
    if not viewer.can(Permission.TRAIL_READ):
        return AuditEvent.objects.none()
    plain = {name: getattr(wanted, name) for name in ("role", "kind", "on_kind", "on_id", "outcome", "ip")}
    rows = AuditEvent.objects.filter(
        _between(wanted.since, wanted.until), **{name: value for name, value in plain.items() if value}
    )
    if wanted.thing:
        rows = rows.filter(Q(on_id=wanted.thing) | Q(on_label=wanted.thing))
    return rows if wanted.usernames is None else rows.filter(username__in=wanted.usernames)


def usernames_of(text: str) -> tuple[str, ...]:
    """The accounts that a name or a user name means. One that nobody has any more may still stand in the trail."""
    known = User.objects.filter(Q(username=text) | Q(display_name=text)).values_list("username", flat=True)
    return tuple({text, *known})


def together(event: AuditEvent) -> QuerySet[AuditEvent]:
    """The other events of the same request."""
    if not event.request_id:
        return AuditEvent.objects.none()
    near = AuditEvent.objects.filter(at__gte=event.at - TOGETHER, at__lte=event.at + TOGETHER, request_id=event.request_id)
    return near.exclude(pk=event.pk).order_by("at", "id")[:50]


def link_of(event: AuditEvent) -> AuditLink | None:
    return AuditLink.objects.filter(event_id=event.pk).first()


JOBS = ("trail.verify", "trail.export")


def own_jobs(viewer: Viewer) -> QuerySet[Job]:
    """The verifications and exports that this auditor asked for, newest first."""
    return jobs.mine(viewer).filter(kind__in=JOBS).order_by("-asked_at")


@dataclass(frozen=True)
class DayCount:
    day: date
    word: str
    count: int


def by_day(viewer: Viewer, wanted: EventCriteria, column: str) -> list[DayCount]:
    """How many events on each day, for each value of `column`."""
    day = TruncDate("at", tzinfo=timezone.get_default_timezone())
    counted = found(viewer, wanted).annotate(day=day).values_list("day", column).annotate(n=Count("id")).order_by()
    return [DayCount(*row) for row in counted]


def most(viewer: Viewer, wanted: EventCriteria, column: str, number: int = 10) -> list[tuple[Any, int]]:
    """The most frequent values of a column."""
    counted = found(viewer, wanted).values_list(column).annotate(n=Count("id")).order_by("-n", column)
    return [(value, count) for value, count in counted[:number]]


def called(usernames: list[str]) -> dict[str, str]:
    """User name → name, of those that are accounts."""
    return dict(User.objects.filter(username__in=usernames).values_list("username", "display_name"))


def verifications(viewer: Viewer, number: int = 10) -> QuerySet[AuditEvent]:
    """The last verifications, newest first."""
    return found(viewer, EventCriteria(kind=events.VERIFIED.code)).order_by(*NEWEST)[:number]


def waiting() -> tuple[int, datetime | None]:
    """How many events wait for the sealer, and since when the one with the lowest number does."""
    queue = AuditPending.objects.aggregate(count=Count("event_id"), first=Min("event_id"))
    oldest = AuditEvent.objects.filter(pk=queue["first"]).values_list("at", flat=True).first() if queue["count"] else None
    return queue["count"], oldest


def to_do(viewer: Viewer) -> list[ToDo]:
    """For the auditor: a trail that is not being sealed, that was found unsound, or that nobody verified for long."""
    if not viewer.can(Permission.TRAIL_READ):
        return []
    now, url, things = clock.now(), reverse("trail:verification"), []
    _count, since = waiting()
    if since is not None and now - since > PATIENCE:
        things.append(ToDo(_("审计事件逾时未封存"), url, Urgency.OVERDUE, icon="warning"))
    last = next(iter(verifications(viewer, 1)), None)
    if last is not None and not last.details.get("sound"):
        things.append(ToDo(_("审计链验证发现不符"), url, Urgency.OVERDUE, icon="warning"))
    elif last is None or now - last.at > VERIFY_EVERY:
        things.append(ToDo(_("审计链超过 30 天未验证"), url, Urgency.LAPSING, icon="shield"))
    return things


def figures(viewer: Viewer) -> list[Figure]:
    """For the auditor: what happened today, and what was refused."""
    if not viewer.can(Permission.TRAIL_READ):
        return []
    today = timezone.localdate(clock.now())
    events_today = found(viewer, EventCriteria(since=today))
    counted = events_today.aggregate(all=Count("id"), refused=Count("id", filter=Q(outcome=EventOutcome.REFUSED)))
    url = f"{reverse('trail:list')}?since={today.isoformat()}"
    refused = counted["refused"]
    return [
        Figure(_("今日审计事件"), counted["all"], url),
        Figure(_("今日越权被拒"), refused, f"{url}&outcome=refused", tone="warn" if refused else ""),
    ]


def _between(since: date | None, until: date | None) -> Q:
    """Whole days of the house's time zone."""
    bounds = Q()
    if since is not None:
        bounds &= Q(at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    if until is not None:
        bounds &= Q(at__lt=timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)))
    return bounds
