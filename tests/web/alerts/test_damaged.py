"""A lake whose results were altered: a page says so and what to do, instead of a number or an empty list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from xiezhi.kernel.errors import IntegrityError
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.actions.raising import Raised
from xiezhi.web.alerts.models import Alert

pytestmark = pytest.mark.django_db
As = Callable[[RoleCode], Client]


@pytest.fixture
def alert(raised: Raised) -> Alert:
    with system_scope("test"):
        return Alert.objects.filter(rule="SUB-001").order_by("id")[0]


def damaged(home: Path, name: str) -> None:
    for path in (home / "lake").glob(f"runs/*/{name}"):
        path.write_bytes(b"PAR1" + b"x" * 40 + b"PAR1")


@pytest.mark.parametrize("name", ["hits.parquet", "standing.parquet"])
@pytest.mark.parametrize(("language", "what"), [("zh", "已损坏,读不出来"), ("en", "is damaged and cannot be read")])
def test_evidence_that_cannot_be_read_is_no_page_that_is_not_there(
    alert: Alert, home: Path, client_as: As, name: str, language: str, what: str
) -> None:
    damaged(home, name)
    client = client_as(RoleCode.CITY_LEADER)
    client.post("/me/language/", {"language": language})
    answer = client.post(f"/alerts/{alert.number}/evidence/", {"purpose": "核查线索"})
    text = answer.content.decode()
    assert answer.status_code == 500
    assert name in text
    assert what in text
    assert "xiezhi replay" in text
    assert answer.headers["X-Request-ID"] in text


def test_a_rule_that_could_not_be_asked_is_listed_with_its_reason(
    alert: Alert, client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list would be empty otherwise, and read as if no other rule looked at such subjects."""

    def refusing(subject: str, rule: str) -> None:
        raise IntegrityError("X", zh="文件已损坏", en="damaged", todo_zh="用备份恢复")

    monkeypatch.setattr("xiezhi.web.alerts.gateway.why", refusing)
    text = client_as(RoleCode.CITY_LEADER).get(f"/alerts/{alert.number}/why/").content.decode()
    assert "没有问成" in text
    assert "文件已损坏。用备份恢复" in text
    assert "没有其他模型针对这类主体" not in text
