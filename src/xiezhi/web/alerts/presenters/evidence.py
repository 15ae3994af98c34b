"""The evidence of an alert: conditions one by one, and the delivered rows with everything personal masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.kernel.masking import discreet
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.presenters.words import said
from xiezhi.web.kit import display
from xiezhi.web.reveals.gateway import mask_all

DELICATE_COLUMN = 2
HIDDEN = "******"
IN_FEN = re.compile(r"[(（]分[)）]$")
SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", "<>": "≠"}


def conditions(shown: Iterable[Any]) -> list[dict[str, Any]]:
    """One by one: the value, the bound, how far apart, and the smallest change that would undo it."""
    found = []
    for one in map(_in_yuan, shown):
        value = "" if one.statement else _plain(discreet(one.name, one.value))
        found.append(
            {
                "words": said(one.words),
                "value": value,
                "op": "" if one.statement else SIGNS.get(one.op, one.op),
                "bound": "" if one.statement else _plain(one.bound),
                "holds": one.holds,
                "distance": None if one.distance is None else _plain(abs(one.distance)),
                "undo": _undo(one),
            }
        )
    return found


def _in_yuan(one: Any) -> Any:
    """Money is compared in fen, as its words say; people read yuan."""
    found = IN_FEN.search(one.words.zh)
    if found is None or not isinstance(one.value, int) or not isinstance(one.bound, int):
        return one
    words = Words(zh=IN_FEN.sub("（元）", one.words.zh), en=re.sub(r"\(fen\)$", "(yuan)", one.words.en))
    return replace(one, words=words, value=one.value / 100, bound=one.bound / 100, distance=(one.value - one.bound) / 100)


def _undo(one: Any) -> str:
    if one.holds is not True or one.distance is None:
        return ""
    whole = float(one.distance).is_integer() and isinstance(one.value, int)
    step = abs(one.distance) + (1 if whole and one.op in (">=", "<=") else 0)
    if one.op in (">=", ">"):
        return _("少 %(n)s 即不成立") % {"n": _plain(step)}
    if one.op in ("<=", "<"):
        return _("多 %(n)s 即不成立") % {"n": _plain(step)}
    return ""


def smallest_undo(shown: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The condition that is nearest to turning, relative to its bound."""
    near = [one for one in shown if one["undo"]]
    return min(near, key=lambda one: float(str(one["distance"]).replace(",", "") or 0)) if near else None


def _plain(value: Any) -> str:
    if value is None:
        return display.DASH
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return display.number(value) if isinstance(value, int) else str(value)


def evidence_rows(standing: Sequence[Any], called: Mapping[str, Any], viewer: Viewer) -> list[dict[str, Any]]:
    """The delivered rows, table by table, down to file, sheet and line. Identities masked, days of birth cut to the year.

    `called`: codes of places and their names, which are shown behind the delivered code.
    """
    masks = _masks(standing)
    tables: dict[str, dict[str, Any]] = {}
    for one in standing:
        table = tables.setdefault(one.fact, {"title": said(one.title), "rows": []})
        cells = [(said(cell.title), _with_place(_cell(cell, one, masks, viewer), called)) for cell in one.shown]
        place = " · ".join(str(part) for part in (one.file, one.member, one.sheet) if part)
        table["rows"].append({"place": place, "delivery": one.delivery, "line": one.row, "cells": cells})
    return list(tables.values())


def _with_place(value: str, called: Mapping[str, Any]) -> str:
    return f"{value} {said(called[value])}" if value in called else value


def _masks(standing: Sequence[Any]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for one in standing:
        for cell in one.shown:
            value = one.values.get(cell.column)
            if cell.identity and isinstance(value, int):
                wanted.setdefault(cell.identity, set()).add(value)
    return {(kind, number): text for kind, numbers in wanted.items() for number, text in mask_all(kind, sorted(numbers)).items()}


def _cell(cell: Any, one: Any, masks: dict[tuple[str, int], str], viewer: Viewer) -> str:
    if cell.identity:
        return masks.get((cell.identity, one.values.get(cell.column)), HIDDEN)
    if cell.classification in ("restricted", "confidential") and viewer.scope.clearance < DELICATE_COLUMN:
        return HIDDEN
    return str(discreet(cell.column, said(cell.value)))
