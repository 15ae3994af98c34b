"""A limit that runs: what is true of it after whatever happened, and what is told of it, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.processes.arranged import CALENDAR, at
from xiezhi.kernel.clock import as_read, local
from xiezhi.processes.clock import AlarmKind, Clock, ClockEvent, Happened, Lamp, alarms, clock_at, lamp_of
from xiezhi.processes.limit import Limit, Unit

THREE = Limit(3, Unit.WORKING_DAYS)
SECOND = timedelta(seconds=1)


def begun(moment: str, limit: Limit = THREE) -> ClockEvent:
    return ClockEvent(Happened.BEGUN, at(moment), limit)


def then(what: Happened, moment: str, limit: Limit | None = None) -> ClockEvent:
    return ClockEvent(what, at(moment), limit)


def seen(moment: str, *events: ClockEvent) -> Clock:
    found = clock_at(events, at(moment), CALENDAR)
    assert found is not None
    return found


def ends(running: Clock) -> str:
    return as_read(running.end.moment - SECOND)


def lamp(moment: str, *events: ClockEvent, warning: int = 1) -> Lamp:
    return lamp_of(seen(moment, *events), at(moment), warning, CALENDAR)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2025-01-06 09:00", Lamp.GREEN),
        ("2025-01-07 23:59", Lamp.GREEN),
        ("2025-01-08 00:00", Lamp.YELLOW),
        ("2025-01-09 23:59", Lamp.YELLOW),
        ("2025-01-10 00:00", Lamp.RED),
        ("2025-03-10 00:00", Lamp.RED),
    ],
)
def test_a_lamp_turns_at_the_moment(moment: str, shown: Lamp) -> None:
    assert lamp(moment, begun("2025-01-06 09:00")) is shown


def test_before_it_begins_there_is_none() -> None:
    assert clock_at([begun("2025-01-06 09:00")], at("2025-01-06 08:59"), CALENDAR) is None
    assert clock_at([], at("2025-01-06 08:59"), CALENDAR) is None


def test_done_at_the_last_moment_is_kept_and_at_the_next_broken() -> None:
    assert lamp("2025-02-01 09:00", begun("2025-01-06 09:00"), then(Happened.STOPPED, "2025-01-09 23:59")) is Lamp.KEPT
    assert lamp("2025-02-01 09:00", begun("2025-01-06 09:00"), then(Happened.STOPPED, "2025-01-10 00:00")) is Lamp.BROKEN


def test_a_past_day_is_told_as_it_was() -> None:
    events = begun("2025-01-06 09:00"), then(Happened.STOPPED, "2025-01-08 10:00")
    assert (lamp("2025-01-08 09:59", *events), lamp("2025-01-08 10:00", *events)) == (Lamp.YELLOW, Lamp.KEPT)


def test_while_it_is_suspended_no_day_passes() -> None:
    events = begun("2025-01-06 09:00"), then(Happened.SUSPENDED, "2025-01-07 12:00")
    assert lamp("2025-06-10 09:00", *events) is Lamp.STILL
    resumed = *events, then(Happened.RESUMED, "2025-06-10 09:00")
    assert ends(seen("2025-06-10 09:00", *resumed)) == "2025-06-12 23:59", "two working days were left"
    assert lamp("2025-06-13 00:00", *resumed) is Lamp.RED


def test_what_was_late_when_it_was_suspended_stays_late() -> None:
    events = begun("2025-01-06 09:00"), then(Happened.SUSPENDED, "2025-01-10 09:00"), then(Happened.RESUMED, "2025-02-10 09:00")
    assert lamp("2025-01-20 09:00", *events[:2]) is Lamp.RED
    assert (ends(seen("2025-02-10 09:00", *events)), lamp("2025-02-10 09:00", *events)) == ("2025-01-09 23:59", Lamp.RED)


def test_stopped_while_it_was_suspended_in_time_is_kept() -> None:
    events = begun("2025-01-06 09:00"), then(Happened.SUSPENDED, "2025-01-07 12:00"), then(Happened.STOPPED, "2025-06-10 09:00")
    assert lamp("2025-06-10 09:00", *events) is Lamp.KEPT


def test_suspended_on_its_last_day_it_has_the_day_it_is_resumed_on() -> None:
    events = begun("2025-01-06 09:00"), then(Happened.SUSPENDED, "2025-01-09 12:00"), then(Happened.RESUMED, "2025-01-14 12:00")
    assert ends(seen("2025-01-14 12:00", *events)) == "2025-01-14 23:59"


def test_days_that_were_left_end_on_a_day_that_is_worked() -> None:
    ten = begun("2025-01-06 09:00", Limit(10, Unit.DAYS))
    events = ten, then(Happened.SUSPENDED, "2025-01-10 12:00"), then(Happened.RESUMED, "2025-01-22 12:00")
    assert ends(seen("2025-01-22 12:00", *events)) == "2025-02-05 23:59", "six days: 28 January, Spring Festival until 4 February"


def test_hours_go_on_by_the_minute() -> None:
    day = begun("2025-01-06 09:00", Limit(24, Unit.HOURS))
    events = day, then(Happened.SUSPENDED, "2025-01-06 10:15"), then(Happened.RESUMED, "2025-01-08 10:45")
    assert as_read(seen("2025-01-08 11:00", *events).end.moment) == "2025-01-09 09:30"


def test_extensions_are_counted() -> None:
    events = begun("2025-01-06 09:00"), *(then(Happened.EXTENDED, f"2025-01-0{day} 09:00", THREE) for day in (8, 9))
    running = seen("2025-01-09 09:00", *events)
    assert (ends(running), running.extensions) == ("2025-01-17 23:59", 2)


def test_begun_again_it_has_its_whole_time_and_reminds_anew() -> None:
    first = begun("2025-01-06 09:00"), then(Happened.STOPPED, "2025-01-09 09:00")
    again = *first, begun("2025-03-03 09:00")
    assert lamp("2025-03-06 23:59", *again) is Lamp.YELLOW
    assert lamp("2025-03-07 00:00", *again) is Lamp.RED
    keys = [
        {one.key for one in alarms(seen(day, *again), (1,), (0,), CALENDAR)} for day in ("2025-01-08 09:00", "2025-03-04 09:00")
    ]
    assert keys[0].isdisjoint(keys[1])


@pytest.mark.parametrize(
    "events",
    [
        [then(Happened.STOPPED, "2025-01-06 09:00")],
        [begun("2025-01-06 09:00"), begun("2025-01-07 09:00")],
        [begun("2025-01-06 09:00"), then(Happened.RESUMED, "2025-01-07 09:00")],
        [begun("2025-01-06 09:00"), *[then(Happened.SUSPENDED, "2025-01-07 09:00")] * 2],
        [begun("2025-01-06 09:00"), *[then(Happened.STOPPED, "2025-01-07 09:00")] * 2],
        [begun("2025-01-06 09:00"), then(Happened.EXTENDED, "2025-01-07 09:00")],
        [ClockEvent(Happened.BEGUN, at("2025-01-06 09:00"))],
    ],
)
def test_what_cannot_follow_is_no_history(events: list[ClockEvent]) -> None:
    with pytest.raises(ValueError, match=r"clock"):
        clock_at(events, at("2025-12-01 00:00"), CALENDAR)


def test_reminders_and_escalations_come_on_working_days() -> None:
    running = seen("2025-01-20 10:00", begun("2025-01-20 09:00", Limit(5, Unit.WORKING_DAYS)))
    told = [(one.kind, one.number, as_read(one.moment)) for one in alarms(running, (3, 1), (0, 2), CALENDAR)]
    assert ends(running) == "2025-01-26 23:59", "a Sunday that is worked"
    assert told == [
        (AlarmKind.REMINDER, 3, "2025-01-22 00:00"),
        (AlarmKind.REMINDER, 1, "2025-01-24 00:00"),
        (AlarmKind.ESCALATION, 0, "2025-01-27 00:00"),
        (AlarmKind.ESCALATION, 2, "2025-02-06 00:00"),
    ]


def test_no_reminder_lies_before_the_beginning_and_none_comes_of_what_stands_still() -> None:
    assert [one.kind for one in alarms(seen("2025-01-06 09:00", begun("2025-01-06 09:00")), (3, 9), (0,), CALENDAR)] == [
        AlarmKind.ESCALATION
    ]
    for what in (Happened.SUSPENDED, Happened.STOPPED):
        assert (
            alarms(seen("2025-01-07 09:00", begun("2025-01-06 09:00"), then(what, "2025-01-07 09:00")), (1,), (0,), CALENDAR)
            == []
        )


def test_a_limit_of_the_first_days_of_the_first_year_asks_for_none_before() -> None:
    events = begun("2024-01-02 09:00")
    assert lamp("2024-01-02 10:00", events, warning=9) is Lamp.YELLOW
    assert [one.kind for one in alarms(seen("2024-01-02 10:00", events), (9,), (0,), CALENDAR)] == [AlarmKind.ESCALATION]


def test_reminders_of_hours_are_hours_before() -> None:
    running = seen("2025-01-06 09:00", begun("2025-01-06 09:00", Limit(24, Unit.HOURS)))
    assert [as_read(one.moment) for one in alarms(running, (10, 2), (1,), CALENDAR)] == [
        "2025-01-06 23:00",
        "2025-01-07 07:00",
        "2025-01-07 10:00",
    ]


@given(
    st.integers(1, 20),
    st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]),
    st.datetimes(datetime(2024, 3, 1), datetime(2024, 12, 1)),
    st.lists(st.integers(0, 9), min_size=0, max_size=6),
)
def test_days_that_passed_and_days_that_were_suspended_are_told_apart(
    number: int, unit: Unit, start: datetime, waits: list[int]
) -> None:
    """Counted one by one: a day passes for it when it runs at its midnight, and counts by the limit's unit."""
    moments = [start + timedelta(days=sum(waits[: index + 1])) for index in range(len(waits))]
    whats = [Happened.SUSPENDED, Happened.RESUMED] * 3
    events = [begun(start.isoformat(" "), Limit(number, unit))]
    events += [then(what, moment.isoformat(" ")) for what, moment in zip(whats, moments, strict=False)]
    if len(waits) % 2:
        events.pop()
    running = clock_at(events, at("2025-12-01 00:00"), CALENDAR)
    assert running is not None
    waited = [(first.at.date(), second.at.date()) for first, second in pairwise(events) if second.what is Happened.RESUMED]
    assert local(running.end.moment - SECOND).date() == _counted(start.date(), number, unit, waited)


def _counted(day: date, left: int, unit: Unit, waited: list[tuple[date, date]]) -> date:
    """A day counts unless it lies after a suspension, up to its resumption; at a worked day's midnight it ends if it runs."""
    while True:
        runs = not any(since <= day < until for since, until in waited)
        if not left and runs and CALENDAR.works(day):
            return day
        day += timedelta(days=1)
        counts = not any(since < day <= until for since, until in waited)
        left -= bool(left) and counts and (unit is Unit.DAYS or CALENDAR.works(day))
