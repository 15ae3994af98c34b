"""Replay proves what can be proved, names what cannot, and says nothing of what it did not look at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.visits import CODE, closed, run, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.replay import ReplayReport, replay
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Cancelled, Settings
from xiezhi.runs.record import RunFolders


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture
def lake(tmp_path: Path, content: Content) -> Lake:
    """Two people of two visits each: two hits."""
    visits = [visit(person, f"2024-01-0{day}") for person in (1, 2) for day in (5, 6)]
    lake = build_lake(tmp_path / "lake", {"visits": visits, "closures": [closed(9, "2024-12-01")]})
    run(lake, content)
    return lake


def hits(lake: Lake, number: int = 1) -> dict[str, str]:
    """The subjects of a run's hits, those gone too, with their fingerprints."""
    return {str(row["subject"]): str(row["fingerprint"]) for row in hit_rows(RunFolders(lake.paths.runs), number)}


def proved(lake: Lake, content: Content, *wanted: str, progress: Progress | None = None) -> ReplayReport:
    return replay(lake, content, wanted, Settings(threads=1), progress)


def test_the_hit_that_was_asked_for_is_proved_and_no_other(lake: Lake, content: Content) -> None:
    asked = hits(lake)["2"]
    report = proved(lake, content, asked[:8])
    assert (report.proved, report.differences, report.notes) == ([asked], [], [])
    assert sorted(proved(lake, content).proved) == sorted(hits(lake).values())


def test_of_a_hit_that_nobody_has_nothing_is_said(lake: Lake, content: Content) -> None:
    report = proved(lake, content, "ffffffffffff")
    assert (report.proved, report.differences, report.notes) == ([], [], [])


@pytest.mark.parametrize("asked", ["all", "the gone one"])
def test_a_hit_that_is_gone_is_no_difference(lake: Lake, content: Content, asked: str) -> None:
    """It does not come out again, which is what its run recorded: to say so would read as tampering."""
    gone = hits(lake)["1"]
    deliver(lake, "closures", [closed(1, "2024-01-01")])
    run(lake, content)
    assert set(hits(lake, 2)) == {"1", "2"}, "the gone one is told in its run"
    report = proved(lake, content, *([gone] if asked == "the gone one" else []))
    assert report.differences == []
    assert report.proved == ([] if asked == "the gone one" else [hits(lake)["2"]])


def test_a_hit_that_differs_is_not_proved(lake: Lake, content: Content) -> None:
    """To be named as altered and counted as proved would be both at once."""
    path = RunFolders(lake.paths.runs).folder(1) / "hits.parquet"
    rows = pq.read_table(path).to_pylist()
    altered = next(row for row in rows if row["subject"] == "1")
    altered["amount"] = 1
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(path)), path)
    report = proved(lake, content)
    assert report.proved == [hits(lake)["2"]]
    assert [one.about for one in report.differences if one.kind == "hit"] == [hits(lake)["1"]]


def test_a_run_that_cannot_be_computed_again_is_said_to_be_so(lake: Lake, content: Content) -> None:
    """A lake file is cut off: it is named, and so is the run; nothing of it counts as proved."""
    file = next(one for one in lake.snapshot().files if one.table == "visits")
    path = lake.paths.root / file.path
    path.write_bytes(path.read_bytes()[:20])
    report = proved(lake, content)
    assert [(one.kind, one.about) for one in report.differences] == [("lake", str(path)), ("run", "1")]
    assert report.differences[-1].words.zh.startswith("第 1 次运行无法重算:")
    assert report.differences[-1].words.en.startswith("run 1 cannot be recomputed: ")
    assert report.proved == []


class Watching(Silent):
    """Remembers which rules were announced, and asks to stop where told to."""

    def __init__(self, *, stop: bool) -> None:
        self.heard: list[str] = []
        self._stop = stop

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        self.heard.append(note)

    def cancelled(self) -> bool:
        return self._stop


def test_who_waits_hears_how_far_it_is(lake: Lake, content: Content) -> None:
    watching = Watching(stop=False)
    proved(lake, content, progress=watching)
    assert CODE in watching.heard


def test_who_stops_a_replay_is_not_told_that_the_run_cannot_be_computed(lake: Lake, content: Content) -> None:
    with pytest.raises(Cancelled):
        proved(lake, content, progress=Watching(stop=True))


@pytest.mark.parametrize(
    ("now", "notes", "differences"),
    [
        ("as it was", [], []),
        ("taken away", ["VIS-001 is no longer among the current rules"], []),
        ("a new version", ["VIS-001 is now at version 2; replayed with version 1"], []),
        ("other words", [], ["rule VIS-001 was altered without a new version (version 1)"]),
    ],
)
def test_what_became_of_the_rule_is_said(
    lake: Lake, content: Content, now: str, notes: list[str], differences: list[str]
) -> None:
    """Only an alteration that its version hides is a difference; the hits are proved with the rule of their run in any case."""
    current = {
        "as it was": content,
        "taken away": replace(content, rules={}),
        "a new version": with_rule(content, version=2),
        "other words": with_rule(content, population={"where": "cost > 1"}),
    }[now]
    report = proved(lake, current)
    assert [note.en for note in report.notes] == notes
    assert [one.words.en for one in report.differences] == differences
    assert len(report.proved) == 2


def test_a_later_state_of_the_lake_changes_nothing_of_what_was_found_on_an_earlier(lake: Lake, content: Content) -> None:
    with lake.writing() as writer, DuckDB() as engine:
        change = writer.change()
        assert change.delete_rows(engine, "visits", "person = 1")
        change.commit("test")
    report = proved(lake, content)
    assert (len(report.proved), report.differences) == (2, [])


def test_from_altered_rules_nothing_is_proved(lake: Lake, content: Content) -> None:
    """Whoever could change the rules of a run could make any hit come out: the copy is named, and nothing counts as proved."""
    path = RunFolders(lake.paths.runs).folder(1) / "content.json"
    path.write_text(path.read_text("utf-8").replace("频繁就诊", "别的题目"), "utf-8")
    report = proved(lake, content)
    assert [(one.kind, one.about) for one in report.differences] == [("result", str(path))]
    assert report.proved == []
