"""Whoever tries whatever: what is refused changes nothing, and what is made leaves step, clocks, tasks and event in agreement.

XIEZHI_WALK names how many tries; ten thousand take a quarter of an hour.
"""

from __future__ import annotations

import os
import random
from datetime import datetime

import pytest

from tests.web.matters.begun import arranged, raised
from tests.web.matters.walking import Walk
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.models import Alert
from xiezhi.web.matters.actions.comparing import compare
from xiezhi.web.matters.models import Matter, MatterClock, Task

TRIES = int(os.environ.get("XIEZHI_WALK", "120"))


@pytest.mark.parametrize("seed", range(1, 1 + max(1, TRIES // 1000)))
def test_a_walk_at_random_leaves_all_in_agreement(commission: Commission, seed: int) -> None:
    now = clock.now()
    arranged(now.year, now.year + 1, now.year + 2)
    walk = Walk(commission, random.Random(seed), now)
    walk.go(walk.begin(6), min(TRIES, 1000))
    assert walk.wrong == []
    assert sum(walk.made.values()) > 15, walk.made
    assert len(walk.refused) > 5, walk.refused


@pytest.mark.parametrize(
    "change", ["matter.state", "matter.due_at", "clock.ends_at", "task.due_at", "no task", "matter.holders", "alert.state"]
)
def test_a_column_that_does_not_agree_is_found(commission: Commission, change: str) -> None:
    arranged(2026, 2027)
    matter = raised(commission, "2026-300001", "v111")
    moment = datetime(2031, 1, 1, tzinfo=clock.ZONE)
    with system_scope("test"):
        assert compare(matter) == []
        match change:
            case "matter.state":
                Matter.objects.update(state="closed")
            case "matter.due_at":
                Matter.objects.update(due_at=moment)
            case "matter.holders":
                Matter.objects.update(holders=[commission.units["city"].pk])
            case "clock.ends_at":
                MatterClock.objects.update(ends_at=moment)
            case "alert.state":
                Alert.objects.update(state="snoozed", snoozed_until=moment.date())
            case "task.due_at":
                Task.objects.update(due_at=moment)
            case _:
                Task.objects.all().delete()
        assert compare(Matter.objects.get(pk=matter.pk)) != []
