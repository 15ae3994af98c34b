"""A machine with a token, as the security administrator issues it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.api.actions.tokens import GRANTABLE, issue
from xiezhi.web.api.models import MachineToken

Issue = Callable[..., tuple[MachineToken, str]]


@pytest.fixture
def issued(commission: Commission) -> Issue:
    def give(**changed: Any) -> tuple[MachineToken, str]:
        by = commission.viewer(RoleCode.SECURITY_ADMINISTRATOR)
        given = {
            "user_id": commission.users[RoleCode.MACHINE].pk,
            "name": "民政局每日报送",
            "scopes": GRANTABLE,
            "expires_on": (clock.now() + timedelta(days=30)).date(),
        }
        with acting_as(by):
            return issue(by=by, **(given | changed))

    return give


def machine(secret: str, **more: Any) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False, **more)


@pytest.fixture
def client(issued: Issue) -> Client:
    return machine(issued()[1])
