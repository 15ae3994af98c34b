"""Generated pages are those of the content as it stands: `xiezhi rules docs` and `xiezhi contracts docs` wrote them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiezhi.cli.main import CORE, cli
from xiezhi.web.commands import COMMANDS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("kind", ["rules", "contracts", "processes"])
def test_reference_pages_are_current(kind: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, [kind, "docs", str(tmp_path)], env={"XIEZHI_LANG": "zh"})
    assert result.exit_code == 0, result.output
    written = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.md")}
    committed = {path.name: path.read_text("utf-8") for path in (REFERENCE / kind).glob("*.md")}
    assert written == committed, f"run: xiezhi {kind} docs docs/reference/{kind}"


@pytest.mark.parametrize("name", sorted(CORE))
def test_every_command_helps_with_an_example(name: str) -> None:
    command = CORE[name].load()
    texts = [command.help or "", *(sub.help or "" for sub in getattr(command, "commands", {}).values())]
    assert any("xiezhi" in text for text in texts), f"{name} shows no example"


@pytest.mark.parametrize("name", sorted(CORE | COMMANDS))
def test_the_list_of_commands_says_what_each_says_itself(name: str) -> None:
    """The list is shown without loading them, so it stands apart."""
    for table in (CORE, COMMANDS):
        if name in table:
            whole = " ".join((table[name].load().help or "").split())
            assert whole.startswith(table[name].says + ".") or whole == table[name].says, whole


def test_help_loads_no_command() -> None:
    """Half of what it took was pyarrow and Django, of which it needs nothing."""
    asked = "import sys; from xiezhi.cli.main import cli; cli(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert "contracts" in answer
    assert not {name for name in ("pyarrow", "duckdb", "django", "pydantic", "jinja2") if f"'{name}'" in answer}
