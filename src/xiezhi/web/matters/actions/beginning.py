"""Matters begin: many at once, as a run raises alerts, or one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xiezhi.kernel import clock
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.audit.record import Actor
from xiezhi.web.matters import gateway
from xiezhi.web.matters.actions.stepping import apply, change_of, reckon, tasks_of
from xiezhi.web.matters.gateway import Process, WorkingCalendar
from xiezhi.web.matters.models import Matter, MatterClock, Step, Task
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.queries.calendars import working_calendar

AT_ONCE = 1_000


@dataclass(frozen=True)
class Beginning:
    """What a matter is about, as its app has it. `facts`: what the process's chains and deadlines ask for."""

    number: str
    title: Words
    facts: Mapping[str, str]
    unit_path: str
    line: str
    label: int
    cadre_level: int
    subject_key: str
    parties: Sequence[str]


def begin(process: str, beginnings: Iterable[Beginning], *, by: Actor) -> list[Matter]:
    """A matter of the version in force for each, with its first step, clocks and task. Inside a transaction.

    Begun without seats: whoever sees them takes them in hand. Not an event of the trail for each: the app's act is one.
    """
    now, wanted = clock.now(), list(beginnings)
    written = gateway.process_in_force(process, clock.local(now).date())
    made: list[Matter] = []
    with entered(system_scope_of("matters")):
        calendar = working_calendar()
        for first in range(0, len(wanted), AT_ONCE):
            made += _begin(written, wanted[first : first + AT_ONCE], by, calendar)
    return made


def _begin(process: Process, wanted: Sequence[Beginning], by: Actor, calendar: WorkingCalendar) -> list[Matter]:
    now = clock.now()
    matters = Matter.objects.bulk_create(
        Matter(
            process=process.code,
            version=process.version,
            number=one.number,
            title_zh=one.title.zh,
            title_en=one.title.en,
            facts=dict(one.facts),
            state=process.initial,
            begun_at=now,
            moved_at=now,
            unit_path=one.unit_path,
            line=one.line,
            label=one.label,
            cadre_level=one.cadre_level,
            subject_key=one.subject_key,
            parties=list(one.parties),
        )
        for one in wanted
    )
    steps = Step.objects.bulk_create(_first_step(matter, process, by) for matter in matters)
    clocks: list[MatterClock] = []
    for matter, step in zip(matters, steps, strict=True):
        begun = [reckon(matter, code, [step], calendar, save=False) for code in process.begins]
        matter.due_at = min((one.ends_at for one in begun if one.ends_at), default=None)
        apply(matter, process, step)
        clocks += begun
    MatterClock.objects.bulk_create(clocks)
    Matter.objects.bulk_update(matters, ["due_at", "steps_count"])
    Task.objects.bulk_create(task for matter in matters for task in tasks_of(matter, process, None))
    return matters


def _first_step(matter: Matter, process: Process, by: Actor) -> Step:
    return Step(
        matter=matter,
        number=1,
        at=matter.begun_at,
        kind=StepKind.BEGUN,
        by_user=by.user_id,
        by_username=by.username,
        by_name=getattr(by, "display_name", "")[:64],
        by_unit_name=(by.unit_name or "")[:100],
        state=process.initial,
        clocks=[change_of(matter, process, "begin", code, matter.begun_at) for code in process.begins],
    )
