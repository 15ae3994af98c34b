"""Each command by its own door: what it says, in which language, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.web.cli.running import Shell
from xiezhi.cli.main import cli

COMMANDS = (
    "serve",
    "worker",
    "reap",
    "migrate",
    "doctor",
    "backup",
    "restore",
    "drill",
    "audit",
    "processes",
    "demo",
    "demo-links",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_both_languages(command: str) -> None:
    """As click prints it: no database, nothing started."""
    shown = CliRunner().invoke(cli, [command, "--help"])
    assert shown.exit_code == 0, shown.output
    said = shown.output.split("Options:")[0]
    assert any("一" <= letter <= "鿿" for letter in said), said
    assert " / " in said, said
    assert "--help" in shown.output


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("XIEZHI_MODE", "production", "XZ-ENV-01"),
        ("XIEZHI_POLICY", "none", "XZ-ENV-01"),
        ("XIEZHI_CHECKPOINT_SYSLOG", "true", "XZ-ENV-01"),
        ("XIEZHI_HTTPS", "1", "XZ-ENV-01"),
        ("XIEZHI_OIDC_URL", "https://directory.example", "XZ-ENV-02"),
        ("XIEZHI_THREADS", "many", "XZ-ENV-03"),
        ("XIEZHI_DATABASE_URL", "mysql://somebody:secret@host/xiezhi", "XZ-ENV-04"),
        ("XIEZHI_HOME", "/proc/nowhere", "XZ-ENV-05"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_is_repeated(shell: Shell, name: str, value: str, code: str) -> None:
    ran = shell.xiezhi("doctor", **{name: value})
    assert ran.code == 2
    assert code in ran.err
    assert name in ran.err.replace("\n", "")
    assert "Traceback" not in ran.err
    assert "secret" not in ran.err


def test_examining_a_folder_without_a_site_begins_none(shell: Shell, tmp_path: Path) -> None:
    ran = shell.xiezhi("doctor", XIEZHI_HOME=str(tmp_path / "nothing"))
    assert (ran.code, "XZ-ENV-06" in ran.err) == (2, True), ran.err
    assert not (tmp_path / "nothing" / "postgres").exists()


def test_a_database_that_does_not_answer_is_said_in_words(shell: Shell, tmp_path: Path) -> None:
    nowhere = {"XIEZHI_DATABASE_URL": f"postgresql://xiezhi_app@/xiezhi?host={tmp_path}"}
    for command in ("serve", "worker", "reap"):
        ran = shell.xiezhi(command, **nowhere)
        assert (ran.code, "XZ-DB-21" in ran.err, "Traceback" in ran.err) == (6, True, False), ran.err
    doctor = shell.xiezhi("doctor", **nowhere)
    assert doctor.code == 1
    assert "database.unreachable" in doctor.out


def test_what_a_site_has_not_been_given(site: Shell) -> None:
    """The owner's and the backup's addresses are asked for by name; nothing of the demonstration works."""
    owner = site.xiezhi("migrate")
    assert (owner.code, "XIEZHI_OWNER_URL" in owner.err) == (2, True)
    backup = site.xiezhi("backup", "somewhere")
    assert (backup.code, "XIEZHI_BACKUP_URL" in backup.err) == (2, True), backup.err
    links = site.xiezhi("demo-links")
    assert (links.code, "XZ-DEMO-03" in links.err) == (2, True)
    behind = site.xiezhi("doctor", "--format", "json")
    assert behind.code == 1
    assert "database.behind" in {one["code"] for one in json.loads(behind.out)}
