"""Units come, are charged with oversight, and are closed; they never move."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Post, Unit, UnitKind
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def add(
    *,
    code: str,
    name: str,
    name_en: str,
    kind: UnitKind,
    parent: Unit | None,
    by: Viewer,
    region: str = "",
    department: str = "",
    credit_code: str = "",
) -> Unit:
    """A unit at the end of its parent's children."""
    require(by, Permission.UNIT_MANAGE)
    above = parent.path if parent else ""
    # The parent's row is the lock: two units added at once would otherwise take the same step.
    if parent is not None:
        Unit.objects.select_for_update().get(pk=parent.pk)
    step = Unit.objects.filter(parent=parent).count() + 1
    if parent is not None and parent.closed_on is not None:
        raise UserError(
            "UNIT-CLOSED",
            zh=f"{parent.name}已撤销",
            en=f"{parent.name_en} is closed",
            todo_zh="请选仍在的上级单位",
            todo_en="choose an open parent",
        )
    unit = Unit.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        parent=parent,
        path=f"{above}{step:04d}.",
        region=region,
        department=department,
        credit_code=credit_code,
    )
    record(events.UNIT_ADDED, by=by, on=unit, after={"code": code, "name": name, "kind": kind, "path": unit.path})
    return unit


@transaction.atomic
def charge(*, office: Unit, overseen: Sequence[Unit], by: Viewer) -> None:
    """Set the units that an office oversees (联系单位)."""
    require(by, Permission.UNIT_MANAGE)
    before = sorted(office.overseen.values_list("code", flat=True))
    office.overseen.set(overseen)
    record(
        events.OVERSIGHT_SET,
        by=by,
        on=office,
        before={"overseen": before},
        after={"overseen": sorted(unit.code for unit in overseen)},
    )


@transaction.atomic
def close(*, unit_id: int, by: Viewer, why: str) -> Unit:
    """Nothing new is placed in a closed unit; what was stays readable."""
    require(by, Permission.UNIT_MANAGE)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    _refuse_if_in_use(unit)
    unit.closed_on = clock.today()
    unit.save(update_fields=["closed_on"])
    record(events.UNIT_CLOSED, by=by, on=unit, why=why, after={"closed_on": unit.closed_on})
    return unit


def _refuse_if_in_use(unit: Unit) -> None:
    today = clock.today()
    open_below = Unit.objects.filter(parent=unit, closed_on__isnull=True).count()
    held = Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), unit=unit).count()
    if open_below or held:
        raise UserError(
            "UNIT-IN-USE",
            zh=f"{unit.name}还有 {open_below} 个下级单位、{held} 个在任岗位",
            en=f"{unit.name_en} still has {open_below} units below it and {held} posts held",
            todo_zh="先撤销下级单位、终止岗位",
            todo_en="close the units below and end the posts first",
        )
