"""A post's view is measured from its unit, so a role is held only where it belongs."""

from __future__ import annotations

import pytest

from tests.web.people import PLACED, Commission
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.actions import posts
from xiezhi.web.accounts.models import Post
from xiezhi.web.accounts.placing import kinds_of
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import system_scope


def granted(commission: Commission, role: RoleCode, unit: str) -> Post:
    with system_scope("test_granter") as by:
        return posts.grant(user=commission.users[role], unit=commission.units[unit], role=role, by=by, why="兼任")


@pytest.mark.parametrize("role", list(RoleCode))
def test_every_role_is_held_somewhere_and_where_it_belongs(commission: Commission, role: RoleCode) -> None:
    """The commission of the tests placed each of them through the same door."""
    assert kinds_of(role)
    assert commission.posts[role].unit.code == PLACED.get(role, "commission")


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (RoleCode.COUNTY_OFFICER, "commission"),
        (RoleCode.COUNTY_OFFICER, "office1"),
        (RoleCode.COUNTY_LEADER, "commission"),
        (RoleCode.TOWN_OFFICER, "cc1"),
        (RoleCode.TOWN_OFFICER, "commission"),
        (RoleCode.VILLAGE_LIAISON, "t11"),
        (RoleCode.VILLAGE_LIAISON, "tc11"),
        (RoleCode.DEPARTMENT_CONTACT, "commission"),
        (RoleCode.STATIONED_OFFICER, "office1"),
        (RoleCode.SUPERVISING_OFFICER, "commission"),
        (RoleCode.SUPERVISING_OFFICER, "civil"),
        (RoleCode.CITY_LEADER, "civil"),
        (RoleCode.DATA_ANALYST, "v111"),
        (RoleCode.AUDITOR, "finance"),
    ],
)
def test_elsewhere_it_is_refused_and_nothing_is_given(commission: Commission, role: RoleCode, unit: str) -> None:
    before = Post.objects.count()
    with pytest.raises(UserError, match="XZ-ACC-07") as refused:
        granted(commission, role, unit)
    assert ROLES[role].zh in refused.value.zh
    assert Post.objects.count() == before


@pytest.mark.parametrize(
    ("role", "unit"), [(RoleCode.COUNTY_OFFICER, "cc2"), (RoleCode.TOWN_OFFICER, "tc12"), (RoleCode.CONDUCT_OFFICER, "cc1")]
)
def test_another_unit_of_its_kind_or_a_narrower_one_is_open(commission: Commission, role: RoleCode, unit: str) -> None:
    assert granted(commission, role, unit).unit.code == unit
