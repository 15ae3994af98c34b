"""What the workbench shows of deliveries: at most three queries for each of the two."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, Max, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.deliveries.queries.calendar import Line, calendar
from xiezhi.web.deliveries.queries.days import elsewhere, today
from xiezhi.web.deliveries.queries.quality import totals
from xiezhi.web.deliveries.states import Fate, UploadState
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.language import localise

DAYS = 30
MOST = 8


def to_do(viewer: Viewer) -> list[ToDo]:
    """For a department: what it owes, what came back. For whoever chases: what is overdue, each dataset once."""
    if not viewer.can(Permission.DELIVERY_UPLOAD):
        return []
    lines = calendar(viewer)
    found = [_overdue(line) for line in lines if line.overdue] + [_due(line) for line in lines if line.due]
    if viewer.can(Permission.DELIVERY_CHASE):
        return found[:MOST]
    return _unsent(viewer) + found + [_back(one) for one in _came_back(viewer)[:MOST]]


def _came_back(viewer: Viewer) -> list[Delivery]:
    """Of the last thirty days, what was refused or has rows set aside, as long as it has not come again. Newest first.

    What was refused came again where the same sheet of a file of that name was accepted since. A file refused as a whole, of
    which sheets came later, stays: nothing says that they are all of it.
    """
    recent = seen_by(Delivery.objects.filter(received_at__gte=_since()), viewer.scope)
    again = recent.exclude(fate=Fate.REFUSED).filter(
        file=OuterRef("file"), member=OuterRef("member"), sheet=OuterRef("sheet"), number__gt=OuterRef("number")
    )
    found = recent.filter(fate__in=[Fate.REFUSED, Fate.FAULTY]).annotate(resent=Exists(again)).order_by("-number")
    return [one for one in found if (not one.resent if one.refused else one.outstanding)]


def _unsent(viewer: Viewer) -> list[ToDo]:
    """What one's own unit uploaded and did not send, batch by batch."""
    mine = seen_by(Upload.objects.filter(state=UploadState.READY, unit_path=viewer.unit_path), viewer.scope)
    found = mine.values("batch").annotate(files=Count("pk"), at=Max("sent_at")).order_by("-at")[:MOST]
    return [
        ToDo(
            _("已上传，还没有报送"),
            reverse("deliveries:batch", args=[one["batch"]]),
            Urgency.OPEN,
            None,
            ngettext("%(n)s 个文件", "%(n)s 个文件", one["files"]) % {"n": one["files"]},
            "upload",
        )
        for one in found
    ]


def figures(viewer: Viewer) -> list[Figure]:
    """Deliveries of the last thirty days, the share that came back, datasets overdue."""
    if not viewer.can(Permission.DELIVERY_READ):
        return []
    address, since = reverse("deliveries:list"), _since()
    total, lines = totals(viewer, received_at__gte=since), calendar(viewer)
    if not lines and not total["deliveries"]:
        return []  # no department of theirs delivers: noughts would read as if somebody had looked
    late = sum(1 for line in lines if line.overdue)
    share = f"{100 * total['aside'] / total['rows']:.2f}%" if total["rows"] else "—"
    return [
        Figure(
            _("近 30 天交付"),
            total["deliveries"],
            f"{address}?since={timezone.localtime(since):%Y-%m-%d}",
            _("%(n)s 行") % {"n": f"{total['rows']:,}"} + _by_whose_calendar(),
        ),
        Figure(
            _("近 30 天退回行占比"),
            share,
            reverse("deliveries:quality"),
            _("%(n)s 行退回") % {"n": f"{total['aside']:,}"} + _by_whose_calendar(),
        ),
        Figure(_("逾期数据集"), late, reverse("deliveries:calendar"), tone="bad" if late else "good"),
    ]


def _since() -> datetime:
    """Thirty days before the calendar's day, which in a demonstration is another than today."""
    return timezone.make_aware(datetime.combine(today() - timedelta(days=DAYS), time.min))


def _overdue(line: Line) -> ToDo:
    periods = len(line.overdue)
    note = ngettext("%(n)s 期逾期未交", "%(n)s 期逾期未交", periods) % {"n": periods} + _by_whose_calendar()
    return ToDo(localise(line.dataset.title), _calendar(line), Urgency.OVERDUE, _end(line.overdue[0].due), note, "calendar")


def _due(line: Line) -> ToDo:
    note = _("本期待交") + _by_whose_calendar()
    return ToDo(localise(line.dataset.title), _calendar(line), Urgency.LAPSING, _end(line.due[0].due), note, "calendar")


def _by_whose_calendar() -> str:
    """That a demonstration counts from its city's day; nothing where the day is the real one."""
    day = elsewhere()
    return _("（按演示城市的日历，今天是 %(day)s）") % {"day": day} if day else ""


def _back(one: Delivery) -> ToDo:
    note = _("整件拒收，请核对后重交") if one.refused else _("%(n)s 行退回，请改正后重交") % {"n": f"{one.outstanding:,}"}
    return ToDo(one.name, reverse("deliveries:delivery", args=[one.number]), Urgency.OPEN, None, note, "undo")


def _calendar(line: Line) -> str:
    return f"{reverse('deliveries:calendar')}?department={line.dataset.department}"


def _end(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))  # type: ignore[arg-type]
