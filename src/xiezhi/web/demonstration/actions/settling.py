"""Settle the commission over the city: its units, its people, each by the same actions that a site's administrators use.

The two hands that create accounts and grant posts are two named system jobs: no administrator exists before them.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from xiezhi.web.accounts.actions import people, posts, units
from xiezhi.web.accounts.models import Oversight, Unit, UnitKind, User
from xiezhi.web.accounts.roles import ROLES
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.demonstration.commission import Body, plan
from xiezhi.web.demonstration.gateway import Division, divisions

WHY = "演示 demonstration"
KINDS = {4: UnitKind.CITY, 6: UnitKind.COUNTY, 9: UnitKind.TOWN, 12: UnitKind.VILLAGE}
COMMISSIONS = {4: "commission", 6: "county{}commission", 9: "town{}commission"}
WORDS = {4: ("纪委监委", "city commission"), 6: ("纪委监委", "county commission"), 9: ("纪委", "town commission")}


def settle(home: Path) -> int:
    """Number of accounts. Does nothing where units already exist."""
    if Unit.objects.exists():
        return 0
    with transaction.atomic():
        with system_scope("demo_creator") as creator:
            settled = _settle_divisions(creator, divisions(home))
            _settle_bodies(creator, settled)
            made = [_account(creator, number) for number in range(len(plan().people))]
        with system_scope("demo_granter") as granter:
            for asked in Oversight.objects.filter(granted__isnull=True):
                units.settle_oversight(oversight_id=asked.pk, granted=True, by=granter, why=WHY)
            for user, person in zip(made, plan().people, strict=True):
                people.set_clearance(user_id=user.pk, clearance=ROLES[person.role].clearance, by=granter, why=WHY)
                posts.grant(
                    user=user,
                    unit=settled[person.unit],
                    role=person.role,
                    by=granter,
                    why=WHY,
                    cadre_authority=person.cadre_authority,
                )
    return len(made)


def _settle_divisions(by: Viewer, found: list[Division]) -> dict[str, Unit]:
    """Regions by code and by number ("county1"), with the commission of each."""
    settled: dict[str, Unit] = {}
    counted: dict[int, int] = {}
    for division in found:
        rank = len(division.code)
        number = counted[rank] = counted.get(rank, 0) + 1
        kind = KINDS[rank]
        unit = units.add(
            code=division.code,
            name=division.name,
            name_en=f"{kind.value.capitalize()} {number}",
            kind=kind,
            parent=settled.get(division.parent),
            region=division.code,
            by=by,
        )
        settled[division.code] = settled[f"{kind.value}{number}"] = unit
        if rank in COMMISSIONS:
            code = COMMISSIONS[rank].format(number)
            zh, en = WORDS[rank]
            settled[code] = units.add(
                code=code,
                name=f"{division.name}{zh}",
                name_en=f"{kind.value.capitalize()} {number}: {en}",
                kind=UnitKind.COMMISSION,
                parent=unit,
                by=by,
            )
    return settled


def _settle_bodies(by: Viewer, settled: dict[str, Unit]) -> None:
    said = plan()
    for bodies, kind, parent in (
        (said.departments, UnitKind.DEPARTMENT, settled["city1"]),
        (said.offices, UnitKind.OFFICE, settled["commission"]),
        (said.groups, UnitKind.STATIONED, settled["commission"]),
    ):
        for body in bodies:
            settled[body.code] = _body(by, body, kind, parent)
    for body in (*said.offices, *said.groups):
        if body.oversees:
            overseen = [settled[code] for code in body.oversees]
            units.ask_oversight(office=settled[body.code], overseen=overseen, by=by, why=WHY)


def _body(by: Viewer, body: Body, kind: UnitKind, parent: Unit) -> Unit:
    return units.add(
        code=body.code, name=body.name, name_en=body.name_en, kind=kind, parent=parent, department=body.department, by=by
    )


def _account(by: Viewer, number: int) -> User:
    person = plan().people[number]
    return people.create(
        username=person.username,
        display_name=person.display_name,
        staff_number=f"XZ{number + 1:04d}",
        duty=ROLES[person.role].duty,
        password=None,
        by=by,
    )
