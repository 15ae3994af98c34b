"""A small commission for tests, built by the same actions that build a real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import people, posts, units
from xiezhi.web.accounts.models import Post, Unit, UnitKind, User
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.session_store import SessionStore
from xiezhi.web.accounts.viewer import Viewer, posts_of, system_scope, viewer_of


@dataclass
class Commission:
    """`units` by code, `users` by role. Villages are `v<county><town><village>`, so v111 lies in town t11 of county c1."""

    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[RoleCode, User] = field(default_factory=dict)
    posts: dict[RoleCode, Post] = field(default_factory=dict)

    def viewer(self, role: RoleCode) -> Viewer:
        """As the middleware would make it, read anew."""
        user = User.objects.get(pk=self.users[role].pk)
        held = posts_of(user, clock.today())
        return viewer_of(user, held[0] if held else None)


PLACES = (
    ("city", UnitKind.CITY, None, "9901", ""),
    ("commission", UnitKind.COMMISSION, "city", "", ""),
    ("office1", UnitKind.OFFICE, "commission", "", ""),
    ("group1", UnitKind.STATIONED, "commission", "", ""),
    ("finance", UnitKind.DEPARTMENT, "city", "", "finance"),
    ("civil", UnitKind.DEPARTMENT, "city", "", "civil_affairs"),
    ("medical", UnitKind.DEPARTMENT, "city", "", "medical_insurance"),
)

PLACED = {
    RoleCode.SUPERVISING_HEAD: "office1",
    RoleCode.SUPERVISING_OFFICER: "office1",
    RoleCode.INSPECTION_OFFICER: "office1",
    RoleCode.STATIONED_OFFICER: "group1",
    RoleCode.COUNTY_LEADER: "cc1",
    RoleCode.COUNTY_OFFICER: "cc1",
    RoleCode.TOWN_OFFICER: "tc11",
    RoleCode.VILLAGE_LIAISON: "v111",
    RoleCode.DEPARTMENT_CONTACT: "civil",
    RoleCode.MACHINE: "civil",
}


def build_commission() -> Commission:
    """office1 oversees county c1 and the civil affairs bureau; group1 is stationed at the finance bureau."""
    made = Commission()
    with system_scope("test_builder") as by:
        for code, kind, parent, region, department in PLACES:
            _unit(made, by, code, kind, parent, region, department)
        for county in (1, 2):
            _county(made, by, county)
        asked = [
            units.ask_oversight(office=made.units[office], overseen=[made.units[code] for code in overseen], by=by, why="test")
            for office, overseen in (("office1", ("c1", "civil")), ("group1", ("finance",)))
        ]
    with system_scope("test_creator") as creator:
        for number, (role, said) in enumerate(ROLES.items()):
            made.users[role] = people.create(
                username=f"t_{role}",
                display_name=f"测{said.zh[-3:]}",
                staff_number=f"T{number:04d}",
                duty=said.duty,
                password="correct horse 9 Battery",
                by=creator,
            )
    with system_scope("test_granter") as granter:
        for one in asked:
            units.settle_oversight(oversight_id=one.pk, granted=True, by=granter, why="test")
        for role, user in made.users.items():
            authority = 3 if ROLES[role].duty == "business" else 0
            made.posts[role] = posts.grant(
                user=user,
                unit=made.units[PLACED.get(role, "commission")],
                role=role,
                by=granter,
                why="test",
                cadre_authority=authority,
                starts_on=clock.today() - timedelta(days=30),
            )
            people.set_clearance(user_id=user.pk, clearance=3, by=granter, why="test")
    return made


def _county(made: Commission, by: Viewer, county: int) -> None:
    _unit(made, by, f"c{county}", UnitKind.COUNTY, "city", f"99010{county}")
    _unit(made, by, f"cc{county}", UnitKind.COMMISSION, f"c{county}")
    for town in (1, 2):
        here = f"{county}{town}"
        _unit(made, by, f"t{here}", UnitKind.TOWN, f"c{county}", f"99010{county}00{town}")
        _unit(made, by, f"tc{here}", UnitKind.COMMISSION, f"t{here}")
        for village in (1, 2):
            _unit(made, by, f"v{here}{village}", UnitKind.VILLAGE, f"t{here}", f"99010{county}00{town}00{village}")


def _unit(
    made: Commission, by: Viewer, code: str, kind: UnitKind, parent: str | None, region: str = "", department: str = ""
) -> None:
    made.units[code] = units.add(
        code=code,
        name=f"{code}单位",
        name_en=f"Unit {code}",
        kind=kind,
        by=by,
        region=region,
        department=department,
        parent=made.units[parent] if parent else None,
    )


def signed_in(user: User) -> Client:
    """A browser with a finished session: password changed, second factor enrolled and used."""
    User.objects.filter(pk=user.pk).update(must_change_password=False, password_changed_at=clock.now())
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "unused"}})
    user.refresh_from_db()
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.begin(store, clock.now())
    store.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return client
