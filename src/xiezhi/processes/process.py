"""Process: the states of one kind of matter and the moves between them, as content that a director can read.

A file is one version of a process. A matter keeps the version it began with; a new one takes the newest that is in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from xiezhi.kernel.hashing import digest
from xiezhi.kernel.words import Words
from xiezhi.rules.model import ContentModel, Name

MOVER = "mover"
"""In place of a field's name: the unit of whoever makes the move."""

Tone = Literal["warn", "info", "good", "bad", "muted"]


class Hand(StrEnum):
    """Whose hand makes a move, besides holding its permission.

    `any`: whoever sees the matter. `holder`: somebody of the unit that has it in hand; of whoever sees it where nobody has.
    """

    ANY = "any"
    HOLDER = "holder"


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    YES_NO = "yes_no"
    UNIT = "unit"
    MATTER = "matter"


class FormField(ContentModel):
    """What must be said with a move. `choices`: code → words, of a choice alone. Money: yuan on the form, fen when kept."""

    title: Words
    kind: FieldKind
    required: bool = True
    choices: dict[Name, Words] = Field(default_factory=dict)
    hint: Words | None = None

    @model_validator(mode="after")
    def _choices_of_a_choice(self) -> FormField:
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError("a choice has choices, and nothing else has")
        return self


class State(ContentModel):
    """`seat`: whose turn it is; without one that of everybody who sees the matter. `final`: nothing has to happen any more."""

    title: Words
    tone: Tone = "info"
    seat: Name | None = None
    final: bool = False


class Mover(ContentModel):
    """Who may: the permission, the hand, and `other_than`: not who made one of these moves last."""

    permission: str
    hand: Hand = Hand.HOLDER
    other_than: tuple[Name, ...] = ()


class ClockChanges(ContentModel):
    """What a move does to clocks, by their codes. `extend`: by what the clock's own extension says."""

    begin: tuple[Name, ...] = ()
    stop: tuple[Name, ...] = ()
    suspend: tuple[Name, ...] = ()
    resume: tuple[Name, ...] = ()
    extend: tuple[Name, ...] = ()

    def each(self) -> Iterator[tuple[str, Name]]:
        """(what, clock) in the order in which they are done: what ends before what begins."""
        for what in ("stop", "suspend", "resume", "extend", "begin"):
            for clock in getattr(self, what):
                yield what, clock


class Move(ContentModel):
    """`from_` → `to`; without `to` the state stays. `done`: what the history says. `seats`: seat → field of the form, or `mover`;
    `vacates`: those that are empty afterwards.

    `chain`: whose signatures it needs before it is done. `tells`: seats whose people are told. `guards`, `effects`: functions
    that an app registered under these names.
    """

    title: Words
    done: Words
    from_: Annotated[tuple[Name, ...], Field(alias="from", min_length=1)]
    to: Name | None = None
    by: Mover
    form: dict[Name, FormField] = Field(default_factory=dict)
    seats: dict[Name, Name] = Field(default_factory=dict)
    vacates: tuple[Name, ...] = ()
    chain: Name | None = None
    clocks: ClockChanges = ClockChanges()
    guards: tuple[Name, ...] = ()
    effects: tuple[Name, ...] = ()
    tells: tuple[Name, ...] = ()
    event: str
    danger: bool = False

    def target(self, state: str) -> str:
        """The state after the move, begun from `state`."""
        return self.to or state


class Process(ContentModel):
    """`in_force`: from this day. `seats`: offices that take part, by what they do; `begins_with`: those that are taken from the
    beginning. `facts`: what chains and clocks may ask of a matter, each with the values it can have, in words."""

    code: Name
    version: Annotated[int, Field(ge=1)]
    in_force: date
    title: Words
    basis: Words
    states: Annotated[dict[Name, State], Field(min_length=2)]
    initial: Name
    seats: dict[Name, Words] = Field(default_factory=dict)
    begins_with: tuple[Name, ...] = ()
    begins: tuple[Name, ...] = ()
    """Clocks that begin with the matter."""
    facts: dict[Name, dict[str, Words]] = Field(default_factory=dict)
    moves: Annotated[dict[Name, Move], Field(min_length=1)]

    @property
    def digest(self) -> str:
        """SHA-256 of what it says."""
        return digest(self.model_dump(mode="json", by_alias=True))

    def moves_from(self, state: str) -> dict[str, Move]:
        """The moves that begin from a state, in the order of the file."""
        return {code: move for code, move in self.moves.items() if state in move.from_}
