"""What the doctor says of definitions, trail, files and settings that somebody altered or never set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests.web.audit.site import write
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.doctor import defences
from xiezhi.web.doctor.finding import DoctorFinding, Grade


def codes(found: Iterable[DoctorFinding]) -> set[str]:
    return {one.code for one in found if one.grade is not Grade.WELL}


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    made = tmp_path / "home"
    for folder in ("keys", "lake/vault", "checkpoints"):
        (made / folder).mkdir(parents=True, mode=0o700)
    for folder in (made, made / "lake"):
        folder.chmod(0o700)
    settings.XIEZHI_HOME, settings.XIEZHI_CHECKPOINT_COPY = made, None
    return made


def test_hosts_and_proxies_that_let_everybody_in(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = ["jd.gov.cn"], ["unix", "127.0.0.1", "10.1.0.0/24"]
    assert codes(defences.admitted()) == set()
    for hosts in (["*"], [], ["supervision.example.gov.cn"]):
        settings.ALLOWED_HOSTS = hosts
        assert codes(defences.admitted()) == {"hosts.any"}
    settings.ALLOWED_HOSTS = ["jd.gov.cn"]
    for proxies in (["0.0.0.0/0"], ["::/0"], ["10.0.0.0/8"], ["proxy"]):
        settings.TRUSTED_PROXIES = proxies
        assert codes(defences.admitted()) == {"proxies.any"}


def test_what_belongs_to_other_commands_and_to_tests(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = ["jd.gov.cn"], ["unix"]
    monkeypatch.setenv("XIEZHI_OWNER_URL", "postgresql://xiezhi_owner@/xiezhi")
    monkeypatch.setenv("XIEZHI_KILL_AT", "lake.committed")
    assert codes(defences.admitted()) == {"environment.owner", "environment.test"}


@pytest.mark.parametrize("folder", [".", "keys", "lake", "lake/vault"])
def test_folders_that_others_may_write_into(home: Path, folder: str) -> None:
    assert codes(defences.open_places()) == set()
    (home / folder).chmod(0o777)
    assert codes(defences.open_places()) == {"files.writable"}


def test_a_key_among_the_data(home: Path, settings: Settings) -> None:
    settings.XIEZHI_KEY_FILE = home / "keys" / "vault.key"
    assert codes(defences.open_places()) == {"keys.beside"}


def test_what_the_trail_leaves_outside_the_database(home: Path, settings: Settings, tmp_path: Path) -> None:
    assert codes(defences.witness()) == set()
    (home / "keys" / "audit.pub").write_text("x")
    assert codes(defences.witness()) == {"trail.key", "trail.checkpoints"}
    (home / "keys" / "audit.key").write_text("")
    (home / "checkpoints" / "checkpoints.jsonl").write_text('{"n":1}\n')
    assert codes(defences.witness()) == {"trail.key"}
    (home / "keys" / "audit.key").write_text("x")
    settings.XIEZHI_CHECKPOINT_COPY = tmp_path / "elsewhere"
    assert codes(defences.witness()) == {"trail.copy_behind"}


def test_a_trail_that_nobody_seals(commission: Commission) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_pending")
    assert codes(defences.sealing()) == set()
    write()
    assert codes(defences.sealing()) == set()
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        assert codes(defences.sealing()) == {"trail.unsealed"}


def test_a_shape_that_nobody_kept_is_said(commission: Commission, home: Path) -> None:
    assert codes(defences.shape()) == {"database.shape_unknown"}
