"""Who is tied to whom: the people, organisations, accounts and places that the delivered rows of an evidence connect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xiezhi.kernel.words import Words
from xiezhi.web.alerts.models import Alert
from xiezhi.web.core.language import localise
from xiezhi.web.supervision.queries.naming import Names, names_of, region_names

MOST_NODES = 16
"""More than a picture can tell apart: then it shows the two parties only."""
KINDS = {"citizen_id": "person", "credit_code": "company", "party_id": "company", "bank_account": "account", "place": "unit"}
TIES = ("relation", "role", "post", "kind")
"""Columns that say what a tie is; where a row has none of them, its table does."""
PLACE = "village"

End = tuple[str, int]
"""(kind of identity, its number), or ("place", statistical code)."""


def relations(alert: Alert, standing: Sequence[Any]) -> dict[str, Any] | None:
    """Nodes and edges of the rows, masked. None where they tie nobody to anybody, or too many."""
    edges = Counter(edge for row in standing for edge in _edges(row))
    ends = dict.fromkeys(end for source, target, _label in edges for end in (source, target))
    subject = _subject(alert)
    if not edges or subject not in ends or len(ends) > MOST_NODES:
        return None
    names, called = names_of(end for end in ends if end[0] != "place"), region_names()
    nodes = [
        {
            "id": _id(end),
            "label": _label(end, names, called),
            "kind": KINDS[end[0]],
            **({"level": alert.level, "main": True} if end == subject else {}),
        }
        for end in ends
    ]
    lines = [
        {"source": _id(source), "target": _id(target), "label": label if count == 1 else f"{label} ×{count}"}
        for (source, target, label), count in edges.items()
    ]
    return {"nodes": nodes, "edges": lines}


def _edges(row: Any) -> Iterator[tuple[End, End, str]]:
    """A row ties the first two it names; one that names a single party ties it to its village."""
    named = [
        (str(cell.identity), int(row.values[cell.column]))
        for cell in row.shown
        if cell.identity and str(cell.identity) in KINDS and isinstance(row.values.get(cell.column), int)
    ]
    cells = {cell.column: localise(cell.value) for cell in row.shown}
    if len(named) > 1 and named[0] != named[1]:
        # A person first: "legal representative of", not "has as its legal representative".
        source, target = sorted(named[:2], key=lambda end: end[0] != "citizen_id")
        yield source, target, next((cells[name] for name in TIES if name in cells), localise(row.title))
    elif len(named) == 1 and str(cells.get(PLACE, "")).isdigit():
        yield (
            named[0],
            ("place", int(cells[PLACE])),
            next((cells[name] for name in TIES[2:] if name in cells), localise(row.title)),
        )


def _subject(alert: Alert) -> End:
    kind, _colon, number = alert.subject_key.partition(":")
    return kind, int(number) if number.isdigit() else -1


def _id(end: End) -> str:
    return f"{end[0]}:{end[1]}"


def _label(end: End, names: Names, called: Mapping[str, Words]) -> str:
    if end[0] != "place":
        return names.of(*end)
    return localise(called[str(end[1])]) if str(end[1]) in called else str(end[1])
