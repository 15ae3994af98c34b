"""Every rule's situations come out as their truth says, through the front door: delivered, received, run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.judging import Judged, judge
from tests.scenarios.situation import read_situations

FILES = sorted((Path(__file__).parent / "situations").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_situations(path: Path, tmp_path: Path) -> None:
    said = read_situations(path)
    judged = judge(said, tmp_path)
    wrong = {situation.name: judged.wrong(situation) for situation in said.situations}
    assert judged.set_aside == []
    assert {name: problems for name, problems in wrong.items() if problems} == {}
    assert judged.strangers == []
    _not_computable_is_counted(said.rule, [one.name for one in said.situations if one.truth == "not_computable"], judged)


def _not_computable_is_counted(rule: str, names: list[str], judged: Judged) -> None:
    """What cannot be judged is quiet, and coverage says so: at least as many rows as there are such situations."""
    uncounted = sum(row["rows"] for row in judged.coverage if row["outcome"] != "evaluated")
    assert uncounted >= len(names), f"{rule}: {names} cannot be judged, coverage counts {uncounted} rows that could not"
