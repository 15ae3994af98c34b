"""What an alert says of places and people: names instead of codes, the way from the subject to the firm, and how delicate it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests.web.people import Commission
from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.identities import number_identity
from xiezhi.operations.names import name_places
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import gateway, queries
from xiezhi.web.alerts.models import Alert
from xiezhi.web.lake import core_config, lake
from xiezhi.web.reveals.gateway import mask_all, value_of
from xiezhi.web.supervision import gateway as supervision
from xiezhi.web.supervision.policies import with_places
from xiezhi.web.supervision.queries.naming import names_of

pytestmark = pytest.mark.usefixtures("raised")
As = Callable[[RoleCode], Client]
CALLED = {"990101001002": Words(zh="栖萤镇岚汀村", en="Village 2 (Town 1)")}


def _register(home: Path) -> list[dict[str, Any]]:
    with Lake.open(home / "lake") as opened, DuckDB() as engine:
        return engine.rows(scan_sql(opened.snapshot().tables["person_population"]))


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
        assert queries.alerts(viewer, queries.AlertCriteria(text=village)).filter(pk=alert.pk).exists()


def test_a_person_is_told_by_surname_year_and_village(home: Path, commission: Commission) -> None:
    """As the register of residents has them; so whoever knows the village knows whom to ask, and nobody else does."""
    alert = one_of(rule="SUB-001")
    number = int(alert.subject_key.partition(":")[2])
    row = next(row for row in _register(home) if row["person"] == number)
    name, year, village, tail = alert.subject_masked.split(" · ")
    whole = value_of("name", row["name"], purpose="测试", case="1", actor="test")
    assert whole is not None
    assert name == whole[0] + "*" * (len(whole) - 1)
    assert year == str(row["birth_date"].year)
    assert village == name_places(core_config(), lake(), [row["village"]])[str(row["village"])]
    assert "镇" in village
    assert tail == "…" + mask_all("citizen_id", [number])[number][-2:]
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer):
        assert queries.alerts(viewer, queries.AlertCriteria(text=village)).filter(pk=alert.pk).exists()


def test_a_person_whom_no_register_has_keeps_the_masked_id() -> None:
    stranger = number_identity(core_config(), lake(), "citizen_id", "990101195001010010")
    assert names_of([("citizen_id", stranger)]).of("citizen_id", stranger) == "990101********0010"


def test_the_way_leads_over_the_relative_to_the_firm(commission: Commission) -> None:
    alert = one_of(rule="VIL-110", variant="B")
    with acting_as(commission.viewer(RoleCode.CITY_LEADER)):
        picture = queries.relations(alert, gateway.evidence(alert.fingerprint, alert.rule).rows)
    assert picture is not None
    subject, firm = alert.subject_key, alert.counterpart_key
    kin = next(
        edge["target"] for edge in picture["edges"] if edge["source"] == subject and edge["target"].startswith("citizen_id")
    )
    assert any(edge["source"] == kin and edge["target"] == firm for edge in picture["edges"])
    assert all("*" in node["label"] for node in picture["nodes"] if node["kind"] == "person")
    assert [node["id"] for node in picture["nodes"] if node.get("main")] == [subject]


def test_of_too_many_parties_the_nearest_are_drawn_and_the_others_counted(
    commission: Commission, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = one_of(rule="VIL-110", variant="B")
    rows = gateway.evidence(alert.fingerprint, alert.rule).rows
    with acting_as(commission.viewer(RoleCode.CITY_LEADER)):
        whole = queries.relations(alert, rows)
        monkeypatch.setattr(import_module("xiezhi.web.alerts.queries.relations"), "MOST_NODES", 2)
        cut = queries.relations(alert, rows)
    assert whole is not None
    assert cut is not None
    assert whole["left_out"] == 0
    assert cut["left_out"] == len(whole["nodes"]) - 2 > 0
    drawn = {node["id"] for node in cut["nodes"]}
    assert alert.subject_key in drawn
    assert {end for edge in cut["edges"] for end in (edge["source"], edge["target"])} == drawn


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


def test_evidence_speaks_the_language_of_its_reader(client_as: As, commission: Commission) -> None:
    alert = one_of(rule="SUB-001")
    client = client_as(RoleCode.CITY_LEADER)
    User.objects.filter(pk=commission.users[RoleCode.CITY_LEADER].pk).update(language="en")
    page = client.post(f"/alerts/{alert.number}/evidence/", {"purpose": "check"}).content.decode()
    assert escape(alert.sentence_en) in page
    assert alert.sentence_zh not in page


def _has(**wanted: object) -> bool:
    with system_scope("test"):
        return Alert.objects.filter(**wanted).exists()


def test_the_printed_sheet_has_its_head_what_to_verify_and_room_for_opinions_and_signatures(client_as: As) -> None:
    alert = one_of(rule="SUB-001")
    page = client_as(RoleCode.CITY_LEADER).get(f"/alerts/{alert.number}/print/").content.decode()
    rule = supervision.rules()["SUB-001"]
    for part in (
        alert.number,
        alert.sentence_zh,
        alert.subject_masked,
        alert.seal,
        "commission单位",
        "怎样核实",
        "常见的误报",
        "依据",
    ):
        assert part in page, part
    assert all(point.zh in page for point in (*rule.verify, *rule.false_positives))
    assert all(norm.title.zh in page for norm in rule.norms)
    assert page.count("签名：") == 4
    assert page.index("领导批示") < page.index("历史"), "what is decided on stands before what has been"


def test_the_sheet_of_an_alert_whose_model_is_gone_has_no_lists_of_another(client_as: As) -> None:
    alert = one_of(rule="SUB-001")
    with system_scope("test"):
        Alert.objects.filter(pk=alert.pk).update(rule="GONE-1")
    page = client_as(RoleCode.CITY_LEADER).get(f"/alerts/{alert.number}/print/").content.decode()
    assert "签名：" in page
    assert "怎样核实" not in page


def test_a_form_says_which_alert_it_is_about(client_as: As) -> None:
    alert = one_of(rule="SUB-001")
    page = client_as(RoleCode.CONDUCT_OFFICER).get(f"/alerts/{alert.number}/dismiss/").content.decode()
    assert alert.number in page
    assert alert.sentence_zh in page
    with system_scope("test"):
        numbers = list(Alert.objects.order_by("pk").values_list("number", flat=True)[:12])
    client = client_as(RoleCode.CONDUCT_OFFICER)
    page = client.get("/alerts/together/dismiss/", {"picked": numbers}).content.decode()
    shown = [number for number in numbers if f"{number} " in page]
    beyond = re.search(r"另有 (\d+) 条", page)
    assert len(shown) + int(beyond[1] if beyond else 0) == len(re.findall(r'name="picked"', page)) > 10
