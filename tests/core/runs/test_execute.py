"""A run from snapshot to record: hits, their states from run to run, broken rules, reductions."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.world import CODES, payment, run, world
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.runs import narrow
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders, RunRecord


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


def states(lake: Lake, record: RunRecord) -> dict[tuple[str, str], str]:
    return {(row["rule"], row["subject"]): row["state"] for row in hit_rows(RunFolders(lake.paths.runs), record.run)}


def test_a_run_finds_what_is_there_and_nothing_else(tmp_path: Path, content: Content) -> None:
    lake = build_lake(tmp_path / "lake", world())
    record = run(lake, content)
    assert {rule.code: (rule.ending, rule.hits) for rule in record.rules} == dict.fromkeys(CODES, ("done", 1))
    assert states(lake, record) == {("SUB-001", "1"): "new", ("SUB-002", "2"): "new", ("SUB-003", "3"): "new"}


def test_a_second_run_renews_and_never_doubles(tmp_path: Path, content: Content) -> None:
    lake = build_lake(tmp_path / "lake", world())
    run(lake, content)
    assert set(states(lake, run(lake, content)).values()) == {"still"}


def test_a_hit_that_grew_is_changed_and_one_that_is_no_longer_true_is_gone(tmp_path: Path, content: Content) -> None:
    lake = build_lake(tmp_path / "lake", world())
    run(lake, content)
    deliver(lake, "subsidy_payment", [payment(1, 5), payment(2, 3, payment_id="taken back", amount=-20_000)])
    found = states(lake, run(lake, content))
    assert found["SUB-001", "1"] == "changed"
    assert found["SUB-002", "2"] == "gone"
    assert ("SUB-002", "2") not in states(lake, run(lake, content))


def test_a_broken_rule_is_reported_and_does_not_stop_the_others(tmp_path: Path, content: Content) -> None:
    broken = content.rules["SUB-002"].model_copy(update={"sql": "SELECT no_such_column FROM payment"})
    lake = build_lake(tmp_path / "lake", world())
    record = run(lake, replace(content, rules={**content.rules, "SUB-002": broken}))
    endings = {rule.code: rule.ending for rule in record.rules}
    assert endings == {"SUB-001": "done", "SUB-002": "broken", "SUB-003": "done"}
    assert "no_such_column" in next(rule.problem for rule in record.rules if rule.code == "SUB-002")


def test_a_rule_without_its_data_is_not_computable_rather_than_quiet(tmp_path: Path, content: Content) -> None:
    tables = world()
    del tables["death_registry"]
    record = run(build_lake(tmp_path / "lake", tables), content)
    ending = next(rule for rule in record.rules if rule.code == "SUB-001")
    assert (ending.ending, ending.hits) == ("not_computable", 0)
    assert "death" in ending.problem


def test_standing_rows_lead_to_the_delivered_lines(tmp_path: Path, content: Content) -> None:
    lake = build_lake(tmp_path / "lake", world())
    record = run(lake, content)
    standing = pq.read_table(RunFolders(lake.paths.runs).folder(record.run) / "standing.parquet").to_pylist()
    rows = {(row["fact"], row["row"]) for row in standing if row["rule"] == "SUB-001"}
    assert rows == {("payment", 4), ("payment", 5), ("death", 2), ("item", 2)}


@pytest.mark.parametrize("seed", range(4))
def test_reducing_facts_changes_no_hit(
    seed: int, tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch, random_world: Callable[[int], dict[str, Any]]
) -> None:
    monkeypatch.setattr(narrow, "SMALL_FACT", 0)
    tables = random_world(seed)
    found = []
    for narrowing in (True, False):
        lake = build_lake(tmp_path / str(narrowing), tables)
        record = run(lake, content, narrowing=narrowing)
        found.append([(row["fingerprint"], row["candidate"]) for row in hit_rows(RunFolders(lake.paths.runs), record.run)])
    assert found[0] == found[1]
    assert found[0]


def test_money_taken_back_under_another_month_is_never_left_out(
    tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row repeats no key, so that only `keep` holds it in the reduced fact."""
    monkeypatch.setattr(narrow, "SMALL_FACT", 0)
    tables = world()
    tables["subsidy_payment"].append(payment(2, 9, amount=-20_000))
    lake = build_lake(tmp_path / "lake", tables)
    assert ("SUB-002", "2") not in states(lake, run(lake, content))


@pytest.fixture
def random_world() -> Callable[[int], dict[str, Any]]:
    def build(seed: int) -> dict[str, Any]:
        dice = random.Random(seed)
        villages = (990101001001, 990101001002)
        payments = [
            payment(dice.randint(1, 12), dice.randint(1, 6), payment_id=str(place), village=dice.choice(villages))
            for place in range(120)
        ]
        payments += [
            payment(dice.randint(1, 12), dice.randint(1, 9), payment_id=f"back {place}", amount=-20_000, village=None)
            for place in range(6)
        ]
        deaths = [{"person": person, "death_date": date(2025, dice.randint(1, 4), 9), "source": "火化"} for person in (1, 2, 3)]
        return world() | {"subsidy_payment": payments, "death_registry": deaths}

    return build
