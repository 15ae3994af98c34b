"""What an app puts on a person's workbench: things to do, and figures. The workbench asks each app's `queries` for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Urgency(StrEnum):
    """The lamp of a thing to do: with its word and icon, never colour alone."""

    OPEN = "open"
    LAPSING = "lapsing"
    OVERDUE = "overdue"
    DRAFT = "draft"


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for this person. `due` None: no time limit."""

    title: str
    url: str
    urgency: Urgency = Urgency.OPEN
    due: datetime | None = None
    note: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class Figure:
    """One number of the person's own scope, leading to the list behind it. `tone`: "", good, warn, bad or a level."""

    label: str
    value: int | str
    url: str
    note: str = ""
    tone: str = ""
