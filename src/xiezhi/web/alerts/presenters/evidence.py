"""The evidence of an alert: conditions one by one, and the delivered rows with everything personal masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from xiezhi.kernel.articles import article_words
from xiezhi.kernel.masking import discreet
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries.queries import delivery
from xiezhi.web.language import localise
from xiezhi.web.reveals.gateway import mask_all
from xiezhi.web.supervision.gateway import rules
from xiezhi.web.supervision.queries.naming import names_of

DELICATE_COLUMN = 2
HIDDEN = "******"


def conditions(shown: Iterable[Any]) -> list[dict[str, Any]]:
    """One by one: the value, the bound, how far apart, and the smallest change that would undo it; all with their units."""
    return [
        {
            "words": localise(one.words),
            "value": discreet(one.name, localise(one.value_shown)),
            "op": one.sign,
            "bound": localise(one.bound_shown),
            "holds": one.holds,
            "distance": localise(one.apart) or None,
            "undo": localise(one.undo_shown),
        }
        for one in shown
    ]


def smallest_undo(one: Any) -> dict[str, Any] | None:
    """The condition that is nearest to turning, relative to its value."""
    return None if one is None else conditions([one])[0]


def figures(shown: Sequence[Any]) -> list[tuple[str, str]]:
    """(title, value) of what a hit shows. Identities as they may be shown, days of birth cut to the year."""
    names = names_of((one.identity, one.value) for one in shown)
    return [
        (
            localise(one.title),
            names.of(one.identity, one.value) if one.identity else str(discreet(one.column, localise(one.shown))),
        )
        for one in shown
    ]


def visible_deliveries(numbers: Iterable[int | None], viewer: Viewer) -> dict[int, str]:
    """Delivery → the address of its page, of those that the viewer may open."""
    if not viewer.can(Permission.DELIVERY_READ):
        return {}
    seen = delivery(viewer).filter(number__in={number for number in numbers if number is not None})
    return {number: reverse("deliveries:delivery", args=[number]) for number in seen.values_list("number", flat=True)}


def row_url(deliveries: Mapping[int, str], number: int | None, row: int | None) -> str:
    """The page of a delivery, at what became of one of its rows; "" where it may not be opened."""
    if number is None or number not in deliveries:
        return ""
    return deliveries[number] if row is None else f"{deliveries[number]}?row={row}#rows"


def norms(told: Sequence[Any], code: str, viewer: Viewer) -> list[dict[str, Any]]:
    """As they stood on the day, each with the address of all its versions where the viewer may read the rule."""
    address = reverse("supervision:rule", args=[code]) if viewer.can(Permission.RULE_READ) and code in rules() else ""
    return [
        {
            "one": one,
            "title": localise(one.title),
            "article": localise(article_words(one.article)),
            "text": localise(one.text),
            "url": f"{address}#norm-{one.id}" if address else "",
        }
        for one in told
    ]


def evidence_rows(
    standing: Sequence[Any], called: Mapping[str, Any], deliveries: Mapping[int, str], viewer: Viewer
) -> list[dict[str, Any]]:
    """The delivered rows, table by table, down to file, sheet and line. Identities masked, days of birth cut to the year.

    `called`: codes of places and their names, which are shown behind the delivered code. `deliveries`: see visible_deliveries.
    """
    masks = _masks(standing)
    tables: dict[str, dict[str, Any]] = {}
    for one in standing:
        table = tables.setdefault(one.fact, {"title": localise(one.title), "rows": []})
        cells = [(localise(cell.title), _with_place(_cell(cell, one, masks, viewer), called)) for cell in one.shown]
        place = " · ".join(str(part) for part in (one.file, one.member, one.sheet) if part)
        url = row_url(deliveries, one.delivery, one.row)
        table["rows"].append({"place": place, "delivery": one.delivery, "line": one.row, "cells": cells, "url": url})
    return list(tables.values())


def _with_place(value: str, called: Mapping[str, Any]) -> str:
    return f"{value} {localise(called[value])}" if value in called else value


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
    return str(discreet(cell.column, localise(cell.value)))
