"""The trail in a file, verified elsewhere: by the command, and by the module alone, without Django or database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.web.audit.site import TrailSite, write
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.web.audit import events
from xiezhi.web.audit.export import export
from xiezhi.web.audit.faults import FaultKind
from xiezhi.web.audit.offline import verify_export
from xiezhi.web.cli.audit import command


@pytest.fixture
def exported(fresh: TrailSite, tmp_path: Path) -> Path:
    fresh.sealed(3, 4)
    write()
    assert export(tmp_path / "trail.jsonl") == 12
    return tmp_path / "trail.jsonl"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], env={"XIEZHI_LANG": "en"})


def test_an_export_is_sound_and_names_its_origin(exported: Path, fresh: TrailSite) -> None:
    verdict, origin = verify_export(exported)
    assert (verdict.sound, verdict.links, verdict.waiting, verdict.checkpoints) == (True, 12, 1, 3)
    assert origin in fresh.checkpoints.read_text()


def test_it_needs_neither_django_nor_a_database(exported: Path, fresh: TrailSite) -> None:
    program = (
        "import sys, runpy\n"
        "sys.modules['django'] = None\n"
        f"sys.argv = ['offline', {str(exported)!r}, {str(fresh.home / 'keys' / 'audit.pub')!r}]\n"
        "runpy.run_module('xiezhi.web.audit.offline', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env={"PYTHONPATH": "src"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "12 links, 3 checkpoints, sound" in done.stdout


def edited(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> Path:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    change(lines)
    forged = path.with_name("forged.jsonl")
    forged.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return forged


def other_reason(lines: list[dict[str, Any]]) -> None:
    lines[8]["event"]["why"] = "改"


def no_event(lines: list[dict[str, Any]]) -> None:
    lines[8]["event"] = None


def shorter(lines: list[dict[str, Any]]) -> None:
    del lines[-4:]


def shorter_and_ended(lines: list[dict[str, Any]]) -> None:
    lines[-4:] = [{"end": 10}]


def one_gone(lines: list[dict[str, Any]]) -> None:
    del lines[8]


def half_an_event(lines: list[dict[str, Any]]) -> None:
    del lines[8]["event"]["id"]


def never_queued(lines: list[dict[str, Any]]) -> None:
    lines[-2]["pending"] = False


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (other_reason, FaultKind.ALTERED),
        (no_event, FaultKind.DELETED),
        (shorter, FaultKind.EXPORT_DAMAGED),
        (shorter_and_ended, FaultKind.CUT),
        (one_gone, FaultKind.LINKS_LOST),
        (half_an_event, FaultKind.EXPORT_DAMAGED),
        (never_queued, FaultKind.INSERTED),
    ],
)
def test_a_forged_export_is_found(exported: Path, change: Callable[[list[dict[str, Any]]], None], expected: FaultKind) -> None:
    verdict, _ = verify_export(edited(exported, change))
    assert expected in verdict.counts
    assert not verdict.sound


def test_a_text_that_no_database_holds_is_found(exported: Path) -> None:
    text = exported.read_text("utf-8").replace('"why":"核实"', '"why":"\\udc80"', 1)
    exported.write_text(text, "utf-8")
    verdict, _ = verify_export(exported)
    assert FaultKind.ALTERED in verdict.counts


def test_a_key_that_somebody_made_is_found_by_the_auditors_own(exported: Path, fresh: TrailSite) -> None:
    own = fresh.keep() / "keys" / "audit.pub"
    assert run("verify", "--export", exported, "--public-key", own).exit_code == 0
    other = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
    forged = exported.with_name("other.pem")
    forged.write_text(other)
    assert isinstance(run("verify", "--export", exported, "--public-key", forged).exception, IntegrityError)


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello\n")
    with pytest.raises(UserError):
        verify_export(tmp_path / "x")


def test_the_commands_seal_print_verify_and_export(fresh: TrailSite, tmp_path: Path) -> None:
    assert isinstance(run("checkpoint").exception, UserError)
    write(3)
    assert "3 events sealed" in run("seal").output
    printed = run("checkpoint").output
    line = next(line for line in printed.splitlines() if "--expect" in line)
    paper = line.split("--expect ")[1]
    assert "█" in printed
    assert "█" not in run("checkpoint", "--no-qr").output
    assert "3 links, 1 checkpoints, signed up to link 3, sound" in run("verify", "--expect", paper).output
    assert isinstance(run("verify", "--expect", "3:" + "ab" * 32).exception, IntegrityError)
    assert isinstance(run("verify", "--expect", "three").exception, UserError)
    assert "3 links exported" in run("export", tmp_path / "t.jsonl").output
    assert fresh.rows("SELECT role, details FROM audit_event WHERE kind = %s", events.EXPORTED.code) == [
        ("command", '{"links":3}')
    ]


def test_verifying_a_tampered_site_ends_with_code_5(fresh: TrailSite) -> None:
    fresh.sealed(1, 3)
    with fresh.superuser() as admin:
        admin.execute("UPDATE audit_event SET why = 'x' WHERE id = 2")
    done = run("verify")
    assert isinstance(done.exception, IntegrityError)
    assert done.exception.exit_code == 5
    assert "event 2: event altered (it does not fit its link 2)." in done.output
