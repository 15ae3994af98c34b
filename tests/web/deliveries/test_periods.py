"""The calendar of what is due: pure functions, so properties instead of examples wherever there is one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.web.deliveries.policies.periods import Came, Period, before, between, covered, expectations, period_of, worst
from xiezhi.web.deliveries.states import PeriodState

CADENCES = ("daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly")
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
cadences = st.sampled_from(CADENCES)


def came_for(on: date, refused: bool, back: int, length: int) -> Came:
    """A delivery on a day; with a length, for a span of days that ended `back` days before it."""
    last = on - timedelta(days=back)
    return Came(on, refused, last - timedelta(days=length), last) if length else Came(on, refused)


came = st.lists(
    st.builds(came_for, DAYS, st.booleans(), st.integers(-20, 200), st.integers(0, 400)),
    max_size=12,
)


@given(DAYS, cadences)
def test_a_day_lies_in_its_period_and_periods_tile_time(day: date, cadence: str) -> None:
    period = period_of(day, cadence)
    assert period.start <= day <= period.end
    assert period_of(period.start, cadence) == period == period_of(period.end, cadence)
    assert before(period, cadence).end == period.start - timedelta(days=1)
    assert period_of(period.end + timedelta(days=1), cadence).start == period.end + timedelta(days=1)


@pytest.mark.parametrize(
    ("cadence", "start", "end"),
    [
        ("daily", date(2026, 8, 31), date(2026, 8, 31)),
        ("weekly", date(2026, 8, 31), date(2026, 9, 6)),
        ("monthly", date(2026, 8, 1), date(2026, 8, 31)),
        ("quarterly", date(2026, 7, 1), date(2026, 9, 30)),
        ("half_yearly", date(2026, 7, 1), date(2026, 12, 31)),
        ("yearly", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_of_one_day(cadence: str, start: date, end: date) -> None:
    assert period_of(date(2026, 8, 31), cadence) == Period(start, end)


@given(came, cadences, st.integers(0, 60), DAYS)
def test_the_calendar_is_whole_and_agrees_with_itself(told: list[Came], cadence: str, grace: int, today: date) -> None:
    told = [one for one in told if one.on <= today]
    found = expectations(cadence, grace, told, today)
    if not told:
        assert found == [], "nobody waits for what was never begun"
        return
    assert [one.period for one in found] == list(between(found[0].period, period_of(today, cadence), cadence)), (
        "no gap, ends today"
    )
    for one in found:
        assert one.due == one.period.end + timedelta(days=grace)
        assert (one.came is not None) == (one.state in (PeriodState.RECEIVED, PeriodState.LATE))
        assert one.state is not PeriodState.OVERDUE or today > one.due
        assert one.state is not PeriodState.DUE or one.period.end < today <= one.due
        assert one.state is not PeriodState.NOT_DUE or one.period.end >= today
        assert one.state is not PeriodState.LATE or (one.came or today) > one.due


@given(came, cadences, st.integers(0, 60), DAYS)
def test_waiting_longer_never_makes_what_came_uncome(told: list[Came], cadence: str, grace: int, today: date) -> None:
    told = [one for one in told if one.on <= today]
    now = {one.period: one for one in expectations(cadence, grace, told, today)}
    later = {one.period: one for one in expectations(cadence, grace, told, today + timedelta(days=40))}
    for period, one in now.items():
        assert later[period].came == one.came
        if one.state is PeriodState.OVERDUE:
            assert later[period].state is PeriodState.OVERDUE


@given(came, cadences, DAYS)
def test_the_order_in_which_deliveries_are_told_does_not_matter(told: list[Came], cadence: str, today: date) -> None:
    assert expectations(cadence, 10, told, today) == expectations(cadence, 10, told[::-1], today)


@given(DAYS, st.integers(0, 900), cadences)
def test_one_delivery_of_everything_covers_everything(low: date, length: int, cadence: str) -> None:
    high = low + timedelta(days=length)
    first, last = covered(low, high, length + 1, cadence)
    assert first <= low
    assert last >= high


def test_a_straggler_of_march_does_not_make_the_august_file_a_delivery_of_april() -> None:
    assert covered(date(2025, 3, 1), date(2025, 8, 1), 2, "monthly") == (date(2025, 8, 1), date(2025, 8, 31))


def test_a_register_of_rare_events_over_years_is_history_not_stragglers() -> None:
    assert covered(date(2022, 1, 3), date(2025, 12, 25), 38, "weekly") == (date(2022, 1, 3), date(2025, 12, 28))


def test_history_handed_in_at_the_start_is_not_late_but_what_is_missing_since_is_overdue() -> None:
    told = [Came(date(2026, 3, 5), first=date(2025, month, 1), last=date(2025, month, 28)) for month in (10, 11)]
    states = {one.period.start: one.state for one in expectations("monthly", 10, told, date(2026, 3, 5))}
    assert states == {
        date(2025, 10, 1): PeriodState.RECEIVED,
        date(2025, 11, 1): PeriodState.RECEIVED,
        date(2025, 12, 1): PeriodState.OVERDUE,
        date(2026, 1, 1): PeriodState.OVERDUE,
        date(2026, 2, 1): PeriodState.DUE,
        date(2026, 3, 1): PeriodState.NOT_DUE,
    }


def test_a_month_that_came_after_its_limit_is_late() -> None:
    told = [Came(date(2026, 1, 5)), Came(date(2026, 2, 20))]
    assert [one.state for one in expectations("monthly", 10, told, date(2026, 2, 21))] == [
        PeriodState.RECEIVED,
        PeriodState.LATE,
        PeriodState.NOT_DUE,
    ]


def test_a_register_sent_on_the_last_days_is_for_the_month_that_is_ending() -> None:
    told = [Came(date(2026, 1, 5)), Came(date(2026, 1, 30))]
    found = expectations("monthly", 10, told, date(2026, 2, 20))
    assert [(one.period.start.month, one.state) for one in found] == [
        (12, PeriodState.RECEIVED),
        (1, PeriodState.RECEIVED),
        (2, PeriodState.NOT_DUE),
    ]


def test_what_came_with_rows_of_the_future_alone_is_waited_for_since_that_day() -> None:
    """It was waited for from each day anew, and never overdue."""
    wrong = Came(date(2026, 1, 5), first=date(2026, 7, 1), last=date(2026, 7, 31))
    found = expectations("monthly", 10, [wrong], date(2026, 3, 20))
    assert [one.state for one in found] == [PeriodState.OVERDUE, PeriodState.OVERDUE, PeriodState.NOT_DUE]


def test_a_refusal_stands_until_the_file_comes_whole() -> None:
    told = [Came(date(2026, 1, 5)), Came(date(2026, 2, 5), refused=True)]
    assert expectations("monthly", 10, told, date(2026, 3, 30))[1].state is PeriodState.REFUSED
    told.append(Came(date(2026, 2, 7)))
    assert expectations("monthly", 10, told, date(2026, 3, 30))[1].state is PeriodState.RECEIVED


def test_the_worst_of_a_month_is_shown() -> None:
    found = expectations("daily", 2, [Came(date(2026, 2, 2))], date(2026, 2, 6))
    assert worst(found) is PeriodState.OVERDUE
    assert worst([]) is None
