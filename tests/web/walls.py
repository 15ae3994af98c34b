"""What a person sees is held twice: by querysets and by row-level security. Either is taken down here, to ask the other alone."""

from __future__ import annotations

import sys

import pytest

from xiezhi.web.accounts import scope
from xiezhi.web.database.context import SYSTEM

WALLS = ("querysets alone", "policies alone")
"""What opens both opens each: the two together need not be asked."""


def leave(wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the other of the two walls down."""
    if wall == "querysets alone":
        set_context = scope.set_context
        monkeypatch.setattr(scope, "set_context", lambda target, values: set_context(target, {**values, SYSTEM: "yes"}))
    elif wall == "policies alone":
        filtered = scope.seen_by  # kept: the module it comes from is one of those it is taken from
        for module in list(sys.modules.values()):
            if module.__name__.startswith("xiezhi.web.") and getattr(module, "seen_by", None) is filtered:
                monkeypatch.setattr(module, "seen_by", lambda queryset, _scope: queryset)
