"""The first page: what its pictures count is what the lists behind them hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client

from tests.web.alerts.conftest import city, home, raised  # noqa: F401 - the site with its alerts
from tests.web.people import Commission
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import queries as alerts
from xiezhi.web.alerts.models import Alert
from xiezhi.web.kit.charts import Chart
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
        open_ones = alerts.alerts(viewer, alerts.AlertCriteria(state="open")).count()
        by_line = queries.charts(viewer)[0]
    assert sum(value or 0 for series in by_line.series for value in series.values) == open_ones > 0


@pytest.mark.usefixtures("raised")
def test_what_a_picture_has_no_place_for_is_said_under_it(commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with system_scope("test"):
        Alert.objects.filter(pk=Alert.objects.order_by("pk")[0].pk).update(period_to=None)
    with acting_as(viewer):
        open_ones = alerts.alerts(viewer, alerts.AlertCriteria(state="open", standing=True))
        whole = queries.charts(viewer)
        monkeypatch.setattr(queries, "PLACES", 2)
        monkeypatch.setattr(queries, "MONTHS", 1)
        cut = queries.charts(viewer)
        total, undated = open_ones.count(), open_ones.filter(period_to=None).count()
    for chart in whole:
        assert _drawn(chart) + _said(chart.left_out) == total
    assert [chart.left_out != "" for chart in cut] == [True] * 4
    by_line, _place, by_month, _rule = cut
    assert by_line.left_out == f"图中是最多的 2 项，另有 {len(whole[0].categories) - 2} 项共 {total - _drawn(by_line)} 条未画出。"
    assert f"没有所属期的 {undated} 条" in by_month.left_out
    assert f"1 个月之前的 {total - undated - _drawn(by_month)} 条" in by_month.left_out


def _drawn(chart: Chart) -> int:
    return sum(int(value or 0) for series in chart.series for value in series.values)


def _said(left_out: object) -> int:
    """Alerts that a sentence under a picture speaks of."""
    return sum(map(int, re.findall(r"(\d+) 条", str(left_out))))


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


@pytest.mark.usefixtures("raised")
def test_where_alerts_above_the_clearance_are_left_out_that_is_said(client_as: As) -> None:
    said = {role: "密级高于您许可的预警" in client_as(role).get("/").content.decode() for role in ROLES_SEEN}
    listed = {role: "密级高于您许可的预警" in client_as(role).get("/alerts/subjects/").content.decode() for role in ROLES_SEEN}
    assert said == listed == {RoleCode.CITY_LEADER: False, RoleCode.TOWN_OFFICER: True, RoleCode.VILLAGE_LIAISON: True}
    assert "密级高于" not in client_as(RoleCode.AUDITOR).get("/").content.decode(), (
        "whoever sees no alerts is told nothing of them"
    )


ROLES_SEEN = (RoleCode.CITY_LEADER, RoleCode.TOWN_OFFICER, RoleCode.VILLAGE_LIAISON)
