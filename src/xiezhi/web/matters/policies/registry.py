"""What apps say of the matters of their processes: where they are shown, what follows them, what is checked and done by name.

register(Subject("alert", page=…, about=…, follow=…))

@guard("check_snooze")
def check_snooze(matter: Matter, data: Mapping[str, Any], by: Viewer) -> None: …
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.kinds import every_kind
from xiezhi.web.matters.gateway import Registered
from xiezhi.web.matters.models import Matter, Step

Guard = Callable[[Matter, Mapping[str, Any], Viewer], None]
"""Of a matter before it is moved, what is said with the move, and who moves it. Raises UserError where it must not be."""
Changes = Mapping[str, Any]
Effect = Callable[[Matter, Mapping[str, Any], Viewer], Changes]
"""The same for what is done besides: what it returns are the values that the app's own row has afterwards, by column."""


@dataclass(frozen=True)
class Subject:
    """`process`: whose matters. `page`: the address of one. `about`: the row that the trail tells of. `follow`: brings the app's
    own row in step with a matter after each of its steps, with what effects changed of it. `followed`: of that row the columns
    that are a matter's own, by the matter's names for them."""

    process: str
    page: Callable[[Matter], str]
    about: Callable[[Matter], Model]
    follow: Callable[[Matter, Step, Changes], None]
    followed: Callable[[Matter], Mapping[str, Any]]


Act = TypeVar("Act", bound=Callable[..., Any])

_subjects: dict[str, Subject] = {}
_guards: dict[str, Guard] = {}
_effects: dict[str, Effect] = {}


def register(subject: Subject) -> None:
    """Say it once, in an app's `ready()`. Raises ValueError for a process that another has registered."""
    if subject.process in _subjects:
        raise ValueError(f"two apps have matters of the process {subject.process!r}")
    _subjects[subject.process] = subject


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a check under a name that processes may use."""
    return _under(name, _guards)


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register what a move does besides, under a name that processes may use."""
    return _under(name, _effects)


def subject_of(process: str) -> Subject:
    """Raises LookupError where no app has matters of this process."""
    return _subjects[process]


def guard_of(name: str) -> Guard:
    """Raises LookupError for a name that nobody registered: lint refuses such a process."""
    return _guards[name]


def effect_of(name: str) -> Effect:
    """Raises LookupError for a name that nobody registered: lint refuses such a process."""
    return _effects[name]


def registered() -> Registered:
    """All that processes may ask for by name, which lint holds them to: of the apps that are loaded."""
    return Registered(
        permissions=frozenset(permission.value for permission in Permission),
        guards=frozenset(_guards),
        effects=frozenset(_effects),
        events=frozenset(kind.code for kind in every_kind()),
    )


def _under(name: str, shelf: dict[str, Act]) -> Callable[[Act], Act]:
    def kept(act: Act) -> Act:
        if name in shelf:
            raise ValueError(f"two functions are registered as {name!r}")
        shelf[name] = act
        return act

    return kept
