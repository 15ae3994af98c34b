"""A commission at work, in which every limit of what a person may see has somebody on each side of it.

`Person.sees` and `Thing` say by hand who should see what: no line of the platform's own scope is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.test import Client

from tests.web.matrix.walk import cleared, powers
from tests.web.people import PLACED, Commission, signed_in
from xiezhi.kernel import clock
from xiezhi.web.accounts.actions import people, posts, recusals
from xiezhi.web.accounts.models import Post, User
from xiezhi.web.accounts.roles import Duty, RoleCode
from xiezhi.web.accounts.viewer import Viewer, posts_of, system_scope, viewer_of

CITY_WIDE = ("city",)
REACHED: dict[RoleCode, tuple[str, ...]] = {
    RoleCode.CITY_LEADER: CITY_WIDE,
    RoleCode.CASE_SUPERVISOR: CITY_WIDE,
    RoleCode.CONDUCT_OFFICER: CITY_WIDE,
    RoleCode.DATA_ANALYST: CITY_WIDE,
    RoleCode.COUNTY_LEADER: ("c1",),
    RoleCode.COUNTY_OFFICER: ("c1",),
    RoleCode.SUPERVISING_HEAD: ("c1", "civil"),
    RoleCode.SUPERVISING_OFFICER: ("c1", "civil"),
    RoleCode.INSPECTION_OFFICER: ("c1", "civil"),
    RoleCode.STATIONED_OFFICER: ("finance",),
    RoleCode.TOWN_OFFICER: ("t11",),
    RoleCode.VILLAGE_LIAISON: ("v111",),
    RoleCode.DEPARTMENT_CONTACT: ("civil",),
    RoleCode.MACHINE: ("civil",),
}
"""Units each post of the test commission sees, with all below them; roles that are missing see none."""

ABOVE = {
    "v111": "t11", "v112": "t11", "v121": "t12", "v211": "t21", "t11": "c1", "t12": "c1", "t21": "c2",
    "c1": "city", "c2": "city", "finance": "city", "civil": "city", "medical": "city",
}  # fmt: skip
NEEDED = {"alert": "alert.read", "delivery": "delivery.read", "upload": "delivery.read"}
"""Without it none of a kind is shown, wherever it lies."""
KIN = "subject of one's kin"


@dataclass(frozen=True)
class Sight:
    """What a post shows, said by hand."""

    units: tuple[str, ...] = ()
    post: str = ""
    """The unit of the post itself."""
    lines: tuple[str, ...] | None = None
    cadre: int = 0
    clearance: int = 0
    recused: bool = False


@dataclass(frozen=True)
class Thing:
    """Something with an address. `mark` stands on every page that shows it; `owner`: it is one person's own; `asker`: of a
    request; `watch`: the permission with which anybody may look on."""

    kind: str
    case: str
    mark: str
    given: dict[str, Any]
    unit: str = ""
    line: str = ""
    cadre: int = 0
    label: int = 0
    kin: bool = False
    hand: str = ""
    owner: str = ""
    asker: str = ""
    watch: str = ""
    row: Any = None


@dataclass
class Person:
    """`role` None: somebody whose post, or account, does not count today."""

    name: str
    user: User | None
    role: RoleCode | None
    sight: Sight = Sight()
    signs_in: bool = True
    client: Client = field(default_factory=Client)

    @cached_property
    def permissions(self) -> frozenset[str]:
        return powers()[self.role] if self.role else frozenset()

    @cached_property
    def viewer(self) -> Viewer:
        """As the middleware would make it."""
        assert self.user is not None
        user = User.objects.get(pk=self.user.pk)
        held = posts_of(user, clock.today())
        return viewer_of(user, held[0] if held else None)

    def sees(self, thing: Thing) -> bool:
        if NEEDED.get(thing.kind, "") not in ("", *self.permissions):
            return False
        if thing.owner:
            return thing.owner == self.name or thing.watch in self.permissions
        return (
            (any(_below(thing.unit, unit) for unit in self.sight.units) or (thing.hand != "" and thing.hand == self.sight.post))
            and (self.sight.lines is None or thing.line in ("", *self.sight.lines))
            and thing.cadre <= self.sight.cadre
            and thing.label <= self.sight.clearance
            and not (thing.kin and self.sight.recused)
        )

    def why_not(self, thing: Thing) -> str:
        """Which limit keeps a thing out of sight."""
        for limit, passed in (
            ("line", self.sight.lines is None or thing.line in ("", *self.sight.lines)),
            ("rank", thing.cadre <= self.sight.cadre),
            ("label", thing.label <= self.sight.clearance),
            ("recusal", not (thing.kin and self.sight.recused)),
        ):
            if not passed:
                return limit
        return "unit"


@dataclass
class World:
    """`things` by kind. `strangers`: those whom the site must treat as if they were not signed in."""

    commission: Commission
    people: dict[str, Person]
    home: Path
    things: dict[str, list[Thing]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def thing(self, kind: str, case: str) -> Thing:
        return next(one for one in self.things[kind] if one.case == case)


def _below(unit: str, above: str) -> bool:
    while unit:
        if unit == above:
            return True
        unit = ABOVE.get(unit, "")
    return False


def populate(commission: Commission) -> dict[str, Person]:
    """One person a role, nobody, and those who differ from the conduct officer in one limit each."""
    found = {"nobody": Person("nobody", None, None, signs_in=False)}
    for role, user in commission.users.items():
        business = 3 if role not in _WITHOUT_RANK else 0
        sight = (
            Sight(REACHED.get(role, ()), PLACED.get(role, "commission"), None, business, min(3, cleared()[role]))
            if role in REACHED
            else Sight()
        )
        found[role.value] = Person(role.value, user, role, sight)
    found[RoleCode.MACHINE].signs_in = False
    wide = found[RoleCode.CONDUCT_OFFICER].sight
    for name, given, sight in (
        ("one line", {"lines": ["subsidy"]}, Sight(CITY_WIDE, "commission", ("subsidy",), 3, wide.clearance)),
        ("low authority", {"cadre_authority": 1}, Sight(CITY_WIDE, "commission", None, 1, wide.clearance)),
        ("not cleared", {}, Sight(CITY_WIDE, "commission", None, 3, 0)),
        ("recused", {}, Sight(CITY_WIDE, "commission", None, 3, wide.clearance, recused=True)),
        ("post over", {"ends_on": _day(0)}, Sight()),
        ("post to come", {"starts_on": _day(1)}, Sight()),
    ):
        user = _hired(commission, name, given, clearance=0 if name == "not cleared" else 3)
        found[name] = Person(name, user, None if name.startswith("post ") else RoleCode.CONDUCT_OFFICER, sight)
    found["two posts"] = _two_posts(commission, found[RoleCode.TOWN_OFFICER].sight)
    found["no post"] = Person("no post", _hired(commission, "no post", None), None)
    found["second auditor"] = Person("second auditor", _second_auditor(commission), RoleCode.AUDITOR)
    for name, changed in (("disabled", {"is_active": False}), ("account over", {"expires_on": _day(0)})):
        user = _hired(commission, name, {})
        User.objects.filter(pk=user.pk).update(**changed)
        found[name] = Person(name, user, None, signs_in=False)
    for person in found.values():
        if person.user is not None:
            person.client = signed_in(person.user)
        person.client.raise_request_exception = False
    return found


_WITHOUT_RANK = (RoleCode.DEPARTMENT_CONTACT, RoleCode.MACHINE)


def _day(after: int) -> Any:
    return clock.today() + timedelta(days=after)


def _second_auditor(commission: Commission) -> User:
    """What one auditor asked for is not the other's."""
    user = _hired(commission, "second auditor", None, clearance=0, duty=Duty.AUDIT)
    with system_scope("test_granter") as by:
        posts.grant(user=user, unit=commission.units["commission"], role=RoleCode.AUDITOR, by=by, why="test")
    return user


def _hired(
    commission: Commission, name: str, given: dict[str, Any] | None, *, clearance: int = 3, duty: Duty = Duty.BUSINESS
) -> User:
    """A conduct officer of the whole city, but for what is given; None: without any post."""
    with system_scope("test_creator") as by:
        user = people.create(
            username=f"t_{name.replace(' ', '_')}",
            display_name=f"测{name}",
            staff_number=f"X-{name}",
            duty=duty,
            password="correct horse 9 Battery",
            by=by,
        )
    with system_scope("test_granter") as by:
        people.set_clearance(user_id=user.pk, clearance=clearance, by=by, why="test")
        if given is not None:
            _granted(commission, user, RoleCode.CONDUCT_OFFICER, "commission", by, **given)
        if name == "recused":
            recusals.declare_subject(user=user, subject_key=KIN, relation="kin", by=by)
    return user


def _granted(commission: Commission, user: User, role: RoleCode, unit: str, by: Viewer, **given: Any) -> Post:
    asked = {"cadre_authority": 3, "starts_on": _day(-30), **given}
    return posts.grant(user=user, unit=commission.units[unit], role=role, by=by, why="test", **asked)


def _two_posts(commission: Commission, first: Sight) -> Person:
    """A town officer who also holds a county post elsewhere: one acts in one post at a time."""
    user = _hired(commission, "two posts", None)
    with system_scope("test_granter") as by:
        _granted(commission, user, RoleCode.TOWN_OFFICER, "tc11", by, starts_on=_day(-60))
        _granted(commission, user, RoleCode.COUNTY_LEADER, "cc2", by)
    return Person("two posts", user, RoleCode.TOWN_OFFICER, first)
