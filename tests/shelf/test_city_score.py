"""The shared city against its truth: everything planted is found, no look-alike is flagged, every file balances."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.lakes import city_for_all
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.truth import RuleScore, score_truth


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_for_all(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def scores(city: Path) -> list[RuleScore]:
    return score_truth(CoreConfig(), city / "lake", city / "delivered" / "truth.csv")


def test_everything_planted_is_found_and_no_look_alike_is(scores: list[RuleScore]) -> None:
    assert {one.rule: (one.missed, one.fooled) for one in scores if one.missed or one.fooled} == {}


def test_every_rule_has_something_to_find_and_something_to_leave(scores: list[RuleScore]) -> None:
    assert len(scores) == 23
    assert [one.rule for one in scores if not one.planted or not one.look_alikes] == []


def test_every_file_balances(city: Path) -> None:
    with Lake.open(city / "lake") as lake:
        receipts = [one.receipt for one in lake.ledger.deliveries("NOT refused")]
    counted = ("accepted", "repaired", "set_aside")
    assert receipts
    assert [one["file"] for one in receipts if one["delivered"] != sum(one[name] for name in counted)] == []
