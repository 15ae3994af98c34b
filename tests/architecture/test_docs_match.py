"""Generated pages are those of the content as it stands: `xiezhi rules docs` and `xiezhi contracts docs` wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from xiezhi.cli.main import cli

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("kind", ["rules", "contracts"])
def test_reference_pages_are_current(kind: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, [kind, "docs", str(tmp_path)], env={"XIEZHI_LANG": "zh"})
    assert result.exit_code == 0, result.output
    written = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.md")}
    committed = {path.name: path.read_text("utf-8") for path in (REFERENCE / kind).glob("*.md")}
    assert written == committed, f"run: xiezhi {kind} docs docs/reference/{kind}"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_helps_with_an_example(name: str) -> None:
    command = cli.commands[name]
    texts = [command.help or "", *(sub.help or "" for sub in getattr(command, "commands", {}).values())]
    assert any("xiezhi" in text for text in texts), f"{name} shows no example"
