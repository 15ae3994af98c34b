"""What is late is said once to whoever can do something about it: the department's contacts, and those who chase."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.queries import holders
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.deliveries import events, queries
from xiezhi.web.deliveries.queries.calendar import Line
from xiezhi.web.kit.cards import Urgency
from xiezhi.web.notices.actions.telling import tell


@transaction.atomic
def remind(*, by: Viewer) -> int:
    """How many datasets are late. Each further period that becomes so is told of once, however often this is called."""
    late = [line for line in queries.calendar(by) if line.overdue]
    for line in late:
        _tell_contacts(line, by)
    if late:
        _tell_chasers(late, by)
        record(events.REMINDED, by=by, on="dataset", datasets=len(late), periods=sum(len(line.overdue) for line in late))
    return len(late)


def _tell_contacts(line: Line, by: Viewer) -> None:
    title, newest = line.dataset.title, line.overdue[-1].period.end
    tell(
        to=queries.contacts_of(line.dataset.department),
        title_zh=f"“{title.zh}”有 {len(line.overdue)} 期逾期未交",
        title_en=f"“{title.en}”: {len(line.overdue)} overdue",
        url=f"{reverse('deliveries:calendar')}?department={line.dataset.department}",
        by=by,
        urgency=Urgency.OVERDUE,
        key=f"late:{line.dataset.name}:{newest}",
    )


def _tell_chasers(late: list[Line], by: Viewer) -> None:
    """One notice for all of it, new where another period has become late since."""
    newest = max(line.overdue[-1].due for line in late)
    tell(
        to=holders(Permission.DELIVERY_CHASE),
        title_zh=f"{len(late)} 个数据集有逾期未交的期次，可以催报",
        title_en=f"{len(late)} datasets have overdue periods, and may be chased",
        url=reverse("deliveries:calendar"),
        by=by,
        urgency=Urgency.OVERDUE,
        key=f"late:all:{newest}",
    )
