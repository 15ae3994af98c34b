"""What an app puts on a person's workbench: things to do, and figures. Each app offers its own in `apps.py: ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Urgency(StrEnum):
    """The lamp of a thing to do: with its word and icon, never colour alone."""

    OPEN = "open"
    LAPSING = "lapsing"
    OVERDUE = "overdue"
    DRAFT = "draft"


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for this person. `due` None: no time limit. `asked`: somebody asked and cannot go on without it."""

    title: str
    url: str
    urgency: Urgency = Urgency.OPEN
    due: datetime | None = None
    note: str = ""
    icon: str = "inbox"
    asked: bool = False


@dataclass(frozen=True)
class Figure:
    """One number of the person's own scope, leading to the list behind it. `tone`: "", good, warn, bad or a level."""

    label: str
    value: int | str
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Offer:
    """What one app has for the workbench. Both are asked with the viewer, which is a word of a layer above."""

    order: int
    to_do: Callable[[Any], list[ToDo]] | None
    figures: Callable[[Any], list[Figure]] | None


_offers: dict[str, Offer] = {}


def offer(
    app: str,
    *,
    order: int,
    to_do: Callable[[Any], list[ToDo]] | None = None,
    figures: Callable[[Any], list[Figure]] | None = None,
) -> None:
    """Put an app's things to do and figures on the workbench; the same app again replaces. Figures stand by `order`."""
    _offers[app] = Offer(order, to_do, figures)


def offers() -> list[Offer]:
    """Of every app that has any, in their order."""
    return sorted(_offers.values(), key=lambda one: one.order)
