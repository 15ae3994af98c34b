"""The browser libraries come by hash, without addresses, and a machine that cannot fetch them is told so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from xiezhi.kernel.errors import UserError
from xiezhi.web.kit import assets


def test_the_lock_names_hashes_and_no_addresses() -> None:
    text = (assets.FRONTEND / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert '"resolved"' not in text
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    hosts = set(re.findall(r"https?://([^/\"]+)", text))
    assert hosts <= {"github.com", "opencollective.com"}, "only whom the packages' authors ask for thanks"


def test_every_file_is_there_with_a_licence_and_without_a_source_map() -> None:
    assets.prepare()
    assert assets.missing(assets.LIBRARIES) == []
    for library in assets.LIBRARIES:
        assert list(library.folder.glob("LICENCE-*")), library.name
        assert not any(b"sourceMappingURL" in file.read_bytes() for file in library.folder.glob("*.min.*"))


def test_a_second_time_there_is_nothing_to_do() -> None:
    assets.prepare()
    said: list[str] = []
    assert assets.prepare(say=said.append) is False
    assert said == []


def test_a_developers_tool_that_went_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make check` reads scripts and styles with it; a site needs none."""
    assets.prepare()
    fetched: list[bool] = []
    monkeypatch.setattr(assets, "install", lambda *, tests: fetched.append(tests))
    monkeypatch.setattr(assets, "copy", lambda library: None)
    monkeypatch.setattr(assets, "TOOLS", ("no-such-tool",))
    assert assets.prepare() is True
    assert fetched == [True]


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing copied yet, and an npm that reaches nobody."""
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho 'npm ERR! network unreachable' >&2\nexit 1\n")
    npm.chmod(0o755)
    (npm.parent / "node").symlink_to("/bin/true")
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    return npm.parent


def test_without_a_network_it_says_what_to_do(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="network unreachable"):
        assets.prepare()
    assert assets.main([]) == 2
    assert "XZ-ASSETS-01" in capsys.readouterr().err
    monkeypatch.setenv("XIEZHI_LANG", "en")
    assets.main([])
    assert "install the wheel" in capsys.readouterr().err


def test_without_node_the_wheel_of_node_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    command = assets.npm()
    assert Path(command[0]).name == "node"
    assert all(Path(part).is_file() for part in command)


def test_without_any_node_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(assets, "wheel_root", lambda: None)
    with pytest.raises(UserError, match="no Node"):
        assets.npm()
