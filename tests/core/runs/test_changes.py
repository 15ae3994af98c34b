"""What a run says of each hit against the run before: new, still, changed, gone, and since which run it is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.world import CODES, payment, run, world
from xiezhi.kernel.level import Level
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.rule import Rule
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders, RunRecord

DEAD = ("SUB-001", "1")
TWICE = ("SUB-002", "2")


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return build_lake(tmp_path / "lake", world())


def told(lake: Lake, record: RunRecord) -> dict[tuple[str, str], tuple[str, int]]:
    """(rule, subject) → state and first run of every hit of a run."""
    rows = hit_rows(RunFolders(lake.paths.runs), record.run)
    return {(str(row["rule"]), str(row["subject"])): (str(row["state"]), int(str(row["first_run"]))) for row in rows}


def with_hit(content: Content, code: str, **changes: Any) -> Content:
    """`content` with other words in a rule's `hit`."""
    rule = content.rules[code]
    return with_rule(content, rule.model_copy(update={"hit": rule.hit.model_copy(update=changes)}))


def with_rule(content: Content, rule: Rule) -> Content:
    return replace(content, rules={**content.rules, rule.code: rule})


def test_an_amount_alone_makes_a_hit_changed(lake: Lake, content: Content) -> None:
    """More was paid in a month that was counted already: nothing that is shown differs but the sum, which is not shown."""
    silent = with_hit(content, "SUB-001", shows=["item", "death_date", "months_after"])
    run(lake, silent)
    deliver(lake, "subsidy_payment", [payment(1, 3, payment_id="more", amount=5_000)])
    found = told(lake, run(lake, silent))
    assert found[DEAD] == ("changed", 1)
    assert found[TWICE] == ("still", 1)
    assert told(lake, run(lake, silent))[DEAD] == ("still", 1)


def test_what_is_shown_alone_makes_a_hit_changed(lake: Lake, content: Content) -> None:
    """A reversal in one month and the same sum more in another: the amount is the same, the months are not."""
    run(lake, content)
    back = payment(1, 4, payment_id="back", amount=-20_000)
    deliver(lake, "subsidy_payment", [back, payment(1, 5)])
    assert told(lake, run(lake, content))[DEAD] == ("changed", 1)


def test_a_level_alone_makes_a_hit_changed(lake: Lake, content: Content) -> None:
    run(lake, content)
    rule = content.rules["SUB-001"]
    milder = [variant.model_copy(update={"level": Level.YELLOW}) for variant in rule.variants]
    assert told(lake, run(lake, with_rule(content, rule.model_copy(update={"variants": milder}))))[DEAD] == ("changed", 1)


def test_a_hit_that_never_had_an_amount_is_the_same_hit(lake: Lake, content: Content) -> None:
    """NULL is not unequal to NULL; an amount where there was none is a change."""
    without = with_hit(content, "SUB-001", amount=None)
    run(lake, without)
    assert told(lake, run(lake, without))[DEAD] == ("still", 1)
    assert told(lake, run(lake, content))[DEAD] == ("changed", 1)
    assert told(lake, run(lake, without))[DEAD] == ("changed", 1)


def test_a_hit_is_known_since_the_run_that_found_it_first(lake: Lake, content: Content) -> None:
    run(lake, content)
    deliver(lake, "subsidy_payment", [payment(6, 3), payment(6, 3, payment_id="6 again")])
    second = told(lake, run(lake, content))
    assert (second[DEAD], second["SUB-002", "6"]) == (("still", 1), ("new", 2))
    third = told(lake, run(lake, content))
    assert (third[DEAD], third["SUB-002", "6"]) == (("still", 1), ("still", 2))


def test_a_hit_that_went_keeps_its_first_run_and_one_that_came_back_begins_anew(lake: Lake, content: Content) -> None:
    run(lake, content)
    run(lake, content)
    deliver(lake, "subsidy_payment", [payment(2, 3, payment_id="taken back", amount=-20_000)])
    assert told(lake, run(lake, content))[TWICE] == ("gone", 1)
    assert TWICE not in told(lake, run(lake, content)), "gone is said once"
    deliver(lake, "subsidy_payment", [payment(2, 3, payment_id="and again")])
    assert told(lake, run(lake, content))[TWICE] == ("new", 5)


def test_a_rule_is_held_against_its_own_last_run(lake: Lake, content: Content) -> None:
    """A run of another rule in between neither makes its hits new nor lets them go."""
    run(lake, content)
    plan = make_plan(content, lake.snapshot(), codes=["SUB-002"])
    between = execute(plan, RunFolders(lake.paths.runs), Settings(), Silent())
    assert told(lake, between) == {TWICE: ("still", 1)}
    assert set(told(lake, run(lake, content)).values()) == {("still", 1)}
    assert {rule.code for rule in run(lake, content).rules} == set(CODES)


def test_hits_of_a_rule_that_could_not_run_are_neither_gone_nor_forgotten(lake: Lake, content: Content) -> None:
    """A rule that breaks says nothing of its hits; when it runs again, they are those of before."""
    run(lake, content)
    broken = with_rule(content, content.rules["SUB-002"].model_copy(update={"sql": "SELECT no_such_column FROM payment"}))
    assert TWICE not in told(lake, run(lake, broken))
    assert told(lake, run(lake, content))[TWICE] == ("still", 1)
