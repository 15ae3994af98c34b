"""One run of the smallest world: what it leaves of a rule's hits, what breaks a rule, and what it takes up again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import CODE, closed, run, small_content, visit, with_rule
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content
from xiezhi.rules.rule import EvidenceQuery
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Cancelled, Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import COVERAGE, STANDING, RunFolders

VISITS = [visit(1, "2024-05-01", cost=700), visit(1, "2024-05-02", cost=400), *(visit(1, f"2024-05-0{n}", "乙") for n in (3, 4))]


class Stopped(Silent):
    """Asks to stop before the first rule."""

    def cancelled(self) -> bool:
        return True


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return build_lake(tmp_path / "lake", {"visits": VISITS, "closures": [closed(9, "2024-05-01")]})


def stop(lake: Lake, content: Content) -> RunFolders:
    """A first run that was stopped before its rule."""
    folders = RunFolders(lake.paths.runs)
    with pytest.raises(Cancelled):
        execute(make_plan(content, lake.snapshot(), codes=[CODE]), folders, Settings(threads=1), Stopped())
    return folders


def test_a_rule_whose_hits_cannot_be_told_apart_is_broken_and_has_none(content: Content, lake: Lake) -> None:
    """By its key both places are one hit: each run would take the one for the other."""
    record = run(lake, with_rule(content, hit={"key": ["person"]}))
    (ending,) = record.rules
    assert (ending.ending, ending.hits) == ("broken", 0)
    assert "fingerprint" in ending.problem
    assert hit_rows(RunFolders(lake.paths.runs), record.run) == []
    coverage = pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / COVERAGE).to_pylist()
    assert {row["outcome"] for row in coverage} == {"rule_broken"}


def test_a_run_stopped_under_other_parameters_is_not_gone_on_with(content: Content, lake: Lake) -> None:
    """What was found with the old ones would be told as found with the new."""
    folders = stop(lake, content)
    stricter = make_plan(content, lake.snapshot(), codes=[CODE], overrides={CODE: {"min_visits": 3}})
    record = execute(stricter, folders, Settings(threads=1), Silent())
    assert (record.run, record.parameters[CODE]["min_visits"]) == (2, 3)
    assert [rule.hits for rule in record.rules] == [0]


def test_a_stopped_run_begins_its_scratch_anew(content: Content, lake: Lake) -> None:
    """A power cut may have torn the database in it: nothing in it is needed, and nothing of it is left afterwards."""
    folders = stop(lake, content)
    scratch = folders.folder(1) / "scratch"
    (scratch / "work.duckdb").write_bytes(b"torn" * 5000)
    record = run(lake, content)
    assert (record.run, [rule.hits for rule in record.rules]) == (1, [2])
    assert not scratch.exists()


def test_a_scratch_folder_that_cannot_be_removed_costs_no_run(
    content: Content, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks into it holds it open on some systems: hours of a run must not be lost by that."""

    def held(path: Any, **others: Any) -> None:
        if Path(os.fspath(path)).name == "scratch":
            raise PermissionError(path)
        remove(path, **others)

    remove = os.rmdir
    monkeypatch.setattr(os, "rmdir", held)
    record = run(lake, content)
    assert [rule.hits for rule in record.rules] == [2]
    assert RunFolders(lake.paths.runs).record(1) == record


@pytest.mark.parametrize(("where", "rows"), [("f.cost > 400", [2, 4, 5]), (None, [2, 3, 4, 5])])
def test_a_hit_stands_on_the_rows_that_its_evidence_asks_for(
    content: Content, lake: Lake, where: str | None, rows: list[int]
) -> None:
    """All of its person and place, or those of a condition alone."""
    evidence = [EvidenceQuery(fact="visit", by={"person": "person", "place": "place"}, where=where)]
    record = run(lake, with_rule(content, evidence=evidence))
    standing = pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / STANDING).to_pylist()
    assert sorted(row["row"] for row in standing) == rows


def test_a_hit_of_which_no_figure_is_shown_shows_none(content: Content, lake: Lake) -> None:
    record = run(lake, with_rule(content, hit={"shows": []}))
    assert [rule.ending for rule in record.rules] == ["done"]
    assert [json.loads(str(row["shown"])) for row in hit_rows(RunFolders(lake.paths.runs), record.run)] == [{}, {}]
