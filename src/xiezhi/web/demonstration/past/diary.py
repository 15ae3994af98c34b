"""What happens when: stories told a step at a time, on a clock that goes forward through all of them together."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from xiezhi.kernel import clock
from xiezhi.web.matters.gateway import WorkingCalendar

Story = Iterator[int]
"""Does one thing each time it is asked, at the moment the clock says, and gives the working days until its next."""

OPENS, MINUTES = time(9), 8 * 60
"""Office hours: when they begin, and how many minutes they last."""


class Diary:
    """Of several stories always the one whose moment is nearest goes on."""

    def __init__(self, calendar: WorkingCalendar, seed: int) -> None:
        self._calendar, self._luck = calendar, Random(seed)
        self._coming: list[tuple[datetime, int, Story]] = []
        self._begun = 0

    def begin(self, story: Story, after: datetime) -> None:
        """It does its first thing on the next working day, or later the same day."""
        self._begun += 1
        self._push(after, 0, self._begun, story)

    def go_on(self, until: datetime) -> int:
        """Everything up to `until`, on its own moment; how many things happened. What comes later stays for another time."""
        happened = 0
        while self._coming and self._coming[0][0] <= until:
            moment, number, story = heapq.heappop(self._coming)
            with clock.standing_at(moment):
                wait = next(story, None)
            happened += 1
            if wait is not None:
                self._push(moment, wait, number, story)
        return happened

    def _push(self, after: datetime, working_days: int, number: int, story: Story) -> None:
        heapq.heappush(self._coming, (self._moment(after, working_days), number, story))

    def _moment(self, after: datetime, working_days: int) -> datetime:
        """Within office hours, so many working days on, and always later than `after`."""
        then = clock.local(after)
        closes = datetime.combine(then, OPENS, clock.ZONE) + timedelta(minutes=MINUTES)
        if working_days == 0 and self._calendar.works(then.date()) and then < closes - timedelta(hours=1):
            begins = max(then, datetime.combine(then, OPENS, clock.ZONE))
            left = int((closes - begins).total_seconds() // 60)
            return begins + timedelta(minutes=self._luck.randint(1, max(1, left)))
        day = self._calendar.after(then.date(), max(1, working_days))
        return datetime.combine(day, OPENS, clock.ZONE) + timedelta(minutes=self._luck.randrange(MINUTES))
