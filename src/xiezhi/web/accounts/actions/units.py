"""Units come, are charged with oversight, and are closed; they never move."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts import events
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Unit, UnitKind
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


@transaction.atomic
def add(*, code: str, name: str, name_en: str, kind: UnitKind, parent: Unit | None, by: Viewer, region: str = "", department: str = "",
        credit_code: str = "") -> Unit:  # fmt: skip
    """A unit at the end of its parent's children."""
    require(by, Permission.UNIT_MANAGE)
    above = parent.path if parent else ""
    # The parent's row is the lock: two units added at once would otherwise take the same step.
    if parent is not None:
        Unit.objects.select_for_update().get(pk=parent.pk)
    step = Unit.objects.filter(parent=parent).count() + 1
    unit = Unit.objects.create(code=code, name=name, name_en=name_en, kind=kind, parent=parent, path=f"{above}{step:04d}.", region=region,
                               department=department, credit_code=credit_code)  # fmt: skip
    record(events.UNIT_ADDED, by=by, on=unit, after={"code": code, "name": name, "kind": kind, "path": unit.path})
    return unit


@transaction.atomic
def charge(*, office: Unit, overseen: Sequence[Unit], by: Viewer) -> None:
    """Set the units that an office oversees (联系单位)."""
    require(by, Permission.UNIT_MANAGE)
    before = sorted(office.overseen.values_list("code", flat=True))
    office.overseen.set(overseen)
    record(events.OVERSIGHT_SET, by=by, on=office, before={"overseen": before}, after={"overseen": sorted(unit.code for unit in overseen)})


@transaction.atomic
def close(*, unit_id: int, by: Viewer, why: str) -> Unit:
    """Nothing new is placed in a closed unit; what was stays readable."""
    require(by, Permission.UNIT_MANAGE)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    unit.closed_on = clock.now().date()
    unit.save(update_fields=["closed_on"])
    record(events.UNIT_CLOSED, by=by, on=unit, why=why, after={"closed_on": unit.closed_on})
    return unit
