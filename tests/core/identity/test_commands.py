"""`xiezhi reveal` and `xiezhi vault`, by the door a person uses."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from xiezhi.cli import reveal, vault
from xiezhi.identity.site import site_keyring
from xiezhi.identity.vault import Vault
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.identity_kind import IdentityKind


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("XIEZHI_KEY_FILE", raising=False)
    folder = tmp_path / "city.lake" / "vault"
    with Vault.open(folder, site_keyring(folder)) as opened:
        opened.number(IdentityKind.NAME, pa.array(["王伟", "李四"]))
    return folder.parent


def _reveal(lake: Path, *words: str) -> Result:
    return CliRunner().invoke(reveal.command, ["--lake", str(lake), "--kind", "name", *words])


def _vault(verb: str, lake: Path, *words: str) -> Result:
    return CliRunner().invoke(vault.command, [verb, "--lake", str(lake), *words])


def test_a_number_is_revealed(lake: Path) -> None:
    done = _reveal(lake, "1", "7", "--purpose", "核查", "--actor", "张三", "--format", "json")
    assert json.loads(done.output) == [
        {"kind": "name", "number": 1, "value": "王伟"},
        {"kind": "name", "number": 7, "value": None},
    ]
    line = json.loads((lake / "vault" / "reveals.jsonl").read_text("utf-8"))
    assert (line["actor"], line["purpose"], line["numbers"]) == ("张三", "核查", [1, 7])
    assert "#2\t李四" in _reveal(lake, "2", "--purpose", "核查").output


def test_a_reveal_without_a_purpose_is_refused(lake: Path) -> None:
    assert _reveal(lake, "1").exit_code == 2
    assert isinstance(_reveal(lake, "1", "--purpose", " ").exception, UserError)
    assert not (lake / "vault" / "reveals.jsonl").exists()


def test_someone_is_forgotten_after_a_question(lake: Path) -> None:
    asked = _vault("forget", lake, "--kind", "name", "2", "--purpose", "期满")
    assert asked.exit_code == 1
    assert json.loads(_vault("stats", lake, "--format", "json").output)["kinds"]["name"] == 2
    done = _vault("forget", lake, "--kind", "name", "2", "--purpose", "期满", "--yes", "--format", "json")
    assert json.loads(done.output) == {"kind": "name", "asked": 1, "forgotten": 1}
    assert "遗忘" in _reveal(lake, "2", "--purpose", "核查").output


def test_the_key_is_changed(lake: Path) -> None:
    before = json.loads(_vault("stats", lake, "--format", "json").output)["key"]
    done = json.loads(_vault("rotate", lake, "--algorithms", "SM4/SM3", "--format", "json").output)
    assert done["old_key"] == before
    assert json.loads(_vault("stats", lake, "--format", "json").output)["key"] == done["new_key"]
    assert "王伟" in _reveal(lake, "1", "--purpose", "核查").output


def test_the_log_is_proved_and_its_alteration_said(lake: Path) -> None:
    _reveal(lake, "1", "--purpose", "核查")
    assert json.loads(_vault("verify", lake, "--format", "json").output)["lines"] == 1
    log = lake / "vault" / "reveals.jsonl"
    log.write_bytes(log.read_bytes().replace("核查".encode(), "考察".encode()))
    failure = _vault("verify", lake).exception
    assert isinstance(failure, IntegrityError)
    assert "第 1 行" in failure.message("zh")
    assert isinstance(_reveal(lake, "1", "--purpose", "核查").exception, IntegrityError)


def test_a_lake_without_a_vault_is_said_to_have_none(tmp_path: Path) -> None:
    for verb in ("rotate", "verify", "stats"):
        failure = _vault(verb, tmp_path).exception
        assert isinstance(failure, UserError)
        assert failure.code == "XZ-VAULT-03"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["rotate", "forget", "verify", "stats"])
def test_each_command_shows_an_example(verb: str) -> None:
    assert "Example: xiezhi vault" in CliRunner().invoke(vault.command, [verb, "--help"]).output
