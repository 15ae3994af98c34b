"""What is said with a move, held to what the process asks for, whoever calls: a screen, a job, another app."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xiezhi.kernel.errors import UserError
from xiezhi.web.audit.identities import refuse_identities
from xiezhi.web.matters.gateway import FieldKind, FormField, Move

SHORT, LONG = 300, 4_000
"""Characters of a text and of a long one."""
LEAST = 2
MOST_MONEY = 10**15
"""Fen: ten trillion yuan."""


def answers(move: Move, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with the step: text, code, ISO day, fen, yes or no, id of a unit, number of a matter; not what was left out.

    Raises UserError for something that is missing, not asked for, or not of its kind, and for an identity in a text.
    """
    unknown = sorted(given.keys() - move.form.keys())
    if unknown:
        raise ValueError(f"the move does not ask for {unknown}")
    kept = {name: _kept(field, given.get(name)) for name, field in move.form.items()}
    said = {name: value for name, value in kept.items() if value is not None}
    refuse_identities(**{name: value for name, value in said.items() if isinstance(value, str)})
    return said


def _kept(field: FormField, value: Any) -> Any:
    if value in (None, ""):
        if field.required:
            raise _refused(field, "没有填写", "is missing")
        return None
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return _text(field, value)
        case FieldKind.CHOICE:
            return _one_of(field, value)
        case FieldKind.DATE:
            return _day(field, value)
        case FieldKind.MONEY:
            return _whole(field, value, MOST_MONEY)
        case FieldKind.UNIT:
            return _whole(field, value, 2**63 - 1)
        case FieldKind.YES_NO:
            return bool(value)
        case FieldKind.MATTER:
            return str(value)[:32]


def _text(field: FormField, value: Any) -> str:
    text, most = str(value).strip(), SHORT if field.kind is FieldKind.TEXT else LONG
    if not LEAST <= len(text) <= most:
        raise _refused(field, f"须写 {LEAST} 至 {most} 个字", f"takes {LEAST} to {most} characters")
    return text


def _one_of(field: FormField, value: Any) -> str:
    if value not in field.choices:
        raise _refused(field, "不是可选的一项", "is none of the choices")
    return str(value)


def _day(field: FormField, value: Any) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise _refused(field, "不是日期", "is no date") from None


def _whole(field: FormField, value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise _refused(field, "不是合理的数", "is no sensible number")
    return value


def _refused(field: FormField, zh: str, en: str) -> UserError:
    return UserError(
        "XZ-MAT-04", zh=f"“{field.title.zh}”{zh}", en=f"“{field.title.en}” {en}", todo_zh="补正后再办", todo_en="mend it"
    )
