"""The steps are the truth: what lists read of a matter, held against what its steps come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from xiezhi.web.matters import gateway
from xiezhi.web.matters.actions.stepping import apply, nearest_end, show, tasks_of
from xiezhi.web.matters.gateway import WorkingCalendar
from xiezhi.web.matters.models import Matter, MatterClock, Step, Task
from xiezhi.web.matters.policies.registry import subject_of
from xiezhi.web.matters.queries.calendars import working_calendar
from xiezhi.web.matters.queries.matters import steps_of, waiting_proposal

OF_A_MATTER = ("state", "seats", "holder_id", "holders", "steps_count", "moved_at", "ended_at", "due_at")
OF_A_CLOCK = ("begun_at", "ends_at", "warns_at", "suspended_at", "stopped_at", "extensions", "lacks_year", "alarm_at")
OF_A_TASK = ("kind", "unit_id", "region_path", "permissions", "besides", "since", "due_at", "unit_path", "line", "cadre_level",
             "label", "subject_key", "parties", "holders")  # fmt: skip


@dataclass(frozen=True)
class Disagreement:
    """`column` of a matter, of one of its clocks ("alert_sign.ends_at"), of its tasks, or of the row of its app ("row.state")."""

    number: str
    column: str
    kept: Any
    computed: Any


def compare(matter: Matter, calendar: WorkingCalendar | None = None) -> list[Disagreement]:
    """Every column that is not what the steps come to; none where all agree. Changes nothing. In a system scope."""
    days = calendar or working_calendar()
    steps = steps_of(matter)
    return [*_of_matter(matter, steps), *_of_clocks(matter, steps, days), *_of_tasks(matter), *_of_the_row(matter)]


def _of_matter(matter: Matter, steps: Sequence[Step]) -> Iterator[Disagreement]:
    process = gateway.process_of(matter.process, matter.version)
    computed = Matter(pk=matter.pk, process=matter.process)
    for step in steps:
        apply(computed, process, step)
    computed.due_at = nearest_end(matter)
    yield from _differing(matter.number, "", matter, computed, OF_A_MATTER)
    numbers = [step.number for step in steps]
    if numbers != list(range(1, len(steps) + 1)):
        yield Disagreement(matter.number, "steps", numbers, list(range(1, len(steps) + 1)))


def _of_clocks(matter: Matter, steps: Sequence[Step], calendar: WorkingCalendar) -> Iterator[Disagreement]:
    kept = {row.code: row for row in MatterClock.objects.filter(matter=matter)}
    touched = {change["clock"] for step in steps for change in step.clocks}
    if kept.keys() != touched:
        yield Disagreement(matter.number, "clocks", sorted(kept), sorted(touched))
    for code in sorted(kept.keys() & touched):
        computed = MatterClock(matter=matter, code=code, told=kept[code].told)
        show(computed, steps, calendar)
        yield from _differing(matter.number, f"{code}.", kept[code], computed, OF_A_CLOCK)


def _of_tasks(matter: Matter) -> Iterator[Disagreement]:
    process = gateway.process_of(matter.process, matter.version)
    kept = list(Task.objects.filter(matter=matter))
    computed = list(tasks_of(matter, process, waiting_proposal(matter)))
    if len(kept) != len(computed):
        yield Disagreement(matter.number, "tasks", len(kept), len(computed))
    for one, other in zip(kept, computed, strict=False):
        yield from _differing(matter.number, "task.", one, other, OF_A_TASK)


def _of_the_row(matter: Matter) -> Iterator[Disagreement]:
    """What the app's own row says of the matter, which lists read."""
    for column, kept in subject_of(matter.process).followed(matter).items():
        if kept != getattr(matter, column):
            yield Disagreement(matter.number, f"row.{column}", kept, getattr(matter, column))


def _differing(number: str, before: str, kept: Model, computed: Model, columns: Sequence[str]) -> Iterator[Disagreement]:
    for column in columns:
        mine, theirs = getattr(kept, column), getattr(computed, column)
        if mine != theirs and not (not mine and not theirs):
            yield Disagreement(number, before + column, mine, theirs)
