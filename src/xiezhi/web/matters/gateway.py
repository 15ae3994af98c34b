"""What matters ask of the core: processes as they are written, and what is true of a clock."""

from __future__ import annotations

from datetime import date

from xiezhi.kernel.errors import UserError
from xiezhi.operations.processes import (
    MOVER,
    TIER,
    Alarm,
    AlarmKind,
    Clock,
    ClockEvent,
    Deadline,
    FieldKind,
    FormField,
    Hand,
    Happened,
    Limit,
    Move,
    Process,
    ProcessContent,
    Registered,
    Signature,
    State,
    Unit,
    UnknownYear,
    Vacant,
    Where,
    WorkingCalendar,
    alarms,
    check_processes,
    clock_at,
    diagram,
    limit_words,
    list_processes,
    page,
    warns_at,
    write_process_pages,
)
from xiezhi.web.lake import core_config

__all__ = [
    "MOVER",
    "TIER",
    "Alarm",
    "AlarmKind",
    "Clock",
    "ClockEvent",
    "Deadline",
    "FieldKind",
    "FormField",
    "Hand",
    "Happened",
    "Limit",
    "Move",
    "Process",
    "Registered",
    "Signature",
    "State",
    "Unit",
    "UnknownYear",
    "Vacant",
    "Where",
    "WorkingCalendar",
    "alarms",
    "check_processes",
    "clock_at",
    "content",
    "deadline",
    "diagram",
    "limit_words",
    "process_in_force",
    "process_of",
    "process_page",
    "warns_at",
    "write_process_pages",
]


def process_page(process: Process, language: str) -> str:
    """The page of one process, as Markdown."""
    return page(process, content(), language)


def content() -> ProcessContent:
    """Processes, chains and deadlines of the site."""
    return list_processes(core_config())


def process_of(code: str, version: int) -> Process:
    """The version that a matter began with. Raises UserError where it is no longer there: nothing goes on."""
    found = content().processes.get((code, version))
    if found is None:
        raise UserError(
            "XZ-MAT-01",
            zh=f"内容中没有流程 {code} 第 {version} 版",
            en=f"the content has no version {version} of the process {code}",
            todo_zh="把这一版的文件放回 processes 目录:仍有事项按它办理",
            todo_en="put its file back among the processes: there are matters that go by it",
        )
    return found


def process_in_force(code: str, day: date) -> Process:
    """The version that a new matter begins with. Raises UserError where there is none."""
    found = content().in_force(code, day)
    if found is None:
        raise UserError(
            "XZ-MAT-02",
            zh=f"{day} 没有生效的流程 {code}",
            en=f"no version of the process {code} is in force on {day}",
            todo_zh="在 processes 目录里加上一版",
            todo_en="add one to the processes",
        )
    return found


def deadline(code: str) -> Deadline:
    """A deadline by its code. Raises UserError where the content has none: its clocks cannot be reckoned."""
    found = content().deadlines.get(code)
    if found is None:
        raise UserError(
            "XZ-MAT-03",
            zh=f"内容中没有时限 {code}",
            en=f"the content has no deadline {code}",
            todo_zh="把它的文件放回 deadlines 目录",
            todo_en="put its file back among the deadlines",
        )
    return found
