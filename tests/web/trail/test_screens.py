"""What the auditor sees, who else does not, and that looking is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.audit.site import TESTED
from tests.web.people import Commission
from tests.web.trail.conftest import Desk, events_of
from xiezhi.kernel import clock
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.audit.record import record
from xiezhi.web.trail import events, queries

PAGES = ("/trail/", "/trail/figures/", "/trail/verification/", "/trail/person/?username=t_supervising_officer",
         "/trail/thing/?kind=alerts.alert&id=4412", "/trail/events/{event}/")  # fmt: skip
MOST_QUERIES = 15


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_costs_little_and_writes_one_event(auditor: Client, told: AuditEvent, page: str) -> None:
    address = page.format(event=told.pk)
    auditor.get(address)
    before = len(events_of(events.LOOKED.code))
    with CaptureQueriesContext(connection) as asked:
        answer = auditor.get(address)
    assert answer.status_code == 200
    assert len(events_of(events.LOOKED.code)) == before + 1
    real = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    print(page, len(real))
    assert len(real) <= MOST_QUERIES, "\n".join(real)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_speaks_english(auditor: Client, commission: Commission, told: AuditEvent, page: str) -> None:
    commission.users[RoleCode.AUDITOR].__class__.objects.filter(pk=commission.users[RoleCode.AUDITOR].pk).update(language="en")
    text = auditor.get(page.format(event=told.pk)).content.decode()
    assert "审计" not in text.split("<main", 1)[1].split("</main", 1)[0].replace("测审计员", "")


@pytest.mark.parametrize("role", [role for role in RoleCode if role is not RoleCode.MACHINE])
def test_only_the_auditor_reads_the_trail(client_as: Callable[[RoleCode], Client], told: AuditEvent, role: RoleCode) -> None:
    browser = client_as(role)
    expected = 200 if Permission.TRAIL_READ in ROLES[role].permissions else 403
    assert {browser.get(page.format(event=told.pk)).status_code for page in PAGES} == {expected}


def test_the_list_shows_everybody_the_administrators_included(desk: Desk, commission: Commission) -> None:
    page = desk("/trail/?size=100")
    assert "test_granter" in page
    assert "新建账号" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("who=t_supervising_officer", True),
        ("who=t_auditor", False),
        ("kind=test.changed", True),
        ("kind=account.created", False),
        ("role=supervising_officer", True),
        ("role=auditor", False),
        ("outcome=done", True),
        ("outcome=refused", False),
        ("thing=4412", True),
        ("thing=4413", False),
        ("ip=10.9.8.7", True),
        ("ip=10.9.8.8", False),
        ("since={today}&until={today}", True),
        ("since={tomorrow}", False),
        ("until={yesterday}", False),
        ("kind=nonsense&outcome=x&role=y&since=never", True),
    ],
)
def test_filters_narrow_the_list(desk: Desk, told: AuditEvent, query: str, shown: bool) -> None:
    today = timezone.localdate(clock.now())
    days = {"today": today, "tomorrow": today + timedelta(days=1), "yesterday": today - timedelta(days=1)}
    assert ("AL-2026-004412" in desk(f"/trail/?size=100&{query.format(**days)}")) is shown


def test_a_person_is_found_by_the_name_people_know(desk: Desk, commission: Commission, told: AuditEvent) -> None:
    name = commission.users[RoleCode.SUPERVISING_OFFICER].display_name
    assert "AL-2026-004412" in desk(f"/trail/?who={quote(name)}")


def test_an_event_shows_what_changed_in_words(desk: Desk, told: AuditEvent) -> None:
    page = desk(f"/trail/events/{told.pk}/")
    for part in ("状态", "raised", "done", "同名不同人", "10.9.8.7", "request-0001", "待封存", "同一请求的其他事件"):
        assert part in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert '{"' not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_what_is_not_there_is_404(auditor: Client) -> None:
    missing = (
        "events/0/",
        "person/",
        "person/?username=nobody",
        "person/?username=%00",
        "thing/",
        "thing/?kind=x&id=y",
        "checkpoint/",
    )
    for address in (f"/trail/{one}" for one in missing):
        assert auditor.get(address).status_code == 404, address


def test_paging_by_key_shows_every_event_once(desk: Desk, commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty events within a millisecond, some at the same microsecond."""
    officer, begin = commission.viewer(RoleCode.SUPERVISING_OFFICER), clock.now()
    with transaction.atomic():
        for number in range(60):
            monkeypatch.setenv("XIEZHI_NOW", (begin + timedelta(microseconds=number // 2)).isoformat())
            record(TESTED, by=officer, on=f"paged:p{number:02}")
    monkeypatch.delenv("XIEZHI_NOW")
    seen: list[str] = []
    address = "/trail/?kind=test.changed&size=20"
    for _ in range(3):
        page = desk(address)
        seen += re.findall(r"id=p(\d\d)", page)
        address = f"/trail/{_next(page)}" if _next(page) else ""
    assert seen == [f"{number:02}" for number in reversed(range(60))]


def _next(page: str) -> str:
    links = re.findall(r'href="(\?[^"]*after=[^"]*)"', page)
    return links[0].replace("&amp;", "&") if links else ""


def test_figures_count_events_and_refusals(desk: Desk, client_as: Callable[[RoleCode], Client], told: AuditEvent) -> None:
    assert client_as(RoleCode.TOWN_OFFICER).get("/trail/").status_code == 403
    page = desk("/trail/figures/")
    assert "t_town_officer" in page
    today = timezone.localdate(clock.now()).isoformat()
    assert f"since={today}" in page.replace("\\u0026", "&")
    assert f"/trail/?since={today}" in page.replace("\\u0026", "&")
    assert desk("/trail/figures/?since=2000-01-01&until=1999-01-01")


def test_a_number_typed_into_a_filter_does_not_enter_the_trail(desk: Desk) -> None:
    desk("/trail/?who=990101199003078519")
    assert events_of(events.LOOKED.code)[-1].details["filter"] == {"who": "*" * 18}


def test_the_workbench_tells_the_auditor_what_to_do(commission: Commission, told: AuditEvent) -> None:
    auditor, officer = commission.viewer(RoleCode.AUDITOR), commission.viewer(RoleCode.SUPERVISING_OFFICER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('xiezhi.trail', 'read', true)")
    assert [one.title for one in queries.to_do(auditor)] == ["审计链超过 30 天未验证"]
    assert int(queries.figures(auditor)[0].value) > 1
    assert (queries.to_do(officer), queries.figures(officer)) == ([], [])
    assert queries.found(officer).count() == 0
