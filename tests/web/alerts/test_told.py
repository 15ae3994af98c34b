"""What an alert says of places and people: names instead of codes, the way from the subject to the firm, and how delicate it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.people import Commission
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import gateway, queries
from xiezhi.web.alerts.models import Alert
from xiezhi.web.supervision.policies import with_places

pytestmark = pytest.mark.usefixtures("raised")
As = Callable[[RoleCode], Client]
CALLED = {"990101001002": Words(zh="栖萤镇岚汀村", en="Village 2 (Town 1)")}


def one_of(**wanted: object) -> Alert:
    with system_scope("test"):
        return Alert.objects.select_related("unit__parent").filter(**wanted).order_by("pk")[0]


def test_codes_of_known_places_become_names_and_other_numbers_stay() -> None:
    told = with_places(
        Words(zh="村990101001002的工程，合同990101001009，卡号6222990101001002123", en="Village 990101001002 gave 990101001009"),
        CALLED,
    )
    assert told.zh == "栖萤镇岚汀村的工程，合同990101001009，卡号6222990101001002123"
    assert told.en == "Village 2 (Town 1) gave 990101001009"


def test_a_village_is_named_and_found_by_its_name(commission: Commission) -> None:
    """The rule itself gives the name, as the delivered table of regions has it."""
    alert = one_of(rule="VIL-110")
    village = alert.sentence_zh.split("的")[0]
    assert village.endswith(("村", "社区"))
    assert alert.region not in alert.sentence_zh
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer):
        assert queries.alerts(viewer, queries.Wanted(text=village)).filter(pk=alert.pk).exists()


def test_the_way_leads_over_the_relative_to_the_firm(commission: Commission) -> None:
    alert = one_of(rule="VIL-110", variant="B")
    with acting_as(commission.viewer(RoleCode.CITY_LEADER)):
        picture = queries.relations(alert, gateway.evidence(alert.fingerprint).rows)
    assert picture is not None
    subject, firm = alert.subject_key, alert.counterpart_key
    kin = next(
        edge["target"] for edge in picture["edges"] if edge["source"] == subject and edge["target"].startswith("citizen_id")
    )
    assert any(edge["source"] == kin and edge["target"] == firm for edge in picture["edges"])
    assert all("*" in node["label"] for node in picture["nodes"] if node["kind"] == "person")
    assert [node["id"] for node in picture["nodes"] if node.get("main")] == [subject]


def test_village_cadres_are_of_the_towns_level_and_a_post_below_it_does_not_see_them(commission: Commission) -> None:
    assert one_of(rule="VIL-110").cadre_level == 1
    assert one_of(rule="SUB-001").cadre_level == 0


def test_evidence_shows_money_in_yuan_and_the_picture(client_as: As) -> None:
    alert = one_of(rule="SUB-001", label=1) if _has(rule="SUB-001", label=1) else one_of(rule="SUB-001")
    page = client_as(RoleCode.CITY_LEADER).post(f"/alerts/{alert.number}/evidence/", {"purpose": "核查"}).content.decode()
    assert "宽限期之后发放而未退回的金额</td>" in page
    assert re.search(r">[\d,]+\.\d\d元<", page)
    assert "（分）" not in page
    assert "收款人姓名与姓名是否一致" in page
    assert "payee_agrees" not in page


def _has(**wanted: object) -> bool:
    with system_scope("test"):
        return Alert.objects.filter(**wanted).exists()
