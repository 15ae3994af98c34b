"""What is due: every dataset the viewer may see, with its expected periods."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import Post, Unit
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.catalogue.gateway import DatasetDescription
from xiezhi.web.catalogue.queries import Fresh
from xiezhi.web.deliveries.models import Delivery
from xiezhi.web.deliveries.policies.periods import Came, Expectation, expectations, worst
from xiezhi.web.deliveries.queries.days import day_of, today
from xiezhi.web.deliveries.states import Fate, PeriodState


@dataclass(frozen=True)
class Line:
    """A dataset with all its expected periods, oldest first; none where it never came."""

    dataset: DatasetDescription
    unit: Unit
    periods: tuple[Expectation, ...]
    last: datetime | None
    count: int

    @property
    def overdue(self) -> list[Expectation]:
        return [one for one in self.periods if one.state is PeriodState.OVERDUE]

    @property
    def due(self) -> list[Expectation]:
        return [one for one in self.periods if one.state is PeriodState.DUE]

    @property
    def in_time(self) -> int | None:
        """Percent of the periods whose time limit is over that came within it; None where none is."""
        ended = [one.state for one in self.periods if one.state not in (PeriodState.NOT_DUE, PeriodState.DUE)]
        return round(100 * ended.count(PeriodState.RECEIVED) / len(ended)) if ended else None

    @property
    def state(self) -> PeriodState | None:
        """How it stands today: by the newest period that could have come."""
        ended = [one for one in self.periods if one.state is not PeriodState.NOT_DUE]
        return worst(self.overdue or ended[-1:])

    def months(self, year: int) -> list[list[Expectation]]:
        """Twelve lists: the periods that end in each month."""
        found: dict[int, list[Expectation]] = defaultdict(list)
        for one in self.periods:
            if one.period.end.year == year:
                found[one.period.end.month].append(one)
        return [found[month] for month in range(1, 13)]


def calendar(viewer: Viewer, *, department: str = "") -> list[Line]:
    """Every dataset of the departments the viewer sees. Two queries."""
    units = {
        unit.department: unit
        for unit in Unit.objects.exclude(department="").order_by("path")
        if viewer.scope.sees(path=unit.path)
    }
    came: dict[str, list[Came]] = defaultdict(list)
    last: dict[str, datetime] = {}
    counted: dict[str, int] = defaultdict(int)
    told = seen_by(Delivery.objects.exclude(contract="").exclude(fate=Fate.ERASED), viewer.scope)
    for contract, at, fate, first, until in told.values_list(
        "contract", "received_at", "fate", "period_from", "period_to"
    ).order_by("number"):
        came[contract].append(Came(day_of(at), fate == Fate.REFUSED, first, until))
        last[contract] = max(at, last.get(contract, at))
        counted[contract] += 1
    now = today()
    return [
        Line(
            one,
            units[one.department],
            tuple(expectations(one.cadence, one.grace_days, came[name], now)),
            last.get(name),
            counted[name],
        )
        for name, one in catalogue.datasets().items()
        if one.department in units and department in ("", one.department) and one.status == "active"
    ]


def freshness(viewer: Viewer) -> dict[str, Fresh]:
    """What the catalogue shows beside each dataset."""
    address = reverse("deliveries:list")
    found = {}
    for line in calendar(viewer):
        state = line.state
        word, tone = (str(state.label), state.tone) if state else (_("尚未交付"), "muted")
        url = f"{address}?dataset={line.dataset.name}" if line.count else ""
        found[line.dataset.name] = Fresh(line.last, line.count, word, tone, url)
    return found


def contacts_of(department: str) -> list[int]:
    """The people who deliver for a department today: on the real day, also where the calendar of a demonstration stands still."""
    now = clock.today()
    held = Q(starts_on__lte=now) & (Q(ends_on__isnull=True) | Q(ends_on__gt=now))
    found = Post.objects.filter(held, role=RoleCode.DEPARTMENT_CONTACT, unit__department=department, user__is_active=True)
    return sorted(set(found.values_list("user_id", flat=True)))
