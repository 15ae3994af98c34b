"""Why somebody is flagged, or why not: the answer, the case it is about, and what was nearest to turning it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import CODE, closed, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.unjudged import unjudged
from xiezhi.evidence.why import Why, why
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values

TIMES = {"name": "visits", "value": "visits", "op": ">=", "bound": "$min_visits", "zh": "次数", "en": "Number of visits"}
COST = {"name": "cost", "value": "cost", "op": ">=", "bound": "min_cost", "zh": "费用（分）", "en": "Cost (fen)"}
HOURS = {"name": "hours", "value": "hours", "op": ">=", "bound": "1", "zh": "时长", "en": "Hours"}
NOT_HERE = {"name": "elsewhere", "value": "place", "op": "!=", "bound": "'甲'", "zh": "不在甲", "en": "Not at 甲"}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


def asked(
    folder: Path, content: Content, visits: Sequence[Mapping[str, Any]], conditions: Sequence[Mapping[str, Any]] = ()
) -> Why:
    """Of person 1: flagged for two visits of ten yuan together to one place, unless other conditions are given."""
    held = with_rule(content, conditions=list(conditions)) if conditions else content
    lake = build_lake(folder / "lake", {"visits": visits, "closures": [closed(9, "2024-12-01")]})
    rule = held.rules[CODE]
    return why(rule, parameter_values(rule, {}, held.norms), held.facts, lake.snapshot(), 1, "1GB")


def test_one_flagged_case_is_enough_whatever_else_there_is(tmp_path: Path, content: Content) -> None:
    """Else a person with a hit in one place would read as not flagged because they did nothing in another."""
    told = asked(tmp_path, content, [visit(1, "2024-01-05"), visit(1, "2024-01-06"), visit(1, "2024-01-07", "乙")])
    assert told.answer == "flagged"
    assert sorted(len([one for one in case.conditions if one.holds]) for case in told.candidates) == [0, 2]


@pytest.mark.parametrize(("visits", "answer"), [(2, "not_computable"), (1, "not_flagged")])
def test_what_cannot_be_judged_is_not_said_to_be_innocent(tmp_path: Path, content: Content, visits: int, answer: str) -> None:
    """Of hours nothing is known. Only where another condition fails does that not matter."""
    unknown = [visit(1, f"2024-01-0{day}") | {"hours": None} for day in range(1, visits + 1)]
    assert asked(tmp_path, content, unknown, [TIMES, HOURS]).answer == answer


def test_a_case_that_failed_does_not_answer_for_one_that_could_not_be_judged(tmp_path: Path, content: Content) -> None:
    """Two visits of unknown hours to one place may be a hit, whatever was seen at another."""
    visits = [visit(1, f"2024-01-0{day}") | {"hours": None} for day in (5, 6)]
    told = asked(tmp_path, content, [*visits, visit(1, "2024-01-07", "乙")], [TIMES, HOURS])
    assert sorted(sorted(str(one.holds) for one in case.conditions) for case in told.candidates) == [
        ["False", "True"],
        ["None", "True"],
    ]
    assert told.answer == "not_computable"


def test_without_the_data_of_a_fact_it_says_which_is_missing(tmp_path: Path, content: Content) -> None:
    lake = build_lake(tmp_path / "lake", {"closures": [closed(1, "2024-12-01")]})
    rule = content.rules[CODE]
    told = why(rule, parameter_values(rule, {}, content.norms), content.facts, lake.snapshot(), 1, "1GB")
    assert (told.answer, told.missing, told.candidates) == ("not_computable", ["visit"], [])


def test_a_number_of_the_vault_is_marked_as_one_and_a_place_is_not(tmp_path: Path, content: Content) -> None:
    """A bare 1 could be taken for a count."""
    (case,) = asked(tmp_path, content, [visit(1, "2024-01-05")]).candidates
    assert [(title.en, value.zh, value.en) for title, value in case.key_shown] == [("Person", "#1", "#1"), ("Place", "甲", "甲")]


@pytest.mark.parametrize(
    ("cost", "nearest"),
    [
        pytest.param(900, "cost", id="one yuan of ten is nearer than one visit of two"),
        pytest.param(400, "visits", id="six yuan of ten are farther than one visit of two"),
    ],
)
def test_the_nearest_condition_is_so_by_its_own_bound(tmp_path: Path, content: Content, cost: int, nearest: str) -> None:
    """Fen and visits cannot be compared as they stand; a text is no distance away, so it comes last."""
    (case,) = asked(tmp_path, content, [visit(1, "2024-01-05", cost=cost)], [NOT_HERE, TIMES, COST]).candidates
    assert [one.holds for one in case.conditions] == [False, False, False]
    assert case.nearest is not None
    assert case.nearest.name == nearest
    assert case.sentence is None, "of what is no hit no sentence speaks"


def test_from_a_bound_of_nought_the_distance_itself_counts(tmp_path: Path, content: Content) -> None:
    none = {"name": "none", "value": "visits", "op": "<=", "bound": "0", "zh": "没有", "en": "None"}
    (case,) = asked(tmp_path, content, [visit(1, "2024-01-05", cost=400)], [none, COST]).candidates
    assert case.nearest is not None
    assert (case.nearest.name, case.nearest.distance) == ("cost", -600.0)


def test_rows_that_could_not_be_judged_are_told_where_no_case_came_of_them(tmp_path: Path, content: Content) -> None:
    """ "Nothing to judge" would reassure whoever asks about a person of whom nobody could say anything."""
    told = asked(tmp_path, content, [visit(1, None), visit(1, None), visit(2, "2024-01-05")])
    assert (told.answer, told.candidates, told.unjudged) == ("not_computable", [], {"value_missing": 2})
    assert asked(tmp_path / "other", content, [visit(2, None)]).answer == "nothing_to_judge"


def test_they_are_told_beside_a_case_that_failed_and_not_beside_a_hit(tmp_path: Path, content: Content) -> None:
    told = asked(tmp_path, content, [visit(1, "2024-01-05"), visit(1, None)])
    early = {"table_early": 1}  # closures are known from December on: as coverage says of the same row
    assert (told.answer, told.unjudged) == ("not_flagged", {"value_missing": 1} | early)
    flagged = asked(tmp_path / "other", content, [visit(1, "2024-01-05"), visit(1, "2024-01-06"), visit(1, None)])
    assert (flagged.answer, flagged.unjudged) == ("flagged", {})


def test_where_the_population_names_no_subjects_nobody_says_that_all_was_judged(content: Content) -> None:
    rule = with_rule(content, population={"fact": "closure", "candidate": {}}).rules[CODE]
    nameless = {**content.facts, "closure": content.facts["closure"].model_copy(update={"columns": {}})}
    with DuckDB() as engine:
        assert unjudged(engine, rule, parameter_values(rule, {}, content.norms), nameless, 1) is None
