"""What the workbench says of alerts: everything a person can act on, with its number, and every number leads to what it counts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.people import Commission
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import queries
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.queries import THERE, AlertCriteria
from xiezhi.web.kit.cards import Figure
from xiezhi.web.supervision import gateway as supervision
from xiezhi.web.supervision.policies import label_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]
OF_VILLAGES = ("subsidy", "assistance", "village", "insurance")
"""Lines whose hits lie in villages."""


def test_a_village_sees_what_is_placed_with_it(client_as: As, commission: Commission) -> None:
    """Its liaison was shown a zero: every alert of a village was above the clearance of the role."""
    delicate = [label_of(rule.classes, rule.identities) for rule in supervision.rules().values() if rule.domain in OF_VILLAGES]
    assert ROLES[RoleCode.VILLAGE_LIAISON].clearance >= max(delicate)
    liaison = commission.viewer(RoleCode.VILLAGE_LIAISON)
    with system_scope("test"):
        one = Alert.objects.filter(line="subsidy", state="open").earliest("id")
        Alert.objects.filter(pk=one.pk).update(unit_path=liaison.scope.paths[0])
    page = client_as(RoleCode.VILLAGE_LIAISON).get("/alerts/").content.decode()
    assert one.number in page
    assert "密级高于您许可的预警不在此列" in page
    assert "密级高于您许可的预警不在此列" not in client_as(RoleCode.CITY_LEADER).get("/alerts/").content.decode()


@pytest.mark.parametrize(
    "role", [RoleCode.TOWN_OFFICER, RoleCode.COUNTY_OFFICER, RoleCode.CONDUCT_OFFICER, RoleCode.DATA_ANALYST]
)
def test_everything_open_is_to_do_for_whoever_can_do_something_about_it(commission: Commission, role: RoleCode) -> None:
    viewer = commission.viewer(role)
    with acting_as(viewer):
        waits = [one for one in queries.to_do(viewer) if one.icon == "alert"]
        there = queries.alerts(viewer, AlertCriteria(state="open", standing=True)).count()
        gone = queries.alerts(viewer, AlertCriteria(state="open", hit_state="gone")).count()
    listed = [one for one in waits if re.match(r"\d{4}-", one.title)]
    folded = {one.url: int("".join(re.findall(r"\d", one.title))) for one in waits if one not in listed}
    assert len(listed) + folded.get(f"/alerts/?hit_state={THERE}&state=open", 0) == there > 0
    assert folded.get("/alerts/?hit_state=gone&state=open", 0) == gone


def test_whoever_can_do_nothing_about_alerts_has_none_to_do(commission: Commission) -> None:
    viewer = commission.viewer(RoleCode.INSPECTION_OFFICER)
    with acting_as(viewer):
        assert [one for one in queries.to_do(viewer) if one.icon == "alert"] == []


def test_a_vanished_hit_is_counted_as_one(client_as: As, commission: Commission) -> None:
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer):
        before = {one.label: one.value for one in queries.figures(viewer)}
    with system_scope("test"):
        one = Alert.objects.filter(level="red", state="open").exclude(hit_state="gone").earliest("id")
        Alert.objects.filter(pk=one.pk).update(hit_state="gone")
    with acting_as(viewer):
        figures = queries.figures(viewer)
    after = {one.label: one.value for one in figures}
    assert int(after["红色预警"]) == int(before["红色预警"]) - 1
    assert int(after["命中已消失"]) == int(before.get("命中已消失", 0)) + 1
    client = client_as(RoleCode.CITY_LEADER)
    for figure in figures:
        assert held(client, figure) == figure.value, figure.url


def held(client: Client, figure: Figure) -> int:
    return int(client.get(figure.url).context["listing"].page.total.count)


def test_a_list_names_the_unit_that_the_page_names(client_as: As) -> None:
    """Where the delivered word is another: a hospital, whose alert stands at the department that answers for it."""
    client = client_as(RoleCode.CITY_LEADER)
    for line in ("medical", "subsidy"):
        with system_scope("test"):
            one = Alert.objects.filter(line=line).select_related("unit__parent").earliest("id")
        rows = {row["one"].number: row["unit"] for row in client.get(f"/alerts/?q={one.number}").context["rows"]}
        assert dict(client.get(f"/alerts/{one.number}/").context["leading"])["归属单位"] == rows[one.number]
