"""The first day: the city, its commission, and the three administrators who will make everything else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from xiezhi.web.accounts import events
from xiezhi.web.accounts.actions import links, people, posts, units
from xiezhi.web.accounts.models import Unit, UnitKind, User
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.audit.record import record

ADMINISTRATORS = (RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.SECURITY_ADMINISTRATOR, RoleCode.AUDITOR)


@dataclass(frozen=True)
class FirstUnit:
    """A unit to begin with."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Administrator:
    """`password` is changed at the first sign-in."""

    role: RoleCode
    username: str
    display_name: str
    staff_number: str
    password: str


def open_site() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


@transaction.atomic
def settle(*, secret: str, city: FirstUnit, region: str, commission: FirstUnit, administrators: list[Administrator]) -> bool:
    """All of it, or nothing. False: the link was used up meanwhile, or accounts exist.

    Two named system jobs do it, one creating and one granting: no administrator exists yet whose two hands these could be.
    """
    # Two wizards at once, each with a link of its own, would both find no account.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
    link = links.use(secret)
    if link is None or link.user_id is not None or not open_site():
        transaction.set_rollback(True)
        return False
    with system_scope("first_run_creator") as creator:
        root = _unit(creator, city, UnitKind.CITY, None, region)
        body = _unit(creator, commission, UnitKind.COMMISSION, root, "")
        made = {one.role: _account(creator, one) for one in administrators}
    with system_scope("first_run_granter") as granter:
        for role, user in made.items():
            posts.grant(user=user, unit=body, role=role, by=granter, why="首次设置 first run")
        record(events.SET_UP, by=granter, on=root, after={"accounts": sorted(user.username for user in made.values())})
    return True


def _unit(by: Viewer, place: FirstUnit, kind: UnitKind, parent: Unit | None, region: str) -> Unit:
    return units.add(code=place.code, name=place.name, name_en=place.name_en, kind=kind, parent=parent, region=region, by=by)


def _account(by: Viewer, one: Administrator) -> User:
    return people.create(
        username=one.username,
        display_name=one.display_name,
        staff_number=one.staff_number,
        duty=ROLES[one.role].duty,
        password=one.password,
        by=by,
    )
