"""The doctor finds what is wrong, says how to mend it, and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.web.people import Commission
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.doctor.examination import examine
from xiezhi.web.doctor.finding import Grade


def _wrong() -> set[str]:
    return {finding.code for finding in examine() if finding.grade is not Grade.WELL}


def test_every_finding_says_what_to_do(commission: Commission) -> None:
    for finding in examine():
        assert finding.what.zh
        assert finding.what.en
        assert finding.grade is Grade.WELL or (finding.todo.zh and finding.todo.en)


def test_row_security_is_well_for_the_application(commission: Commission) -> None:
    assert "database.role" in {finding.code for finding in examine() if finding.grade is Grade.WELL}


def test_readable_keys_are_found(commission: Commission, settings: object) -> None:
    key = Path(settings.XIEZHI_HOME) / "keys" / "django.key"  # type: ignore[attr-defined]
    key.chmod(0o644)
    try:
        assert "keys.readable" in _wrong()
    finally:
        key.chmod(0o600)
    assert "keys.readable" not in _wrong()


def test_a_missing_administrator_is_found(commission: Commission) -> None:
    assert "people.administrators" not in _wrong()
    User.objects.filter(duty=Duty.AUDIT).update(is_active=False)
    assert "people.administrators" in _wrong()


def test_demonstration_links_at_a_site_are_found(commission: Commission) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_signinlink (digest, user_id, made_at, expires_at)"
            " VALUES ('d', %s, now(), now() + interval '1 hour')",
            [User.objects.values_list("pk", flat=True).first()],
        )
    assert "demo.links" in _wrong()


def test_misspelt_settings_are_found(commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "XIEZHI_HOSTNAMES", "x")
    assert "environment.unknown" in _wrong()


def test_health_tells_nothing_but_health(db: None) -> None:
    client = Client()
    assert client.get("/health/live/").json() == {"status": "alive"}
    assert client.get("/health/ready/").json() == {"status": "ready"}


def test_figures_are_for_whoever_knows_the_token(db: None, settings: Settings, tmp_path: Path) -> None:
    """From whatever address; without a token, or with an empty one, for nobody."""

    def asked(token: str | None) -> int:
        return Client(headers={} if token is None else {"Authorization": f"Bearer {token}"}).get("/metrics/").status_code

    file = tmp_path / "token"
    assert [asked(None), asked(""), asked("a")] == [404, 404, 404]
    settings.XIEZHI_METRICS_TOKEN_FILE = file
    assert asked("") == 404, "the file is not there"
    file.write_text("\n")
    assert asked("") == 404
    file.write_text("a-long-token\n")
    assert [asked(None), asked("a-long-toke"), asked("a-long-token")] == [404, 404, 200]
