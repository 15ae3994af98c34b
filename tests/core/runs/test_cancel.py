"""A run that its user stops: what was finished is kept, and the same command goes on from there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders.lake import build_lake
from tests.core.runs.world import CODES, world
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Silent
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import load_content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Cancelled, Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders


class StoppedBefore(Silent):
    """Asks to stop as soon as a rule is about to begin."""

    def __init__(self, code: str) -> None:
        self._code, self._asked = code, False

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        self._asked = self._asked or note == self._code

    def cancelled(self) -> bool:
        return self._asked


@pytest.mark.parametrize(("code", "finished"), [("SUB-001", []), ("SUB-002", ["SUB-001"]), ("SUB-003", ["SUB-001", "SUB-002"])])
def test_a_stopped_run_says_so_keeps_its_parts_and_goes_on(tmp_path: Path, code: str, finished: list[str]) -> None:
    lake = build_lake(tmp_path / "lake", world())
    folders = RunFolders(lake.paths.runs)
    plan = make_plan(load_content([shipped_content()]), lake.snapshot(), codes=CODES)
    with pytest.raises(Cancelled) as stopped:
        execute(plan, folders, Settings(), StoppedBefore(code))
    assert (stopped.value.code, stopped.value.exit_code) == ("XZ-RUN-03", 130)
    assert "run 1 was cancelled" in stopped.value.message("en")
    assert "运行 1 已取消" in stopped.value.message("zh")
    parts = folders.folder(1) / "parts"
    assert sorted(part.stem for part in parts.glob("*.json")) == finished
    assert folders.complete() == [], "what was stopped is no run yet"
    made = {part.name: part.stat().st_mtime_ns for part in parts.glob("*.hits.parquet")}
    record = execute(plan, folders, Settings(), Silent())
    assert record.run == 1, "the same run, not another"
    assert [rule.code for rule in record.rules] == list(CODES)
    assert {part: (parts / part).stat().st_mtime_ns for part in made} == made, "finished rules are not run again"
    assert {row["state"] for row in hit_rows(folders, 1)} == {"new"}


ENDLESS = "(WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i % 1000 + 1 FROM n) SELECT i FROM n)"


def test_a_rule_without_an_end_is_broken_and_the_others_run(tmp_path: Path) -> None:
    content = load_content([shipped_content()])
    sound = content.rules["SUB-001"]
    endless = sound.model_copy(update={"sql": f"SELECT q.* FROM ({sound.sql}) AS q WHERE 0 NOT IN {ENDLESS}"})
    lake = build_lake(tmp_path / "lake", world())
    plan = make_plan(replace(content, rules={**content.rules, "SUB-001": endless}), lake.snapshot(), codes=CODES)
    record = execute(plan, RunFolders(lake.paths.runs), Settings(patience=5.0), Silent())
    endings = {rule.code: rule.ending for rule in record.rules}
    assert endings == {**dict.fromkeys(CODES, "done"), "SUB-001": "broken"}
    assert "stopped after 5 seconds" in next(rule.problem for rule in record.rules if rule.code == "SUB-001")


def test_a_fact_without_an_end_ends_the_run_by_its_name(tmp_path: Path) -> None:
    content = load_content([shipped_content()])
    death = content.facts["death"]
    endless = death.model_copy(update={"sql": f"SELECT q.* FROM ({death.sql}) AS q WHERE 0 NOT IN {ENDLESS}"})
    lake = build_lake(tmp_path / "lake", world())
    plan = make_plan(replace(content, facts={**content.facts, "death": endless}), lake.snapshot(), codes=CODES)
    folders = RunFolders(lake.paths.runs)
    with pytest.raises(UserError, match="death") as refused:
        execute(plan, folders, Settings(patience=5.0), Silent())
    assert refused.value.code == "XZ-RUN-05"
    assert folders.complete() == []
