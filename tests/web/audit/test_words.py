"""Whatever an app writes into an event has a name that people read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import xiezhi.web
from xiezhi.web.audit.kinds import every_kind, every_object
from xiezhi.web.audit.words import FIELDS

WEB = Path(xiezhi.web.__file__).parent
WRITERS = {"record", "record_apart"}
OWN = {"by", "on", "why", "outcome"}


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
            yield node


def _keys(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg in ("before", "after") and isinstance(keyword.value, ast.Dict):
            yield from (str(key.value) for key in keyword.value.keys if isinstance(key, ast.Constant))
        elif keyword.arg not in (None, "before", "after", *OWN):
            yield str(keyword.arg)


def test_every_field_of_every_event_has_words() -> None:
    named = FIELDS.keys() | {name for kind in every_kind() for name in kind.fields}
    nameless = {
        f"{path.relative_to(WEB)}:{call.lineno} {key}"
        for path in WEB.rglob("*.py")
        for call in _calls(path)
        for key in _keys(call)
        if key not in named
    }
    assert nameless == set(), "say what it is called: declare(…, fields={'key': ('中文', 'English')}), or audit/words.py"


def _objects(call: ast.Call) -> Iterator[str]:
    """Kinds of object that a call names itself: on="lake", on=f"run:{number}", on=… if … else "run"."""
    for given in (keyword.value for keyword in call.keywords if keyword.arg == "on"):
        for value in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
            text = value.values[0] if isinstance(value, ast.JoinedStr) else value
            if isinstance(text, ast.Constant) and not str(text.value).startswith("/"):
                yield str(text.value).partition(":")[0]


def test_every_object_of_every_event_has_words() -> None:
    found = {
        f"{path.relative_to(WEB)}:{call.lineno} {kind}"
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call := node, ast.Call)
        for kind in _objects(call)
        if kind not in every_object()
    }
    assert found == set(), "say what it is called: name_object(…) in the app's events.py"


def test_words_are_in_both_languages() -> None:
    for zh, en in (*FIELDS.values(), *((words.zh, words.en) for words in every_object().values())):
        assert zh
        assert not zh.isascii()
        assert en.isascii()
