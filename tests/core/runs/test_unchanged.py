"""Rules of which nothing changed keep their result: it is the one that running them again would have given."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.builders.lake import build_lake, deliver
from tests.core.runs.world import CODES, payment, world
from xiezhi.evidence.replay import replay
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import COVERAGE, HITS, STANDING, RunFolders, RunRecord

ALL = load_content([shipped_content()])

DELIVERIES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "a payment to the dead": ("subsidy_payment", [payment(1, 5)]),
    "a payment that was set aside": ("subsidy_payment__set_aside", [payment(7, 5)]),
    "a death": ("death_registry", [{"person": 3, "death_date": date(2025, 2, 1), "source": "火化"}]),
    "a death that was set aside": ("death_registry__set_aside", [{"person": 4, "source": "火化"}]),
    "a village": ("region", [{"code": 990101001003, "region_name": "丙村", "valid_from": date(2000, 1, 1)}]),
    "a visit, which no rule here reads": ("visits", [{"person": 1, "place": "甲", "day": date(2025, 1, 1)}]),
}


def run(lake: Lake, content: Content = ALL, *, anew: bool = False, **overrides: Any) -> RunRecord:
    plan = make_plan(content, lake.snapshot(), codes=CODES, overrides=overrides)
    return execute(plan, RunFolders(lake.paths.runs), Settings(), Silent(), None if anew else lake.snapshot_of_state)


def kept(record: RunRecord) -> dict[str, int]:
    """Rule → the run whose result stands."""
    return {rule.code: rule.since for rule in record.rules if rule.since}


def results(folders: RunFolders, number: int) -> dict[str, list[dict[str, Any]]]:
    return {name: pq.read_table(folders.folder(number) / name).to_pylist() for name in (HITS, STANDING, COVERAGE)}


@settings(max_examples=12, deadline=None)
@given(some.lists(some.lists(some.sampled_from(sorted(DELIVERIES)), max_size=2), min_size=1, max_size=3))
def test_what_is_kept_is_what_running_gives(tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("both")
    lake = build_lake(folder / "lake", world())
    run(lake)
    for batch in batches:
        for name in batch:
            deliver(lake, *DELIVERIES[name])
        shutil.copytree(lake.paths.runs, folder / "anew", dirs_exist_ok=True)
        plan, number = make_plan(ALL, lake.snapshot(), codes=CODES), run(lake).run
        whole = execute(plan, RunFolders(folder / "anew"), Settings(), Silent())
        assert whole.run == number
        assert results(RunFolders(lake.paths.runs), number) == results(RunFolders(folder / "anew"), number)
        shutil.rmtree(folder / "anew")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = build_lake(tmp_path / "lake", world())
    run(lake)
    return lake


def test_a_rule_runs_again_where_a_table_that_it_reads_has_changed(lake: Lake) -> None:
    deliver(lake, *DELIVERIES["a visit, which no rule here reads"])
    assert kept(run(lake)) == dict.fromkeys(CODES, 1)
    deliver(lake, *DELIVERIES["a death"])
    assert kept(run(lake)) == {"SUB-002": 1, "SUB-003": 1}, "the death register is read by one of the three"
    deliver(lake, *DELIVERIES["a payment that was set aside"])
    assert kept(run(lake)) == {}
    assert kept(run(lake)) == dict.fromkeys(CODES, 4), "the run in which it last ran is named, however often it was kept"
    assert kept(run(lake)) == dict.fromkeys(CODES, 4)


def test_other_words_other_values_and_other_facts_make_a_rule_run_again(lake: Lake) -> None:
    assert kept(run(lake, **{"SUB-002": {"min_excess": "1"}})) == {"SUB-001": 1, "SUB-003": 1}
    rule = ALL.rules["SUB-001"]
    other = replace(ALL, rules={**ALL.rules, "SUB-001": rule.model_copy(update={"version": rule.version + 1})})
    assert "SUB-001" not in kept(run(lake, other))
    place = ALL.facts["place"]
    moved = replace(ALL, facts={**ALL.facts, "place": place.model_copy(update={"sql": place.sql + "\n-- read otherwise"})})
    assert "SUB-003" not in kept(run(lake, moved))


def test_an_altered_run_gives_nothing(lake: Lake) -> None:
    hits = RunFolders(lake.paths.runs).folder(1) / HITS
    table = pq.read_table(hits)
    pq.write_table(table.slice(1), hits)
    record = run(lake)
    assert kept(record) == {}
    assert sum(rule.hits for rule in record.rules) == table.num_rows


def test_asked_to_run_anew_all_run(lake: Lake) -> None:
    assert kept(run(lake, anew=True)) == {}


def test_what_was_kept_is_proved_by_a_replay(lake: Lake) -> None:
    deliver(lake, *DELIVERIES["a death"])
    record = run(lake)
    assert kept(record)
    report = replay(lake, ALL, [], Settings())
    assert (len(report.proved), report.differences) == (sum(rule.hits for rule in record.rules), [])


def test_a_record_without_it_has_the_digest_it_always_had(lake: Lake) -> None:
    folders = RunFolders(lake.paths.runs)
    first, second = folders.record(1), run(lake)
    assert "since" not in first.stored()["rules"][0]
    assert second.previous == first.digest
    assert folders.record(2) == second
