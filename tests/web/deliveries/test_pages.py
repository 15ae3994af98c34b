"""The screens of deliveries: who sees what, in which language, for how many queries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.deliveries.files import csv
from tests.web.people import Commission
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.deliveries import queries
from xiezhi.web.deliveries.actions.mirroring import mirror_all

Browser = Callable[[RoleCode], Client]
As = Callable[[RoleCode], Viewer]
PAGES = (
    "",
    "1/",
    "4/",
    "1/rows/",
    "1/receipt/",
    "upload/",
    "calendar/",
    "calendar/?year=2026",
    "quality/",
    "quality/fiscal_payroll/",
    "quality/dibao_member/",
)


@pytest.fixture(autouse=True)
def mirrored(lake: Path, commission: Commission) -> None:
    mirror_all()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_opens_in_both_languages_within_its_budget(
    client_as: Browser, commission: Commission, page: str, language: str
) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    User.objects.filter(pk=commission.users[RoleCode.DATA_ANALYST].pk).update(language=language)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(f"/deliveries/{page}")
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    assert len(seen) <= 15, [one["sql"][:90] for one in seen]


def test_counts_on_the_page_add_up_and_faults_name_row_and_column(client_as: Browser) -> None:
    page = client_as(RoleCode.DEPARTMENT_CONTACT).get("/deliveries/1/").content.decode()
    text = " ".join(page.split())
    assert "身份证号校验位不符" in text
    assert "第 3 行" in text
    assert "99…1 (18)" in text, "the value is masked"
    assert "990106194912310021" not in page, "a page never shows the number itself"
    assert "核对身份证号" in text


def test_rows_are_paged_and_narrowed(client_as: Browser) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    page = client.get("/deliveries/1/rows/?word=id_check_digit").content.decode()
    assert "身份证号校验位不符" in page
    assert "必填项为空" not in page
    assert client.get("/deliveries/1/rows/?rows=99999").status_code == 200
    assert client.get("/deliveries/1/rows/?rows=%E4%B8%80").status_code == 200


def test_another_departments_delivery_is_not_found_whatever_the_door(client_as: Browser) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    for page in ("2/", "2/rows/", "2/receipt/", "99/"):
        assert client.get(f"/deliveries/{page}").status_code == 404, page
    assert client.post("/deliveries/2/returned/").status_code == 404
    listed = client.get("/deliveries/").content.decode()
    assert "/deliveries/1/" in listed
    assert "/deliveries/2/" not in listed
    assert client.get("/deliveries/quality/fiscal_payroll/").status_code == 404


def test_rows_in_clear_are_for_those_who_deliver_and_each_time_an_event(client_as: Browser) -> None:
    assert client_as(RoleCode.SUPERVISING_OFFICER).get("/deliveries/1/").status_code == 200
    assert client_as(RoleCode.SUPERVISING_OFFICER).post("/deliveries/1/returned/").status_code == 403
    assert client_as(RoleCode.SUPERVISING_OFFICER).get("/deliveries/1/returned/").status_code == 405
    for role in (RoleCode.DEPARTMENT_CONTACT, RoleCode.DATA_ANALYST):
        answer = client_as(role).post("/deliveries/1/returned/")
        assert b"990106194912310021" in b"".join(answer.streaming_content)
    with system_scope("test", trail=True):
        taken = list(AuditEvent.objects.filter(kind="delivery.returned_rows_taken").values_list("username", flat=True))
    assert taken == [f"t_{RoleCode.DEPARTMENT_CONTACT}", f"t_{RoleCode.DATA_ANALYST}"]
    assert client_as(RoleCode.DATA_ANALYST).post("/deliveries/2/returned/").status_code == 404, "nothing of it was set aside"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3, 4}),
        ("?q=工资", {2, 3}),
        ("?q=3", {3}),
        ("?state=refused", {4}),
        ("?dataset=dibao_member", {1}),
        ("?department=finance&state=clean", {2, 3}),
        ("?since=2000-01-01&until=2000-12-31", set()),
        ("?state=%27--&since=never", {1, 2, 3, 4}),
    ],
)
def test_the_list_narrows(client_as: Browser, query: str, numbers: set[int]) -> None:
    page = client_as(RoleCode.DATA_ANALYST).get(f"/deliveries/{query}").content.decode()
    assert {number for number in range(1, 5) if f'href="/deliveries/{number}/"' in page} == numbers


def test_the_catalogue_knows_how_fresh_a_dataset_is_in_the_viewers_own_scope(client_as: Browser) -> None:
    page = client_as(RoleCode.DATA_ANALYST).get("/catalogue/dibao_member/").content.decode()
    assert "/deliveries/?dataset=dibao_member" in page
    assert (
        "/deliveries/?dataset=dibao_member"
        not in client_as(RoleCode.STATIONED_OFFICER).get("/catalogue/dibao_member/").content.decode()
    )


def test_workbench_figures_and_things_to_do_are_of_the_viewers_scope(viewer: As) -> None:
    with acting_as(viewer(RoleCode.DEPARTMENT_CONTACT)) as contact:
        assert [one.url for one in queries.to_do(contact) if one.icon == "undo"] == ["/deliveries/1/"]
        assert queries.figures(contact)[0].value == 1
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as analyst:
        assert queries.figures(analyst)[0].value == 4
        with CaptureQueriesContext(connection) as seen:
            queries.to_do(analyst)
            queries.figures(analyst)
        assert len(seen) <= 5
    with acting_as(viewer(RoleCode.AUDITOR)) as auditor:
        assert queries.to_do(auditor) == queries.figures(auditor) == []


def test_what_was_not_read_of_a_release_is_on_the_page_and_the_receipt(lake: Path, client_as: Browser) -> None:
    text = '{"ocid": "x-1", "id": "1", "date": "2026-01-01T00:00:00Z", "tag": ["tender"], "tender": {}, "bids": {"details": "none"}}\n'
    receive_delivery(CoreConfig(), [csv(lake.parent / "发布.jsonl", text)], lake, contract="ocds_release")
    mirror_all()
    client = client_as(RoleCode.DATA_ANALYST)
    for page in ("5/", "5/receipt/", "5/rows/"):
        assert "类型不对" in client.get(f"/deliveries/{page}").content.decode()
