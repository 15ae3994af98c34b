"""Units come, are charged with oversight, and are closed; they never move."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Oversight, Post, Unit, UnitKind
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
            "XZ-ACC-12",
            zh=f"{parent.name}已撤销",
            en=f"{parent.title.en} is closed",
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
def ask_oversight(*, office: Unit, overseen: Sequence[Unit], by: Viewer, why: str) -> Oversight:
    """Propose the units that an office oversees (联系单位). Nothing changes until another administrator confirms."""
    require(by, Permission.UNIT_MANAGE)
    try:
        with transaction.atomic():
            asked = Oversight.objects.create(office=office, why=why, asked_at=clock.now(), asked_by=by.username)
    except IntegrityError as twice:
        raise UserError(
            "XZ-ACC-14",
            zh=f"{office.name}的联系单位已有一项提议，正等待安全保密管理员确认",
            en=f"a proposal of what {office.title.en} oversees waits to be confirmed",
            todo_zh="请联系安全保密管理员",
            todo_en="ask the security administrator",
        ) from twice
    asked.overseen.set(overseen)
    record(events.OVERSIGHT_ASKED, by=by, on=office, why=why, before=_overseen(office), after=_overseen(asked))
    return asked


@transaction.atomic
def settle_oversight(*, oversight_id: int, granted: bool, by: Viewer, why: str) -> Oversight:
    """Granted: from the next request on the office's people see these units, and no others."""
    require(by, Permission.POST_GRANT)
    asked = Oversight.objects.select_for_update(of=("self",)).select_related("office").get(pk=oversight_id)
    if asked.granted is not None:
        raise UserError(
            "XZ-ACC-15",
            zh="已经办过了",
            en="this was settled already",
            todo_zh="请刷新页面",
            todo_en="reload the page",
        )
    if asked.asked_by == by.username:
        raise UserError(
            "XZ-ACC-16",
            zh="提议的人不能确认",
            en="whoever proposed cannot confirm",
            todo_zh="请另一位管理员办理",
            todo_en="ask another administrator",
        )
    asked.granted, asked.settled_at, asked.settled_by = granted, clock.now(), by.username
    asked.save(update_fields=["granted", "settled_at", "settled_by"])
    before, after = _overseen(asked.office), _overseen(asked)
    if granted:
        asked.office.overseen.set(asked.overseen.all())
        record(events.OVERSIGHT_SET, by=by, on=asked.office, why=why, before=before, after=after, asked_by=asked.asked_by)
    else:
        record(events.OVERSIGHT_REFUSED, by=by, on=asked.office, why=why, after=after, asked_by=asked.asked_by)
    return asked


def _overseen(of: Unit | Oversight) -> dict[str, list[str]]:
    return {"overseen": sorted(of.overseen.values_list("code", flat=True))}


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
            "XZ-ACC-13",
            zh=f"{unit.name}还有 {open_below} 个下级单位、{held} 个在任岗位",
            en=f"{unit.title.en} still has {open_below} units below it and {held} posts held",
            todo_zh="先撤销下级单位、终止岗位",
            todo_en="close the units below and end the posts first",
        )
