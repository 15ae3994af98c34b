"""Who gets in with a token, and who does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.web.api.conftest import Issue, machine
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.models import Post, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.api import door
from xiezhi.web.api.actions.tokens import issue, revoke
from xiezhi.web.api.models import MachineToken
from xiezhi.web.audit.models import AuditEvent

DATASETS = "/api/v1/datasets"


def events(kind: str) -> int:
    with system_scope("test"):
        return AuditEvent.objects.filter(kind=kind).count()


def test_a_token_opens_and_is_in_the_trail(client: Client) -> None:
    answer = client.get(DATASETS)
    assert answer.status_code == 200, answer.content
    assert {"name", "title", "department"} <= answer.json()["items"][0].keys()
    assert events("api.read") == 1
    assert MachineToken.objects.get().last_used_at is not None


def test_only_a_digest_is_kept(issued: Issue) -> None:
    token, secret = issued()
    row = MachineToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert secret.split("_", 2)[2] not in str(row)
    with system_scope("test"):
        assert secret not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic eHo6eHo=", "bearer xz_00000000_aaaa"])
def test_nothing_opens_without_one(commission: Commission, header: str) -> None:
    answer = Client(headers={"Authorization": header} if header else {}).get(DATASETS)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    told = answer.json()
    assert told["zh"]["detail"]
    assert told["en"]["todo"]
    assert told["status"] == 401


def test_a_browsers_session_opens_nothing(client_as: Callable[[RoleCode], Client]) -> None:
    for role in (RoleCode.CITY_LEADER, RoleCode.DATA_ANALYST, RoleCode.SECURITY_ADMINISTRATOR):
        assert client_as(role).get(DATASETS).status_code == 401


@pytest.mark.parametrize("what", ["revoked", "expired", "disabled", "post"])
def test_what_is_taken_away_acts_on_the_next_request(issued: Issue, commission: Commission, what: str) -> None:
    token, secret = issued()
    client = machine(secret)
    assert client.get(DATASETS).status_code == 200
    today = clock.today()
    if what == "revoked":
        by = commission.viewer(RoleCode.SECURITY_ADMINISTRATOR)
        with acting_as(by):
            revoke(token.pk, by=by, why="试验结束")
    elif what == "expired":
        MachineToken.objects.filter(pk=token.pk).update(expires_on=today)
    elif what == "disabled":
        User.objects.filter(pk=token.user_id).update(is_active=False)
    else:
        Post.objects.filter(user_id=token.user_id).update(ends_on=today)
    assert client.get(DATASETS).status_code == 401
    assert events("api.turned_away") == 1


def test_networks(issued: Issue) -> None:
    _, secret = issued(networks=["10.1.0.0/16"])
    assert machine(secret, REMOTE_ADDR="10.1.2.3").get(DATASETS).status_code == 200
    assert machine(secret, REMOTE_ADDR="10.2.0.1").get(DATASETS).status_code == 401
    assert machine(secret, REMOTE_ADDR="10.2.0.1", HTTP_X_FORWARDED_FOR="10.1.2.3").get(DATASETS).status_code == 401


def test_scopes_only_narrow(issued: Issue) -> None:
    _, secret = issued(scopes=[Permission.DELIVERY_READ])
    client = machine(secret)
    assert client.get("/api/v1/deliveries").status_code == 200
    refused = client.get(DATASETS)
    assert refused.status_code == 403
    assert refused.json()["permission"] == "catalogue.read"
    assert events("access.refused") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["trail.read"]},
        {"networks": ["10.1"]},
        {"expires_on": clock.today()},
        {"expires_on": clock.today() + timedelta(days=400)},
    ],
)
def test_what_cannot_be_issued(issued: Issue, wrong: dict[str, object]) -> None:
    with pytest.raises(UserError):
        issued(**wrong)


def test_nobody_else_issues(commission: Commission) -> None:
    for role in set(RoleCode) - {RoleCode.SECURITY_ADMINISTRATOR}:
        by = commission.viewer(role)
        with transaction.atomic(), pytest.raises(NotPermitted):
            issue(user_id=1, name="x", scopes=["alert.read"], expires_on=clock.today(), by=by)


def test_too_many_requests(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(door, "CALLS", 3)
    monkeypatch.setenv("XIEZHI_NOW", clock.now().replace(second=20).isoformat())
    answers = [client.get(DATASETS).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert client.get(DATASETS)["Retry-After"] == "40"


def test_the_screens(client_as: Callable[[RoleCode], Client], commission: Commission) -> None:
    browser = client_as(RoleCode.SECURITY_ADMINISTRATOR)
    assert "机器令牌" in browser.get("/api/tokens/").content.decode()
    sent = {
        "user": commission.users[RoleCode.MACHINE].pk,
        "name": "每日报送",
        "scopes": ["delivery.upload"],
        "networks": "10.0.0.0/8",
        "expires_on": (clock.now() + timedelta(days=10)).date().isoformat(),
    }
    assert browser.post("/api/tokens/new/", sent | {"scopes": []}).status_code == 422
    shown = browser.post("/api/tokens/new/", sent)
    token = MachineToken.objects.get()
    assert f"xz_{token.prefix}_" in shown.content.decode()
    assert f"xz_{token.prefix}_" not in browser.get("/api/tokens/").content.decode()
    assert browser.post(f"/api/tokens/{token.pk}/revoke/", {"why": ""}).status_code == 422
    assert browser.post(f"/api/tokens/{token.pk}/revoke/", {"why": "不用了"}).status_code == 303
    assert "已吊销" in browser.get("/api/tokens/").content.decode()
    for role in (RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.AUDITOR, RoleCode.CITY_LEADER):
        assert client_as(role).get("/api/tokens/").status_code == 403


def test_the_reference_needs_nothing_from_elsewhere(client_as: Callable[[RoleCode], Client]) -> None:
    page = Client().get("/api/v1/").content.decode()
    assert "GET /api/v1/deliveries/{number}/receipt" in page
    assert 'src="http' not in page
    assert Client().get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
