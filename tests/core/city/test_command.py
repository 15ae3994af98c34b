"""xiezhi city build"""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from xiezhi.cli.city import command
from xiezhi.kernel.errors import UserError


def test_the_summary_for_programs(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["build", str(tmp_path / "city"), "--persons", "5000", "--seed", "3", "--format", "json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["persons"] == 5000
    assert told["planted"]["SUB-001"] == 10
    written = json.loads((tmp_path / "city" / "city.json").read_text(encoding="utf-8"))
    assert written["rows"] == told["rows"]


def test_a_city_that_cannot_be_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["build", str(tmp_path / "city"), "--persons", "12"])
    assert isinstance(done.exception, UserError)
    assert not (tmp_path / "city").exists()
