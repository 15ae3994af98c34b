"""What a matter is about has changed: its place, who is a party, how grave it is. Not a step: nobody moved it."""

from __future__ import annotations

from collections.abc import Iterable

from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.matters.actions.beginning import AT_ONCE, Beginning
from xiezhi.web.matters.models import Matter, Task

COLUMNS = ("title_zh", "title_en", "facts", "unit_path", "line", "label", "cadre_level", "subject_key", "parties")
OF_TASKS = ("unit_path", "line", "label", "cadre_level", "subject_key", "parties")


def renew(process: str, about: Iterable[Beginning]) -> int:
    """Bring the matters of these numbers in step with what they are about; how many were not. Inside a transaction.

    Whoever was a party once stays one. A clock that runs keeps the limit that it began with.
    """
    wanted = {one.number: one for one in about}
    with entered(system_scope_of("matters")):
        changed = [
            matter
            for matter in Matter.objects.filter(process=process, number__in=wanted)
            if _renew(matter, wanted[matter.number])
        ]
        Matter.objects.bulk_update(changed, COLUMNS, batch_size=AT_ONCE)
        tasks = list(Task.objects.filter(matter__in=changed).select_related("matter"))
        for task in tasks:
            for name in OF_TASKS:
                setattr(task, name, getattr(task.matter, name))
        Task.objects.bulk_update(tasks, OF_TASKS, batch_size=AT_ONCE)
    return len(changed)


def _renew(matter: Matter, about: Beginning) -> bool:
    values = {
        "title_zh": about.title.zh,
        "title_en": about.title.en,
        "facts": {**matter.facts, **about.facts},
        "unit_path": about.unit_path,
        "line": about.line,
        "label": about.label,
        "cadre_level": about.cadre_level,
        "subject_key": about.subject_key,
        "parties": sorted({*matter.parties, *about.parties}),
    }
    differs = any(getattr(matter, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(matter, name, value)
    return differs
