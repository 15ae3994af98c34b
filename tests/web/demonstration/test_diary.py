"""The past of the demonstration goes forward: always the nearest thing next, in office hours of working days, on its own moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from xiezhi.kernel import clock
from xiezhi.web.demonstration.past.diary import MINUTES, OPENS, Diary
from xiezhi.web.matters.gateway import WorkingCalendar

CALENDAR = WorkingCalendar.of([(datetime(2026, 10, day).date(), False) for day in (1, 2)], [2026])
BEGINS = datetime(2026, 9, 25, 16, tzinfo=clock.ZONE)


def noted(moments: list[datetime], waits: list[int]) -> Iterator[int]:
    for wait in waits:
        moments.append(clock.local(clock.now()))
        yield wait
    moments.append(clock.local(clock.now()))


def test_several_stories_go_on_together_within_office_hours() -> None:
    moments: list[datetime] = []
    diary = Diary(CALENDAR, seed=1)
    for _story in range(5):
        diary.begin(noted(moments, [0, 1, 3, 0, 2]), BEGINS)
    assert diary.go_on(BEGINS + timedelta(days=60)) == 30
    assert moments == sorted(moments)
    assert len(moments) == 30
    for moment in moments:
        assert CALENDAR.works(moment.date())
        assert moment.time() >= OPENS
        assert moment <= datetime.combine(moment, OPENS, clock.ZONE) + timedelta(minutes=MINUTES)
        assert moment > BEGINS


def test_what_comes_later_stays_for_another_time() -> None:
    moments: list[datetime] = []
    diary = Diary(CALENDAR, seed=1)
    diary.begin(noted(moments, [1, 20]), BEGINS)
    until = BEGINS + timedelta(days=7)
    assert diary.go_on(until) == 2
    assert all(moment <= until for moment in moments)
    assert diary.go_on(until) == 0
    assert diary.go_on(until + timedelta(days=60)) == 1
