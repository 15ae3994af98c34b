"""The demonstration's months before today, run by run and day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xiezhi.kernel import clock
from xiezhi.kernel.progress import Progress
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.alerts.models import Alert
from xiezhi.web.demonstration.actions.settling import settle
from xiezhi.web.demonstration.past.diary import Diary
from xiezhi.web.demonstration.past.people import SCOPE, People
from xiezhi.web.demonstration.past.stages import SETTLED, STAGES, Stage
from xiezhi.web.demonstration.past.stories import alarms, reading, story
from xiezhi.web.matters.actions.calendars import enter_year
from xiezhi.web.matters.models import CalendarYear
from xiezhi.web.matters.queries.calendars import working_calendar
from xiezhi.web.supervision.actions.recording import record_runs
from xiezhi.web.supervision.gateway import run

CALENDAR_KEEPER = "sysadmin"

PLAIN = "演示：只按周末，节假日待国务院办公厅公布后补录"
"""Source of a year that the library does not know yet."""


@dataclass
class Lived:
    """What came of it."""

    accounts: int = 0
    runs: int = 0
    alerts: int = 0
    acts: int = 0


def live(home: Path, now: datetime, progress: Progress) -> Lived:
    """Settle the commission and let it work until `now`. Afterwards the platform stands as it would have been left."""
    lived, begins = Lived(), now - SETTLED
    with clock.standing_at(begins):
        lived.accounts = settle(home)
        people = People()
        _enter_years(people, begins, now)
        with system_scope(SCOPE):
            diary = Diary(working_calendar(), seed=1)
    for standing in (alarms(), reading(people)):
        diary.begin(standing, begins)
    moments = [now - stage.ago for stage in STAGES]
    for stage, moment, until in zip(STAGES, moments, [*moments[1:], now], strict=True):
        with clock.standing_at(moment):
            found = _run(stage, progress)
        for alert in found:
            diary.begin(story(alert, people), moment)
        lived.runs, lived.alerts = lived.runs + 1, lived.alerts + len(found)
        lived.acts += diary.go_on(until)
    return lived


def _run(stage: Stage, progress: Progress) -> list[Alert]:
    """A run of the models that are in work by then; the alerts that are new with it."""
    record = run(stage.rules, {}, f"system:{SCOPE}", progress)
    record_runs()
    raise_alerts(run=record.run)
    with system_scope(SCOPE):
        return list(Alert.objects.filter(first_run=record.run).select_related("matter").order_by("pk"))


def _enter_years(people: People, begins: datetime, now: datetime) -> None:
    """Of the years that are needed those which the library does not know, as the week has them, under their own source."""
    by = people.called(CALENDAR_KEEPER)
    with acting_as(by):
        there = set(CalendarYear.objects.values_list("year", flat=True))
        for year in sorted({*range(begins.year, now.year + 2)} - there):
            enter_year(year, {}, source=PLAIN, by=by)
