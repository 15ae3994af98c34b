"""What an examination finds: how bad, what, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from xiezhi.kernel.words import Words


class Grade(StrEnum):
    WELL = "well"
    NOTE = "note"
    """Works, but someone should know."""
    WRONG = "wrong"
    """Must be mended before people rely on it."""


@dataclass(frozen=True)
class DoctorFinding:
    """`code` is stable: scripts may wait for one."""

    code: str
    grade: Grade
    what: Words
    todo: Words = field(default_factory=lambda: Words(zh="", en=""))


def well(code: str, zh: str, en: str) -> DoctorFinding:
    return DoctorFinding(code, Grade.WELL, Words(zh=zh, en=en))


def note(code: str, what: tuple[str, str], todo: tuple[str, str]) -> DoctorFinding:
    return DoctorFinding(code, Grade.NOTE, Words(zh=what[0], en=what[1]), Words(zh=todo[0], en=todo[1]))


def wrong(code: str, what: tuple[str, str], todo: tuple[str, str]) -> DoctorFinding:
    return DoctorFinding(code, Grade.WRONG, Words(zh=what[0], en=what[1]), Words(zh=todo[0], en=todo[1]))
