"""The first page: what its pictures count is what the lists behind them hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client

from tests.web.alerts.conftest import city, home, raised  # noqa: F401 - the site with its alerts
from tests.web.people import Commission
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.alerts import queries as alerts
from xiezhi.web.workbench import queries
from xiezhi.web.workbench.queries import _months

As = Callable[[RoleCode], Client]


@pytest.mark.usefixtures("raised")
def test_every_bar_leads_to_the_alerts_it_counts(commission: Commission, client_as: As) -> None:
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer):
        charts = queries.charts(viewer)
    assert len(charts) == 4
    client = client_as(RoleCode.CITY_LEADER)
    for chart in charts:
        for series in chart.series:
            for count, link in list(zip(series.values, series.links, strict=False))[:2]:
                if not link:
                    continue
                wanted = parse_qs(urlparse(link).query)
                assert wanted["state"] == ["open"]
                page = client.get(link)
                assert page.context["listing"].page.total.count == count, link


@pytest.mark.usefixtures("raised")
def test_the_pictures_hold_all_open_alerts(commission: Commission) -> None:
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer):
        open_ones = alerts.alerts(viewer, alerts.Wanted(state="open")).count()
        by_line = queries.charts(viewer)[0]
    assert sum(value or 0 for series in by_line.series for value in series.values) == open_ones > 0


def test_months_without_alerts_are_not_left_out() -> None:
    assert _months(date(2025, 11, 1), date(2026, 2, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert len(_months(date(2020, 1, 1), date(2026, 2, 1))) == 12


@pytest.mark.parametrize("role", [RoleCode.CITY_LEADER, RoleCode.DEPARTMENT_CONTACT, RoleCode.AUDITOR, RoleCode.PETITION_CLERK])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_opens_for_everybody(client_as: As, commission: Commission, role: RoleCode, language: str) -> None:
    client = client_as(role)
    User.objects.filter(pk=commission.users[role].pk).update(language=language)
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
