"""The page of powers is current, and the distribution of power holds what it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.powers_page import page
from xiezhi.web.accounts.roles import ADMINISTRATORS, ROLES, Reach, RoleCode

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "powers.md"
OF_ADMINISTRATORS = {
    Permission.WORKBENCH_OPEN,
    Permission.ACCOUNT_READ,
    Permission.ACCOUNT_CREATE,
    Permission.ACCOUNT_DISABLE,
    Permission.POST_GRANT,
    Permission.UNIT_MANAGE,
    Permission.CALENDAR_MANAGE,
    Permission.POLICY_SET,
    Permission.MACHINE_MANAGE,
    Permission.SYSTEM_RUN,
    Permission.TRAIL_READ,
    Permission.SIGHT_REVIEW,
    Permission.TRAIL_EXPORT,
    Permission.REVEAL_REGISTER,
    Permission.REPLAY_CHECK,
}


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m xiezhi.web.accounts.powers_page"


def test_every_permission_is_somebodys() -> None:
    assert "| nobody |" not in page()


def test_no_administrator_has_a_business_permission() -> None:
    for role in ROLES.values():
        if role.duty in ADMINISTRATORS:
            assert role.permissions <= OF_ADMINISTRATORS, role.code
            assert role.reach is Reach.NOTHING
            assert role.clearance == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Permission.ACCOUNT_CREATE, Permission.POST_GRANT),
        (Permission.ACCOUNT_CREATE, Permission.TRAIL_READ),
        (Permission.POST_GRANT, Permission.TRAIL_READ),
        (Permission.REVEAL_REQUEST, Permission.REVEAL_REGISTER),
        (Permission.SYSTEM_RUN, Permission.TRAIL_READ),
    ],
)
def test_what_no_role_may_hold_together(first: Permission, second: Permission) -> None:
    assert [role.code for role in ROLES.values() if {first, second} <= role.permissions] == []


def test_only_the_auditor_reads_the_trail() -> None:
    assert [role.code for role in ROLES.values() if Permission.TRAIL_READ in role.permissions] == [RoleCode.AUDITOR]
