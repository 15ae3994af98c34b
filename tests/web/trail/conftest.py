"""An auditor at their desk, over the events that building the commission left behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from tests.web.audit.conftest import fresh  # noqa: F401 - a fixture
from tests.web.audit.site import TESTED
from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.audit import context
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.audit.reading import reading_the_trail
from xiezhi.web.audit.record import Target, record

Desk = Callable[[str], str]


@pytest.fixture
def auditor(client_as: Callable[[RoleCode], Client]) -> Client:
    return client_as(RoleCode.AUDITOR)


@pytest.fixture
def desk(auditor: Client) -> Desk:
    """The page at an address, as the auditor sees it."""

    def page(address: str) -> str:
        answer = auditor.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return page


@pytest.fixture
def told(commission: Commission) -> AuditEvent:
    """An officer handled an alert, from a known address."""
    officer = commission.viewer(RoleCode.SUPERVISING_OFFICER)
    with context.facts(ip="10.9.8.7", request_id="request-0001"), transaction.atomic():
        record(TESTED, by=officer, on="other:1")
        target = Target("alerts.alert", "4412", "AL-2026-004412", "0001.")
        return record(
            TESTED, by=officer, on=target, why="同名不同人", before={"state": "raised"}, after={"state": "done"}, note="<b>x</b>"
        )


def events_of(kind: str) -> list[AuditEvent]:
    with reading_the_trail():
        return list(AuditEvent.objects.filter(kind=kind).order_by("id"))
