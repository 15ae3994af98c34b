"""Runs, and what each found in what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from xiezhi.web.accounts.scope import entered, seen_by, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.states import LIVE
from xiezhi.web.supervision.models import Run, RunRule, Tally
from xiezhi.web.supervision.states import Ending, HitState

RUN_KEY = "rules.run"
"""Of the job: there is one run at a time."""

Found = dict[str, int]
"""Hit state → hits."""


@dataclass(frozen=True)
class Point:
    """One rule in one run."""

    run: int
    finished: datetime
    found: Found

    @property
    def hits(self) -> int:
        return sum(number for state, number in self.found.items() if state != HitState.GONE)


def runs() -> QuerySet[Run]:
    """With how many rules ended how."""
    ended = {ending.value: Count("rules", filter=Q(rules__ending=ending)) for ending in Ending}
    return Run.objects.defer("parameters").annotate(lasted_for=F("finished") - F("started"), **ended)


def run(number: int) -> Run | None:
    return Run.objects.filter(pk=number).first()


def finished_runs(numbers: Iterable[int]) -> dict[int, datetime]:
    """Run → when it ended; those that were never copied into the database are left out."""
    return dict(Run.objects.filter(pk__in=list(numbers)).values_list("number", "finished"))


def run_rules(number: int) -> list[RunRule]:
    """Those that did not end well first."""
    return sorted(RunRule.objects.filter(run_id=number), key=lambda one: (one.ending == Ending.DONE, one.rule))


def found_by_run(viewer: Viewer, numbers: Iterable[int]) -> dict[int, Found]:
    found: dict[int, Found] = defaultdict(dict)
    counted = seen_by(Tally.objects.filter(run_id__in=list(numbers)).order_by(), viewer.scope)
    for row in counted.values("run_id", "state").annotate(number=Sum("hits")):
        found[row["run_id"]][row["state"]] = row["number"]
    return found


def found_by_rule(viewer: Viewer, number: int) -> dict[str, Found]:
    """Of one run."""
    found: dict[str, Found] = defaultdict(dict)
    counted = seen_by(Tally.objects.filter(run_id=number).order_by(), viewer.scope)
    for row in counted.values("rule", "state").annotate(number=Sum("hits")):
        found[row["rule"]][row["state"]] = row["number"]
    return found


MOST_POINTS = 60
"""Runs of a chart, newest; more than that nobody can tell apart."""


def history(viewer: Viewer, code: str) -> list[Point]:
    """What one rule found in the newest runs, oldest first. Runs in which it did not end are left out: nothing is known."""
    done = RunRule.objects.filter(rule=code, ending=Ending.DONE).order_by("-run_id")
    ran = list(done.values_list("run_id", "run__finished")[:MOST_POINTS])
    found: dict[int, Found] = defaultdict(dict)
    counted = seen_by(Tally.objects.filter(rule=code, run_id__in=[number for number, _ in ran]).order_by(), viewer.scope)
    for row in counted.values("run_id", "state").annotate(number=Sum("hits")):
        found[row["run_id"]][row["state"]] = row["number"]
    return [Point(number, finished, found[number]) for number, finished in reversed(ran)]


def live_job() -> Job | None:
    """The run that is going on, whoever asked for it: that models run is no secret to those who may see runs."""
    with entered(system_scope_of("runs")):
        return Job.objects.filter(key=RUN_KEY, state__in=LIVE).first()
