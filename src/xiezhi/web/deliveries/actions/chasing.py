"""催报: ask a department for what is overdue. Once a day for a dataset."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.deliveries import events, queries
from xiezhi.web.deliveries.models import Chase
from xiezhi.web.kit.cards import Urgency
from xiezhi.web.notices.actions.telling import tell


@transaction.atomic
def chase(dataset: str, *, by: Viewer, words: str = "") -> Chase:
    """Tell the department's contacts how many periods are overdue.

    UserError where none is, where nobody could be told, and where it was done today already.
    """
    require(by, Permission.DELIVERY_CHASE)
    line = next((one for one in queries.calendar(by) if one.dataset.name == dataset), None)
    overdue = line.overdue if line else []
    if line is None or not overdue:
        raise UserError("XZ-DLV-07", "没有逾期未交的期次", "nothing of it is overdue", "刷新页面后再看", "reload the page")
    people = queries.contacts_of(line.dataset.department)
    if not people:
        raise UserError(
            "XZ-DLV-06",
            "该部门还没有数据联络员",
            "the department has no data contact",
            "请管理员设置数据联络员",
            "ask the administrators to name one",
        )
    now = clock.now()
    made, new = Chase.objects.get_or_create(
        dataset=dataset,
        day=queries.today(),
        defaults={
            "unit_id": line.unit.pk,
            "unit_path": line.unit.path,
            "at": now,
            "by_name": by.display_name,
            "told": len(people),
            "words": words,
        },
    )
    if not new:
        raise UserError(
            "XZ-DLV-08",
            f"今天已由{made.by_name}催报过",
            f"{made.by_name} chased it today already",
            "明天再催",
            "try again tomorrow",
        )
    title, periods = line.dataset.title, len(overdue)
    tell(
        to=people,
        title_zh=f"“{title.zh}”有 {periods} 期逾期未交，请尽快交付" + (f"：{words}" if words else ""),
        title_en=f"“{title.en}”: {periods} overdue, please deliver" + (f": {words}" if words else ""),
        url=f"{reverse('deliveries:calendar')}?department={line.dataset.department}",
        by=by,
        urgency=Urgency.OVERDUE,
        key=f"chase:{dataset}:{made.day}",
    )
    record(events.CHASED, by=by, on=made, why=words, dataset=dataset, periods=periods, told=len(people))
    return made
