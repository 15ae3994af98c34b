"""The record of a run: when it ran and how far it was, what came before it, and that nothing it vouches for was altered."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.core.runs.conftest import History
from tests.core.runs.visits import CODE
from xiezhi.kernel.errors import UserError
from xiezhi.runs.record import COVERAGE, HITS, RECORD, SEALED_FILES, RunFolders, write_whole


def test_where_no_run_was_yet_there_are_none(tmp_path: Path) -> None:
    folders = RunFolders(tmp_path / "not" / "yet")
    assert (folders.numbers(), folders.complete(), folders.latest_by_rule()) == ([], [], {})
    assert folders.resume_or_begin("plan") == (1, False)
    assert folders.resume_or_begin("plan") == (1, True)


def test_what_else_lies_among_the_runs_is_no_run(tmp_path: Path) -> None:
    """A folder that somebody put there, or a file with a number for its name, neither stops a run nor counts as one."""
    folders = RunFolders(tmp_path)
    assert folders.resume_or_begin("plan") == (1, False)
    (tmp_path / "copied by hand").mkdir()
    (tmp_path / "7").write_text("", "utf-8")
    assert folders.numbers() == [1]


def test_a_run_cut_off_before_its_plan_was_written_is_not_gone_on_with(tmp_path: Path) -> None:
    """Nobody knows what was asked of it; the one before it is."""
    folders = RunFolders(tmp_path)
    assert folders.resume_or_begin("plan") == (1, False)
    folders.folder(2).mkdir()
    assert folders.resume_or_begin("plan") == (1, True)
    assert folders.resume_or_begin("another plan") == (3, False)


def test_a_run_that_is_not_there_is_refused_by_its_number(history: History) -> None:
    """In words for a person, where a file that is not found would say nothing to anybody."""
    with pytest.raises(UserError) as refused:
        history.folders.record(9)
    assert refused.value.code == "XZ-RUN-01"
    assert "9" in refused.value.message("zh")
    assert "9" in refused.value.message("en")


def test_a_run_tells_how_one_rule_ended(history: History) -> None:
    first = history.records[0]
    (ending,) = first.rules
    other = replace(ending, code="VIS-002", hits=7)
    assert replace(first, rules=[other, ending]).rule(CODE) == ending
    assert first.rule("VIS-002") is None


def test_each_run_carries_the_digest_of_the_one_before(history: History) -> None:
    first, second, third = history.records
    assert [run.previous for run in history.records] == ["", first.digest, second.digest]
    assert len({first.digest, second.digest, third.digest}) == 3
    assert tuple(history.folders.complete()) == history.records, "read back as they were given"


def test_a_run_says_when_it_began_and_ended_to_the_second(history: History) -> None:
    first = history.records[0]
    began, ended = datetime.fromisoformat(first.started), datetime.fromisoformat(first.finished)
    assert history.begun.replace(microsecond=0) <= began <= ended <= history.ended
    assert (began.microsecond, ended.microsecond) == (0, 0)
    assert first.actor == "检查人"


def test_a_run_says_how_long_each_stage_took(history: History) -> None:
    for run in history.records:
        assert set(run.seconds) == {"facts", "narrow", "rules", "coverage", "merge"}
        assert min(run.seconds.values()) >= 0
    taken = (history.ended - history.begun).total_seconds() + 0.01
    first = history.records[0]
    assert sum(first.seconds.values()) <= taken
    assert [0 <= rule.seconds <= first.seconds["rules"] + 0.01 for rule in first.rules] == [True]


def test_times_are_told_to_the_thousandth_of_a_second(history: History) -> None:
    """More of it differs from run to run and is only in the way of whoever compares two records."""
    told = [seconds for run in history.records for seconds in (*run.seconds.values(), *(rule.seconds for rule in run.rules))]
    assert told == [round(seconds, 3) for seconds in told]


def test_a_run_tells_how_far_it_is(history: History) -> None:
    assert history.told == [("facts", 0, 2, ""), ("rules", 0, 1, CODE), ("rules", 1, 1, ""), ("coverage", 0, 1, "")]


def test_a_record_is_compared_line_by_line(history: History) -> None:
    """One value a line, in the order of their names, Chinese words as they are."""
    text = (history.folders.folder(1) / RECORD).read_text("utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True)
    assert '\n "actor": "检查人",\n' in text


def test_only_files_that_were_altered_or_are_missing_are_named(history: History, tmp_path: Path) -> None:
    first = history.records[0]
    assert set(first.files) == set(SEALED_FILES)
    assert history.folders.altered(first) == []
    shutil.copytree(history.folders.root, tmp_path / "runs")
    folders = RunFolders(tmp_path / "runs")
    with (folders.folder(1) / HITS).open("ab") as file:
        file.write(b"\0")
    assert folders.altered(first) == [HITS]
    (folders.folder(1) / COVERAGE).unlink()
    assert sorted(folders.altered(first)) == sorted([HITS, COVERAGE])
    assert folders.altered(history.records[1]) == [], "another run's files are as they were"


def test_all_of_a_file_is_on_the_disk_before_it_bears_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, written = tmp_path / "run.json", []

    def synced(handle: int) -> None:
        written.append((os.fstat(handle).st_size, path.exists()))

    monkeypatch.setattr(os, "fsync", synced)
    write_whole(path, b"seven b")
    assert written == [(7, False)]
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("run.json", b"seven b")]
