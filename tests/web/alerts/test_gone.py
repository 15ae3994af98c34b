"""A hit that is gone says why: on the alert's page, in the list, in the export, to machines, and who decided a parameter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.progress import Silent
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.alerts.models import Alert, History
from xiezhi.web.alerts.presenters import exports
from xiezhi.web.api.endpoints import alerts as endpoint
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.supervision import gateway as supervision
from xiezhi.web.supervision.actions.recording import record_runs
from xiezhi.web.supervision.models import Change, WhatIf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]
RULE = "SUB-002"


def gone_alerts() -> list[Alert]:
    with system_scope("test"):
        return list(Alert.objects.filter(rule=RULE, hit_state="gone").order_by("id"))


def approved(commission: Commission, values: dict[str, int]) -> None:
    """As the pages do it: tried, proposed by the officer, approved by the leader."""
    officer, leader = commission.users[RoleCode.CONDUCT_OFFICER], commission.users[RoleCode.CITY_LEADER]
    now = clock.now()
    with system_scope("test"):
        tried = WhatIf.objects.create(
            rule=RULE, version=1, before={}, after=values, state=1, ending="done", seconds=1, made_at=now, made_by=officer,
            made_by_name=officer.display_name, job_id=uuid4(),
        )  # fmt: skip
        Change.objects.create(
            rule=RULE, version=1, what="parameters", before={}, after=values, reason="收紧", what_if=tried, state="applied",
            proposed_by=officer, proposed_by_name="提议人甲", proposed_at=now, decided_by=leader, decided_by_name="批准人乙",
            decided_at=now,
        )  # fmt: skip


@pytest.fixture
def stricter(home: Path, commission: Commission) -> list[Alert]:
    """The site asks for more than anybody was overpaid."""
    record_runs()
    values = {"min_excess": 9_000_000}
    approved(commission, values)
    supervision.run([RULE], {RULE: values}, "system:nightly", Silent())
    record_runs()
    done = raise_alerts()
    found = gone_alerts()
    assert len(found) == done.gone > 0
    return found


def test_a_parameter_is_named_from_what_to_what_and_by_whom(stricter: list[Alert]) -> None:
    for alert in stricter:
        assert "由 100.00元 改为 90,000.00元" in alert.gone_zh
        assert "由提议人甲提出，批准人乙于" in alert.gone_zh
        assert "proposed by 提议人甲 and approved by 批准人乙" in alert.gone_en
        assert "90,000.00 yuan" in alert.gone_en


def test_page_list_print_export_and_machines_say_it(stricter: list[Alert], client_as: As, commission: Commission) -> None:
    alert, client = stricter[0], client_as(RoleCode.CITY_LEADER)
    for address in (f"/alerts/{alert.number}/", f"/alerts/?hit_state=gone&q={alert.number}", f"/alerts/{alert.number}/print/"):
        page = client.get(address).content.decode()
        assert "命中已消失" in page, address
        assert "由 100.00元 改为 90,000.00元" in page, address
    assert exports.export_cells(alert)[exports.export_heads().index("消失原因")] == alert.gone_zh
    assert endpoint._row(alert)["gone"] == {"zh": alert.gone_zh, "en": alert.gone_en}
    with system_scope("test"):
        standing = Alert.objects.exclude(hit_state="gone").order_by("id")[0]
    assert endpoint._row(standing)["gone"] is None
    assert exports.export_cells(standing)[exports.export_heads().index("消失原因")] == ""


def test_the_evidence_of_a_hit_that_is_gone_opens_and_says_why(stricter: list[Alert], client_as: As) -> None:
    alert = stricter[0]
    page = client_as(RoleCode.CITY_LEADER).post(f"/alerts/{alert.number}/evidence/", {"purpose": "核查"}).content.decode()
    assert "以下证据取自此前最后一次成立的运行" in page
    assert "由 100.00元 改为 90,000.00元" in page
    assert "所依据的行" in page


def test_the_history_keeps_why_when_it_is_back(stricter: list[Alert], client_as: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason leaves the alert with the state; what was said then stays in its history."""
    supervision.run([RULE], {}, "system:nightly", Silent())
    record_runs()
    raise_alerts()
    alert = stricter[0]
    with system_scope("test"):
        now = Alert.objects.get(pk=alert.pk)
        assert (now.hit_state, now.gone_zh, now.gone_en) == ("new", "", "")
        assert set(History.objects.filter(alert=alert).values_list("what", flat=True)) == {"gone", "back"}
    page = client_as(RoleCode.CITY_LEADER).get(f"/alerts/{alert.number}/").content.decode()
    assert page.count("由 100.00元 改为 90,000.00元") == 1, "in the history only"


def test_a_hit_that_went_unnoticed_in_an_earlier_run_is_gone_all_the_same(home: Path, commission: Commission) -> None:
    """Two runs at the command line, no alerts raised between: the newest does not know it, and its alert must not stand."""
    record_runs()
    values = {RULE: {"min_excess": 9_000_000}}
    supervision.run([RULE], values, "analyst", Silent())
    supervision.run([RULE], values, "analyst", Silent())
    record_runs()
    done = raise_alerts(run=3)
    found = gone_alerts()
    with system_scope("test"):
        assert not Alert.objects.filter(rule=RULE).exclude(hit_state="gone").exists()
        assert not Alert.objects.exclude(rule=RULE).filter(hit_state="gone").exists()
    assert len(found) == done.gone > 0
    assert all("由 100.00元 改为 90,000.00元" in one.gone_zh for one in found)
    raise_alerts()
    assert len(gone_alerts()) == len(found)


def test_without_a_change_that_was_approved_nobody_is_named(home: Path, commission: Commission) -> None:
    """A value given at the command line: who ran it so is all that is known."""
    record_runs()
    supervision.run([RULE], {RULE: {"min_excess": 9_000_000}}, "analyst", Silent())
    record_runs()
    raise_alerts()
    (told, *_) = gone_alerts()
    assert "analyst" in told.gone_zh
    assert "批准" not in told.gone_zh


def test_a_change_of_another_rule_or_of_an_earlier_time_is_not_named(home: Path, commission: Commission) -> None:
    record_runs()
    approved(commission, {"min_excess": 1})
    with system_scope("test"):
        Change.objects.update(decided_at=clock.now() - timedelta(days=400))
    supervision.run([RULE], {RULE: {"min_excess": 9_000_000}}, "analyst", Silent())
    record_runs()
    raise_alerts()
    assert all("批准人乙" not in one.gone_zh for one in gone_alerts())


def test_rows_and_norms_are_links_for_who_may_open_them(client_as: As, commission: Commission) -> None:
    mirror_all()
    with system_scope("test"):
        alert = Alert.objects.filter(rule=RULE, label=1).order_by("id")[0]
    client = client_as(RoleCode.CITY_LEADER)
    page = client.post(f"/alerts/{alert.number}/evidence/", {"purpose": "核查"}).content.decode()
    links = sorted(set(re.findall(r'href="(/deliveries/(\d+)/\?row=(\d+)#rows)"', page)))
    assert links
    for address, number, row in links:
        told = client.get(address).content.decode()
        assert f"第 {row} 行" in told, (number, row)
    norm = re.search(rf'href="(/supervision/{RULE}/#norm-([\w-]+))"', page) or re.search(
        rf'href="([^"]*{RULE}/#norm-([\w-]+))"', page
    )
    assert norm is not None
    assert f'id="norm-{norm[2]}"' in client.get(norm[1].partition("#")[0]).content.decode()
    town = client_as(RoleCode.TOWN_OFFICER)
    with system_scope("test"):
        near = Alert.objects.filter(unit_path__startswith=commission.units["t11"].path, label__lte=1).order_by("id").first()
    if near is not None:
        shown = town.post(f"/alerts/{near.number}/evidence/", {"purpose": "核查"}).content.decode()
        assert "所依据的行" in shown
        assert "/deliveries/" not in shown, "a town officer may not open deliveries"
