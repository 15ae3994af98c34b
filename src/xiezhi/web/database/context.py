"""Who acts and what they may see, told to PostgreSQL for one transaction. Row-level security reads nothing else.

The variables are always set transaction-locally: a connection handed back to a pool carries nobody's scope. After the
transaction they are empty, and empty sees nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

from xiezhi.kernel.errors import UserError

USER = "xiezhi.user"
PATHS = "xiezhi.paths"
LINES = "xiezhi.lines"
CADRE = "xiezhi.cadre"
CLEARANCE = "xiezhi.clearance"
RECUSED = "xiezhi.recused"
TRAIL = "xiezhi.trail"
SYSTEM = "xiezhi.system"
UNIT = "xiezhi.unit"

VARIABLES = (USER, PATHS, LINES, CADRE, CLEARANCE, RECUSED, TRAIL, SYSTEM, UNIT)

ALL_LINES = "*"

_PATH = re.compile(r"(?:[0-9A-Za-z_-]+\.)+")


class Cursor(Protocol):
    """A cursor of psycopg or of Django."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...

    def fetchone(self) -> Any: ...


class Connection(Protocol):
    """A connection of psycopg or of Django, inside a transaction."""

    def cursor(self) -> Any: ...


Value = str | int | Iterable[str] | None


def array_literal(items: Iterable[str]) -> str:
    """PostgreSQL's spelling of a text array, every element quoted."""
    return "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items) + "}"


def set_context(target: Cursor | Connection, values: Mapping[str, Value]) -> None:
    """Set the context of the present transaction. What is not named is emptied: no scope is ever added to another.

    Lists may be given as lists. One statement, every value a bound parameter.
    """
    unknown = set(values) - set(VARIABLES)
    if unknown:
        raise UserError(
            "XZ-DB-10",
            zh=f"未知的上下文变量:{', '.join(sorted(unknown))}",
            en=f"unknown context variables: {', '.join(sorted(unknown))}",
            todo_zh=f"可用:{', '.join(VARIABLES)}",
            todo_en=f"known: {', '.join(VARIABLES)}",
        )
    pairs = [(name, _text(name, values.get(name))) for name in VARIABLES]
    calls = ", ".join(["set_config(%s, %s, true)"] * len(pairs))
    _cursor(target).execute(f"SELECT {calls}", [part for pair in pairs for part in pair])


def clear_context(target: Cursor | Connection) -> None:
    """See nothing for the rest of the transaction."""
    set_context(target, {})


def read_context(target: Cursor | Connection) -> dict[str, str]:
    """The present context, as PostgreSQL has it; '' where unset."""
    cursor = _cursor(target)
    cursor.execute("SELECT " + ", ".join(["coalesce(current_setting(%s, true), '')"] * len(VARIABLES)), list(VARIABLES))
    return dict(zip(VARIABLES, cursor.fetchone(), strict=True))


def _cursor(target: Cursor | Connection) -> Cursor:
    cursor: Any = target if hasattr(target, "fetchone") else target.cursor()
    return cast("Cursor", cursor)


def _text(name: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int):
        text = str(value)
    else:
        items = list(value)
        if name == PATHS:
            _check_paths(items)
        text = array_literal(items)
    if "\0" in text:
        raise _wrong(name, "NUL")
    return text


def _check_paths(paths: Iterable[str]) -> None:
    """An empty path would be the beginning of every path, and `1.2` the beginning of `1.20.`: both are refused."""
    for path in paths:
        if not _PATH.fullmatch(path):
            raise _wrong(PATHS, repr(path))


def _wrong(name: str, value: str) -> UserError:
    return UserError(
        "XZ-DB-11",
        zh=f"{name} 的值不合法:{value}",
        en=f"{name} cannot be {value}",
        todo_zh="单位路径形如 0001.0003.,以句点结尾",
        todo_en="a unit path looks like 0001.0003. and ends with a full stop",
    )
