"""A rule as written: what it may hold, what its parts say of themselves, and that it stays as it was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders.content import plant
from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.words import Words
from xiezhi.rules.loader import load_content
from xiezhi.rules.lock import lock_of
from xiezhi.rules.peers import peers_of, statistics_of
from xiezhi.rules.rule import Condition, Party, Population, Rule

SHOWS = "  shows: [visits, cost]\n"


def rule_of(root: Path) -> Rule:
    return load_content([root]).rules["VIS-001"]


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("first: 2024-01-01, day: day", None),
        ("last: 2024-12-31, day: day", None),
        ("first: 2024-01-01, last: 2024-01-01, day: day", None),
        ("first: 2024-01-02, last: 2024-01-01, day: day", "the first day in force must not lie after the last"),
        ("day: day", "in_force needs a first or a last day"),
    ],
)
def test_a_rule_is_in_force_from_a_day_or_until_one(root: Path, written: str, refused: str | None) -> None:
    plant(root, "rule.yaml", "scope: person\n", f"scope: person\nin_force: {{{written}}}\n")
    if refused is None:
        assert rule_of(root).in_force is not None
    else:
        with pytest.raises(ContentError, match=refused):
            rule_of(root)


@pytest.mark.parametrize(("by", "sound"), [("person: person", True), ("", False)])
def test_a_row_is_found_by_one_column_at_least(root: Path, by: str, sound: bool) -> None:
    plant(root, "rule.yaml", "  horizon: ", f"  finds: [{{fact: closure, by: {{{by}}}}}]\n  horizon: ")
    if sound:
        assert rule_of(root).population.finds[0].by == {"person": "person"}
    else:
        with pytest.raises(ContentError, match=r"population\.finds\.0\.by"):
            rule_of(root)


@pytest.mark.parametrize(("by", "sound"), [("person: person", True), ("", False)])
def test_evidence_is_found_by_one_column_at_least(root: Path, by: str, sound: bool) -> None:
    plant(root, "rule.yaml", "by: {person: person, place: place}, where", f"by: {{{by}}}, where")
    if sound:
        assert rule_of(root).evidence[0].by == {"person": "person"}
    else:
        with pytest.raises(ContentError, match=r"evidence\.0\.by"):
            rule_of(root)


NUMBERS = "1: {zh: 一, en: one}, '2': {zh: 二, en: two}"
ANSWERS = "true: {zh: 是, en: 'yes'}, false: {zh: 否, en: 'no'}"


@pytest.mark.parametrize(
    ("codes", "value", "said"),
    [
        (NUMBERS, 1, "one"),
        (NUMBERS, "1", "one"),
        (NUMBERS, 2, "two"),
        (NUMBERS, 3, None),
        (NUMBERS, None, None),
        (ANSWERS, True, "yes"),
        (ANSWERS, False, "no"),
        (ANSWERS, "true", "yes"),
    ],
)
def test_a_code_has_the_word_that_the_rule_gives_it(root: Path, codes: str, value: Any, said: str | None) -> None:
    """Whether the code is written bare or quoted, in rule.yaml and in the row."""
    plant(root, "rule.yaml", SHOWS, f"{SHOWS}  says: {{visits: {{{codes}}}}}\n")
    word = rule_of(root).hit.word_for("visits", value)
    assert (word.en if word else None) == said
    assert rule_of(root).hit.word_for("cost", value) is None


@pytest.mark.parametrize(
    ("kind", "identity", "number"),
    [
        ("person", None, "citizen_id"),
        ("company", None, "credit_code"),
        ("party", None, "party_id"),
        ("party", "credit_code", "credit_code"),
        ("vehicle", "vehicle_plate", "vehicle_plate"),
        ("process", None, None),
    ],
)
def test_a_party_is_numbered_by_its_kind_unless_it_says_otherwise(kind: str, identity: str | None, number: str | None) -> None:
    assert Party(kind=kind, column="who", identity=identity).number_kind == number


def test_what_is_read_stays_as_it_was_read(root: Path) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        rule_of(root).title = Words(zh="别的", en="Another")


def test_peers_are_known_by_the_usual_names_or_as_the_rule_says(root: Path) -> None:
    assert peers_of(rule_of(root)) is None
    assert statistics_of(None) == {}
    plant(root, "rule.yaml", 'op: ">=", bound: min_cost', 'op: ">=", bound: fence')
    assert peers_of(rule_of(root)) is None, "the fence itself is not shown"
    plant(root, "rule.yaml", SHOWS, "  shows: [visits, cost, q1, fence]\n")
    found = peers_of(rule_of(root))
    assert found is not None
    assert found.model_dump(exclude_none=True) == {"own": "cost", "q1": "q1", "fence": "fence"}
    assert {name: words.en for name, words in statistics_of(found).items()} == {
        "q1": "first quartile", "fence": "fence (beyond the quartiles)",
    }  # fmt: skip
    plant(root, "rule.yaml", "  shows: [visits, cost, q1, fence]\n", "  shows: [q3, compared, fence]\n")
    other = peers_of(rule_of(root))
    assert other is not None
    assert other.model_dump(exclude_none=True) == {"own": "cost", "q3": "q3", "fence": "fence", "count": "compared"}
    plant(root, "rule.yaml", "  shows: [q3, compared, fence]\n", f"{SHOWS}  peers: {{own: cost, median: min_cost}}\n")
    assert set(statistics_of(peers_of(rule_of(root)))) == {"min_cost"}


@pytest.mark.parametrize(
    ("op", "bound", "said_whole"),
    [
        ("=", "other_column", True),
        ("=", "'已注销'", True),
        ("=", "TRUE", True),
        ("=", "0", False),
        ("=", " 12 ", False),
        ("=", "$min_visits", False),
        (">=", "other_column", False),
        ("!=", "'已注销'", False),
    ],
)
def test_a_condition_is_a_statement_where_no_quantity_is_compared(op: str, bound: str, said_whole: bool) -> None:
    written = {"name": "state", "value": "state", "op": op, "bound": bound, "zh": "不在册", "en": "Not in the register"}
    assert Condition.model_validate(written).is_statement is said_whole


def test_coverage_is_measured_on_every_fact_that_the_population_names() -> None:
    by = {"person": "person"}
    population = Population.model_validate(
        {
            "fact": "visit",
            "unit": "place",
            "finds": [{"fact": "register", "by": by}],
            "horizon": {"death": "day"},
            "delivered": ["ward"],
            "everywhere": [{"fact": "stay", "by": by, "place": "place", "among": "patient"}],
        }
    )
    assert population.facts == {"visit", "register", "death", "ward", "stay", "patient"}
    spread = {"fact": "visit", "unit": "place", "everywhere": [{"fact": "stay", "by": by, "place": "place"}]}
    assert Population.model_validate(spread).facts == {"visit", "stay"}


@pytest.mark.parametrize(
    ("candidate", "mappings"),
    [({}, []), ({"person": "who"}, [{"person": "who"}]), ([{"person": "who"}, {"place": "where"}], None)],
)
def test_candidates_are_known_by_one_mapping_or_several(
    candidate: dict[str, str] | list[dict[str, str]], mappings: list[dict[str, str]] | None
) -> None:
    population = Population.model_validate({"fact": "visit", "unit": "place", "candidate": candidate})
    assert population.candidates == (candidate if mappings is None else mappings)


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("{with: {fact: closure, on: person}}", False),
        ("{repeats: [person]}", False),
        ("{with: {fact: closure, on: person}, repeats: [person]}", True),
        ("{keep: cost > 0}", True),
    ],
)
def test_a_big_fact_is_narrowed_in_one_way(root: Path, written: str, refused: bool) -> None:
    plant(root, "rule.yaml", "{repeats: [person, place]}", written)
    if refused:
        with pytest.raises(ContentError, match="give either `with` or `repeats`"):
            rule_of(root)
    else:
        assert set(rule_of(root).narrow) == {"visit"}


def test_digests_outlive_the_program(root: Path) -> None:
    """Records name content by its digest: a new optional key, or another version of ours, changes none."""
    lock = lock_of(load_content([root]))
    told = [
        lock[kind][name]["digest"][:12] for kind, name in (("rules", "VIS-001"), ("facts", "visit"), ("norms", "visit-law-1"))
    ]
    assert told == ["124c9864ba7c", "567f9a9059d9", "e8e933d11197"], (
        "the small content itself has changed, or what digests are made of"
    )


def test_a_digest_is_of_the_keys_as_they_are_written(root: Path) -> None:
    """`with` is a word of Python's, and has another name inside."""
    plant(root, "rule.yaml", "{repeats: [person, place]}", "{with: {fact: closure, on: person}}")
    assert lock_of(load_content([root]))["rules"]["VIS-001"]["digest"][:12] == "617c64aed581"
