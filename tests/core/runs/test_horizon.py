"""Which months of a fact lack rows: by numbers that chance does not explain."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from xiezhi.runs.horizon import reach_of


def rows(*counts: int) -> dict[date, int]:
    """Counts of the months from January 2024 on."""
    return {date(2024 + place // 12, place % 12 + 1, 1): count for place, count in enumerate(counts) if count}


def lacking(*counts: int) -> dict[int, int]:
    """Place → rows that are missing."""
    reach = reach_of(rows(*counts))
    return {(month.year - 2024) * 12 + month.month - 1: missing for month, missing in reach.lacking.items()}


def test_an_empty_month_among_many_rows_is_a_gap() -> None:
    assert lacking(30, 31, 0, 29, 30) == {2: 30}


def test_one_month_without_a_death_is_chance_and_three_are_not() -> None:
    assert lacking(3, 4, 3, 0, 3, 2, 3) == {}
    assert lacking(3, 3, 3, 3, 0, 0, 0, 3, 3, 3, 3) == {4: 3, 5: 3, 6: 3}


def test_half_the_rows_of_a_month_are_missed() -> None:
    assert lacking(100, 101, 50, 99, 100) == {2: 50}
    assert lacking(100, 101, 61, 99, 100) == {}
    assert lacking(20, 20, 11, 20, 20) == {}  # so few that it may be chance


def test_just_as_thin_as_chance_makes_it_is_no_gap() -> None:
    """Six tenths of what is usual, or four deviations below, are not less: an agency is not reproached with either."""
    assert lacking(200, 200, 120, 200, 200) == {}
    assert lacking(200, 200, 119, 200, 200) == {2: 81}
    assert lacking(64, 64, 32, 64, 64) == {}
    assert lacking(64, 64, 31, 64, 64) == {2: 33}


def test_months_are_missed_where_six_of_ten_around_have_rows() -> None:
    """Three of five are enough to say what is usual, two are not: nothing is expected of what comes now and then."""
    assert lacking(100, 100, 10, 0, 0, 100) == {2: 90, 3: 100, 4: 100}
    assert 2 not in lacking(100, 100, 10, 0, 0, 0, 100)


def test_a_month_of_a_single_row_is_a_month_with_rows() -> None:
    """One death a month is a register of a small place, and seven months of silence in it are none of chance."""
    assert lacking(*[1] * 6, *[0] * 7, *[1] * 6) == dict.fromkeys(range(6, 13), 1)


def test_the_thin_first_years_of_a_register_do_not_hide_a_gap() -> None:
    early = [1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert lacking(*early, 6, 7, 5, 6, 0, 0, 0, 6, 8, 7) == {22: 6, 23: 6, 24: 6}


def test_an_item_paid_by_the_quarter_has_no_gaps() -> None:
    assert lacking(0, 0, 50, 0, 0, 50, 0, 0, 50, 0, 0, 50) == {}


def test_seven_rows_that_should_be_there_are_certain_and_six_are_not() -> None:
    assert lacking(7, 7, 0, 7, 7) == {2: 7}
    assert lacking(6, 6, 0, 6, 6) == {}


def test_what_is_usual_is_told_by_the_months_around_and_not_by_the_empty_one() -> None:
    """The first of all months is one of them, the empty one is none."""
    assert lacking(10, 0, 30) == {1: 20}


def test_six_months_on_either_side_say_what_is_usual() -> None:
    """What lies farther away says nothing."""
    assert lacking(10, 0, 10, 10, 10, 20, 20, 20) == {1: 10}
    assert lacking(10, 0, 10, 10, 10, 20, 20, 20, 20) == {1: 10}
    assert lacking(20, 20, 20, 10, 10, 10, 0, 10) == {6: 10}
    assert lacking(20, 20, 20, 20, 10, 10, 10, 0, 10) == {7: 10}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30).filter(any))
def test_whatever_is_lacking_lies_between_first_and_last_and_is_less_than_usual(counts: list[int]) -> None:
    reach = reach_of(rows(*counts))
    held = rows(*counts)
    assert (reach.first, reach.last) == (min(held), max(held))
    for month, missing in reach.lacking.items():
        assert reach.first < month < reach.last or held.get(month, 0)
        assert missing > 0
