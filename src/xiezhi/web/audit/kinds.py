"""Every kind of event there is, declared once by the app that causes it, with the words a person reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xiezhi.kernel.words import Words

_CODE = re.compile(r"[a-z][a-z_]*(?:\.[a-z][a-z_]*)+")


@dataclass(frozen=True)
class EventKind:
    """`code` is stored and never changes its meaning; `words` say what was done ("了结预警"); `fields` name what changed."""

    code: str
    words: Words
    fields: Mapping[str, Words] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.code


_kinds: dict[str, EventKind] = {}
_objects: dict[str, Words] = {}


def declare(code: str, *, zh: str, en: str, fields: Mapping[str, tuple[str, str]] | None = None) -> EventKind:
    """Register a kind of event, in an app's `events.py`:

        DISMISSED = declare("alert.dismissed", zh="了结预警", en="Alert dismissed")

    `fields`: what the keys of before, after and details are called, (zh, en), where the model's own names do not say it.
    Raises ValueError for a code that is no dotted word, and for one that was declared before.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"a kind of event is called like 'alert.dismissed', not {code!r}")
    if code in _kinds:
        raise ValueError(f"the kind of event {code!r} is declared twice")
    if not zh or not en:
        raise ValueError(f"the kind of event {code!r} has no words")
    named = {name: Words(zh=pair[0], en=pair[1]) for name, pair in (fields or {}).items()}
    _kinds[code] = EventKind(code, Words(zh=zh, en=en), MappingProxyType(named))
    return _kinds[code]


def name_object(code: str, *, zh: str, en: str) -> None:
    """Say in an app's `events.py` what a kind of object is called that events are on: a model ("alerts.alert") or a word ("run").

    Raises ValueError for one that was named before.
    """
    if code in _objects:
        raise ValueError(f"the kind of object {code!r} is named twice")
    _objects[code] = Words(zh=zh, en=en)


def known_object(code: str) -> Words | None:
    """What objects of this kind are called; None where nobody said it."""
    return _objects.get(code)


def every_object() -> dict[str, Words]:
    """All kinds of object that have a name."""
    return dict(sorted(_objects.items()))


def known(code: str) -> EventKind | None:
    """The kind of this code; None where the app that declared it is gone. Old events stay readable by their code."""
    return _kinds.get(code)


def every_kind() -> list[EventKind]:
    """All kinds, by code: what a filter offers."""
    return [_kinds[code] for code in sorted(_kinds)]
