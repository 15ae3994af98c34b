"""Deadline: how long something may take, from which day on and by which norm, when its lamp turns, and who is told.

The content behind a clock: `clock` says what is true of one that runs, this says how long it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from xiezhi.kernel.words import Words
from xiezhi.processes.limit import Limit, Unit
from xiezhi.rules.model import ContentModel, Name

MOST = 250
"""Working days, or hours of hours, before or after an end at which anybody is told of it."""


class LimitWritten(ContentModel):
    """One of the four units with its number: ten years at most, of hours one. Beyond that it is a slip, not a limit."""

    hours: Annotated[int, Field(ge=1, le=8_760, strict=True)] | None = None
    days: Annotated[int, Field(ge=1, le=3_650, strict=True)] | None = None
    working_days: Annotated[int, Field(ge=1, le=2_500, strict=True)] | None = None
    months: Annotated[int, Field(ge=1, le=120, strict=True)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> LimitWritten:
        if len(self.model_fields_set) != 1:
            raise ValueError("a limit has one unit: hours, days, working_days or months")
        return self

    def limit(self, *, strict: bool) -> Limit:
        (name,) = self.model_fields_set
        return Limit(getattr(self, name), Unit(name), strict)


class Extension(ContentModel):
    """How often it may be extended, and by how long each time."""

    times: Annotated[int, Field(ge=1, le=10, strict=True)]
    limit: LimitWritten


class DeadlineVersion(ContentModel):
    """In force on [from, to). `norm`: the norm it rests on, or `tag`: REC or INF, a default that a site sets as it likes.

    `limit`: for all; else `limits`: for each value of the fact `by`. `strict`: on somebody's freedom.
    """

    from_: date = Field(alias="from")
    to: date | None = None
    norm: str | None = None
    tag: Annotated[str, Field(pattern="^(REC|INF)$")] | None = None
    limit: LimitWritten | None = None
    by: Name | None = None
    limits: dict[str, LimitWritten] = Field(default_factory=dict)
    extension: Extension | None = None
    strict: bool = False

    @model_validator(mode="after")
    def _one_basis_and_one_limit(self) -> DeadlineVersion:
        if (self.norm is None) == (self.tag is None):
            raise ValueError("a deadline rests on a norm, or says that it is a default (REC or INF)")
        if (self.limit is None) == (self.by is None) or (self.by is None) == bool(self.limits):
            raise ValueError("a deadline has one limit for all, or limits by a fact")
        if self.to is not None and self.from_ >= self.to:
            raise ValueError("a version must begin before it ends")
        return self

    def limit_for(self, facts: Mapping[str, str]) -> Limit:
        """The limit for a matter with these facts. Raises KeyError for a value that it does not know: lint has seen to it."""
        written = self.limit if self.by is None else self.limits[facts[self.by]]
        assert written is not None
        return written.limit(strict=self.strict)


class Deadline(ContentModel):
    """`warning`: working days before the end (hours, of hours) when the lamp turns yellow. `reminders`: so many before the end
    the holder is told; `escalations`: so many after it the level above is, 0 for at once."""

    code: Name
    title: Words
    replaces: str | None = None
    versions: Annotated[tuple[DeadlineVersion, ...], Field(min_length=1)]
    warning: Annotated[int, Field(ge=0, le=MOST)] = 0
    reminders: tuple[Annotated[int, Field(ge=1, le=MOST)], ...] = ()
    escalations: tuple[Annotated[int, Field(ge=0, le=MOST)], ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Deadline:
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            if earlier.to is None or earlier.to > later.from_:
                raise ValueError("versions must follow each other: the earlier one ends before the later one begins")
        return self

    def on(self, day: date) -> DeadlineVersion | None:
        """The version in force on a day; None where there was none."""
        return next((one for one in self.versions if one.from_ <= day and (one.to is None or day < one.to)), None)
