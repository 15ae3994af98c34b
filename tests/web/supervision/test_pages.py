"""The screens on models, as people of several offices see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.lakes import personal_values
from tests.web.people import Commission
from tests.web.supervision.conftest import task
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import load_content
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.jobs.models import Job
from xiezhi.web.supervision import jobs
from xiezhi.web.supervision.models import Change
from xiezhi.web.supervision.views.rules import TABS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("copied")]

As = Callable[[RoleCode], Client]
Viewers = Callable[[RoleCode], Viewer]
LIBRARY = ["/rules/", "/rules/changes/", *(f"/rules/SUB-001/?tab={tab}" for tab in TABS)]
RUNS = ["/rules/runs/", "/rules/runs/1/", "/rules/coverage/"]
MOST = 15
"""Queries of a page, those of the session among them."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_page_opens_within_its_queries(client_as: As) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    for path in LIBRARY + RUNS:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200, path
        counted = [one["sql"][:120] for one in asked if "SAVEPOINT" not in one["sql"]]
        assert len(counted) <= MOST, (path, counted)


def test_runs_are_for_those_who_may(client_as: As) -> None:
    for role, runs in ((RoleCode.COUNTY_OFFICER, 200), (RoleCode.TOWN_OFFICER, 403), (RoleCode.TRIAL_REVIEWER, 403)):
        client = client_as(role)
        assert {client.get(path).status_code for path in LIBRARY} == {200}
        assert {client.get(path).status_code for path in RUNS} == {runs}
    client = client_as(RoleCode.AUDITOR)
    assert {client.get(path).status_code for path in (*LIBRARY, *RUNS)} == {403}


def test_what_is_not_there_is_said_to_be_not_there(client_as: As) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    for path in (
        "/rules/NOPE/",
        "/rules/SUB-001/?tab=nope",
        "/rules/runs/99/",
        "/rules/NOPE/try/",
        "/rules/SUB-001/try/?job=zzz",
    ):
        assert client.get(path).status_code == 404, path


def test_the_library_is_filtered(client_as: As) -> None:
    client = client_as(RoleCode.DATA_ANALYST)

    def codes(query: str) -> set[str]:
        part = client.get(f"/rules/?{query}", HTTP_HX_REQUEST="true").content.decode()
        return set(re.findall(r'href="/rules/([A-Z0-9-]+)/"', part))

    whole = codes("")
    assert len(whole) > 20
    assert codes("q=SUB-001") == {"SUB-001"}
    assert codes("q=死亡") >= {"SUB-001"}
    assert codes("domain=subsidy") | codes("domain=medical") < whole
    assert codes("status=retired") == set()
    assert codes("level=red") < whole
    assert codes("domain=nonsense") == whole


def test_from_values_to_a_change_in_the_browser(client_as: As, viewer: Viewers) -> None:
    client = client_as(RoleCode.CONDUCT_OFFICER)
    rule = load_content([shipped_content()]).rules["SUB-001"]
    words = {name: rule.parameters[name].default for name in ("heirs_words", "household_words")}
    sums = {"grace_months": 2, "min_amount": "100", "key_months": 2, "key_amount": "500"}
    form = sums | words | {"heirs_items": "FUNERAL\r\nSURVIVOR"}
    assert client.post("/rules/SUB-001/try/", form | {"grace_months": 99}).status_code == 422
    assert client.post("/rules/SUB-001/try/", form | {"grace_months": 1}).status_code == 422, "nothing differs"
    started = client.post("/rules/SUB-001/try/", form)
    assert started.status_code == 303
    (job_id,) = parse_qs(urlsplit(started["Location"]).query)["job"]
    assert client.get(started["Location"]).status_code == 200
    with system_scope("test"):
        job = Job.objects.get(pk=job_id)
    assert job.arguments["values"] == {"grace_months": 2}
    made = jobs.try_parameters(task(viewer(RoleCode.CONDUCT_OFFICER)), **job.arguments)["what_if"]
    shown = client.get(f"/rules/tried/{made}/")
    assert shown.status_code == 200
    assert "1 → <strong>2</strong>" in shown.content.decode().replace("</span>", "").replace('<span class="muted">', "")
    assert client.post(f"/rules/tried/{made}/propose/", {"why": ""}).status_code == 422
    proposed = client.post(f"/rules/tried/{made}/propose/", {"why": "地方规定两个月"})
    assert proposed.status_code == 303
    page = proposed["Location"]
    assert "approve" not in client.get(page).content.decode(), "the proposer has no such button"
    assert client.post(f"{page}approve/", {"why": ""}).status_code == 403
    other = client_as(RoleCode.CITY_LEADER)
    assert "approve" in other.get(page).content.decode()
    assert other.post(f"{page}return/", {"why": ""}).status_code == 422
    assert other.post(f"{page}approve/", {"why": ""}).status_code == 303
    assert other.post(f"{page}return/", {"why": "反悔"}).status_code == 409
    with system_scope("test"):
        assert Change.objects.get().state == "applied"
    parameters = client.get("/rules/SUB-001/?tab=parameters").content.decode()
    assert "<strong>2</strong>" in parameters
    assert page in parameters


def test_a_run_is_started_once(client_as: As) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    assert [client.post("/rules/runs/start/").status_code for _ in range(2)] == [303, 303]
    with system_scope("test"):
        assert Job.objects.filter(kind="rules.run").count() == 1
    assert 'action="/rules/runs/start/"' not in client.get("/rules/runs/").content.decode(), "one at a time"
    assert client_as(RoleCode.COUNTY_OFFICER).post("/rules/runs/start/").status_code == 403


def test_cases_are_run_on_the_page(client_as: As) -> None:
    page = client_as(RoleCode.SUPERVISING_OFFICER).post("/rules/SUB-001/cases/").content.decode()
    assert page.count("state-good") >= 3
    assert "state-bad" not in page


def test_no_page_shows_an_identity(client_as: As, viewer: Viewers, city: Path) -> None:
    values = personal_values(city / "delivered")
    made = jobs.try_parameters(task(viewer(RoleCode.DATA_ANALYST)), code="SUB-001", values={"grace_months": 0})["what_if"]
    client = client_as(RoleCode.CITY_LEADER)
    for path in (*LIBRARY, *RUNS, f"/rules/tried/{made}/?size=100"):
        text = client.get(path).content.decode()
        assert not {value for value in values if value in text}, path


def test_the_english_pages_hold_no_chinese_of_ours(client_as: As, commission: Commission) -> None:
    """Data keeps its language: what is read here is the frame around it, on pages that show little else."""
    client = client_as(RoleCode.DATA_ANALYST)
    User.objects.filter(pk=commission.users[RoleCode.DATA_ANALYST].pk).update(language="en")
    for path in ("/rules/changes/", "/rules/runs/", "/rules/SUB-001/?tab=precision"):
        text = re.sub(r"<(script|title)\b.*?</\1>|<header.*?</header>", "", client.get(path).content.decode(), flags=re.S)
        main = text[text.index("<main") :]
        assert not CHINESE.search(re.sub(r"<[^>]+>", " ", main)), path
