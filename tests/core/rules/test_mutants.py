"""Mutants, one by one: what is changed, where it is said to be, and that the rest of the rule stays as it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.builders.content import plant
from xiezhi.rules.fact import Fact, FactColumn
from xiezhi.rules.loader import load_content
from xiezhi.rules.mutation.mutant import Draft
from xiezhi.rules.mutation.nudges import nudged
from xiezhi.rules.mutation.places import rule_drafts
from xiezhi.rules.mutation.swaps import fact_swap_drafts, swap_drafts
from xiezhi.rules.rule import Parameter, Rule

TYPES = {
    "person": "INTEGER", "place": "VARCHAR", "visits": "BIGINT", "cost": "BIGINT", "first_day": "DATE", "last_day": "DATE",
    "min_cost": "BIGINT", "hours": "DOUBLE",
}  # fmt: skip


def drafts(root: Path) -> tuple[Rule, list[Draft[Rule]]]:
    content = load_content([root])
    return content.rules["VIS-001"], list(rule_drafts(content.rules["VIS-001"], content.norms))


def changed(rule: Rule, draft: Draft[Rule]) -> dict[str, Any]:
    """Field of the rule → what the mutant has there, of every field that differs."""
    before, after = rule.model_dump(mode="json", by_alias=True), draft.subject.model_dump(mode="json", by_alias=True)
    return {field: value for field, value in after.items() if value != before[field]}


@pytest.mark.parametrize(
    ("value", "choices", "expected"),
    [
        (7, None, [8, 6]),
        (Decimal("0.25"), None, [Decimal("0.26"), Decimal("0.24")]),
        (Decimal("3"), None, [Decimal("4"), Decimal("2")]),
        (date(2024, 2, 29), None, [date(2024, 3, 1), date(2024, 2, 28)]),
        (["甲", "乙", "丙"], None, [["乙", "丙"], ["甲", "丙"], ["甲", "乙"]]),
        ("甲", None, ["甲~"]),
        ("乙", ["甲", "乙", "丙"], ["甲"]),
        ("甲", ["甲", "乙", "丙"], ["乙"]),
        ("甲", ["甲"], []),
    ],
)
def test_a_value_is_tried_one_step_aside(value: Any, choices: list[str] | None, expected: list[Any]) -> None:
    parameter = Parameter(type="text", default=value, choices=choices, zh="数", en="Number", basis="INF")
    assert list(nudged(parameter, value)) == expected


def test_an_operator_is_tried_and_a_condition_left_out(root: Path) -> None:
    rule, found = drafts(root)
    visits, cost = (item.model_dump(mode="json", by_alias=True) for item in rule.conditions)
    tried = [(draft.kind, changed(rule, draft)) for draft in found if draft.place == "conditions.visits"]
    assert ("comparison", {"conditions": [visits | {"op": ">"}, cost]}) in tried
    assert ("conjunct", {"conditions": [cost]}) in tried


def test_the_only_condition_is_not_left_out(root: Path) -> None:
    """A rule without a condition is none."""
    plant(root, "rule.yaml", '  - {name: cost, value: cost, op: ">=", bound: min_cost, zh: 费用(分), en: Cost (fen)}\n', "")
    rule, found = drafts(root)
    assert [draft.kind for draft in found if draft.place == "conditions.visits"] == ["comparison"]
    assert all(draft.subject.conditions for draft in found)
    assert len(rule.conditions) == 1


def test_an_expression_in_a_mapping_is_changed_there_alone(root: Path) -> None:
    plant(
        root,
        "rule.yaml",
        "  visit: {repeats: [person, place]}\n",
        '  visit: {repeats: [person, place], keep: "cost < 0"}\n  closure: {repeats: [person], keep: "person = 1"}\n',
    )
    rule, found = drafts(root)
    told = [changed(rule, draft)["narrow"] for draft in found if draft.place == "narrow.visit.keep"]
    assert {narrow["visit"]["keep"] for narrow in told} == {"cost <= 0", "cost < 1", "cost < (-1)"}
    assert {narrow["closure"]["keep"] for narrow in told} == {"person = 1"}


def test_every_mutant_differs_from_the_rule_in_one_field(root: Path) -> None:
    rule, found = drafts(root)
    assert {len(changed(rule, draft)) for draft in found} == {1}


def test_a_shown_column_is_swapped_for_the_next_of_its_type(root: Path) -> None:
    rule, _ = drafts(root)
    swapped = {draft.place: (draft.before, draft.after) for draft in swap_drafts(rule, TYPES)}
    assert swapped == {
        "hit.amount": ("cost", "min_cost"),
        "hit.period.from": ("first_day", "last_day"),
        "hit.period.to": ("last_day", "first_day"),
        "hit.shows.visits": ("visits", "cost"),
    }
    assert list(swap_drafts(rule, {})) == [], "of no column is anything known"


def test_a_column_of_a_fact_is_swapped_for_another_of_its_own(root: Path) -> None:
    """Not for `_delivery` and `_row`, which are INTEGER and BIGINT as person and cost are."""
    fact = load_content([root]).facts["visit"]
    assert list(fact_swap_drafts(fact)) == []
    columns = fact.columns | {"left": FactColumn(type="DATE", zh="离开", en="Left")}
    more: Fact = fact.model_copy(update={"columns": columns})
    assert [(draft.place, draft.after) for draft in fact_swap_drafts(more)] == [("columns.day", "left"), ("columns.left", "day")]
