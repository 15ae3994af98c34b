"""The scope of a post: what the Python rule says is what the queryset gives and what PostgreSQL shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from tests.web.people import Commission
from xiezhi.web.accounts.models import Post
from xiezhi.web.accounts.roles import Duty, RoleCode
from xiezhi.web.accounts.viewer import Viewer


def test_reach_of_each_kind_of_post(commission: Commission, viewer: Callable[[RoleCode], Viewer]) -> None:
    units = commission.units
    assert viewer(RoleCode.COUNTY_OFFICER).scope.paths == (units["c1"].path,)
    assert viewer(RoleCode.TOWN_OFFICER).scope.paths == (units["t11"].path,)
    assert set(viewer(RoleCode.SUPERVISING_OFFICER).scope.paths) == {units["c1"].path, units["civil"].path}
    assert viewer(RoleCode.STATIONED_OFFICER).scope.paths == (units["finance"].path,)
    assert viewer(RoleCode.CITY_LEADER).scope.paths == (units["city"].path,)
    assert viewer(RoleCode.DEPARTMENT_CONTACT).scope.paths == (units["civil"].path,)
    assert viewer(RoleCode.AUDITOR).scope.paths == ()


def test_one_account_cannot_hold_two_administrators_posts(commission: Commission) -> None:
    held = commission.posts[RoleCode.SYSTEM_ADMINISTRATOR]
    second = Post(
        user=held.user,
        unit=held.unit,
        role=RoleCode.AUDITOR,
        duty=Duty.AUDIT,
        starts_on=held.starts_on,
        granted_at=held.granted_at,
        granted_by="someone",
        account_created_by="another",
    )
    with pytest.raises(IntegrityError, match="post_duty_is_the_accounts"):
        _save_and_check(second)
    second.duty = Duty.SYSTEM
    with pytest.raises(IntegrityError, match="post_role_has_its_duty"), transaction.atomic():
        second.save()


@transaction.atomic
def _save_and_check(post: Post) -> None:
    """The account's duty is checked at the end of the transaction: ask for it now."""
    post.save()
    connection.check_constraints()
