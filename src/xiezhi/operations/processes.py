"""Processes: how a matter moves, who signs, by when; and what was true of a clock on a day."""

from __future__ import annotations

from pathlib import Path

from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, processes_in_force
from xiezhi.processes.calendar import UnknownYear, WorkingCalendar
from xiezhi.processes.chain import TIER, TIERS, Chain, Signature, Vacant, Where
from xiezhi.processes.clock import Alarm, AlarmKind, Clock, ClockEvent, Happened, Lamp, alarms, clock_at, lamp_of, warns_at
from xiezhi.processes.deadline import Deadline
from xiezhi.processes.limit import Limit, Unit
from xiezhi.processes.lint import Finding, Registered, lint_processes
from xiezhi.processes.loader import ProcessContent, read_processes
from xiezhi.processes.pages import diagram, limit_words, page, write_pages
from xiezhi.processes.process import MOVER, FieldKind, FormField, Hand, Move, Process, State

__all__ = [
    "MOVER",
    "TIER",
    "TIERS",
    "Alarm",
    "AlarmKind",
    "Chain",
    "Clock",
    "ClockEvent",
    "Deadline",
    "FieldKind",
    "Finding",
    "FormField",
    "Hand",
    "Happened",
    "Lamp",
    "Limit",
    "Move",
    "Process",
    "ProcessContent",
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
    "diagram",
    "lamp_of",
    "limit_words",
    "list_processes",
    "page",
    "warns_at",
    "write_process_pages",
]


def list_processes(config: CoreConfig) -> ProcessContent:
    """Processes, chains and deadlines in force, read once for each state of their files. Raises ContentError."""
    return processes_in_force(config)


def check_processes(config: CoreConfig, registered: Registered) -> list[Finding]:
    """Everything wrong with them, unreadable files too."""
    content, problems = read_processes(config.content_roots)
    return [
        *(Finding(one.code, "", one.zh, one.en, one.place) for one in problems if one.place is not None),
        *lint_processes(content, registered, content_in_force(config).norms),
    ]


def write_process_pages(config: CoreConfig, folder: Path, language: str = "zh") -> list[Path]:
    """The pages of the reference."""
    return write_pages(processes_in_force(config), folder, language)
