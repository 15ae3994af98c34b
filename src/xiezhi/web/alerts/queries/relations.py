"""Who is tied to whom: the people, organisations, accounts and places that the delivered rows of an evidence connect."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xiezhi.kernel.words import Words
from xiezhi.web.alerts.models import Alert
from xiezhi.web.language import localise
from xiezhi.web.supervision.queries.naming import Names, names_of, region_names

MOST_NODES = 16
"""More than a picture can tell apart: then it shows those nearest to the subject, and how many it leaves out."""
KINDS = {"citizen_id": "person", "credit_code": "company", "party_id": "company", "bank_account": "account", "place": "unit"}
TIES = ("relation", "role", "post", "kind")
"""Columns that say what a tie is; where a row has none of them, its table does."""
PLACE = "village"

End = tuple[str, int]
"""(kind of identity, its number), or ("place", statistical code)."""

Edge = tuple[End, End, str]
"""From, to, and what ties them."""


def relations(alert: Alert, standing: Sequence[Any]) -> dict[str, Any] | None:
    """Nodes and edges of the rows, masked; `left_out` of them are beyond the nearest. None where nothing ties the subject."""
    every = Counter(edge for row in standing for edge in _edges(row))
    subject = _subject(alert)
    near = _nearest(every, subject)
    if len(near) == 1:
        return None
    ends = near[:MOST_NODES]
    edges = {edge: count for edge, count in every.items() if edge[0] in ends and edge[1] in ends}
    left_out = len({end for edge in every for end in edge[:2]}) - len(ends)
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
    return {"nodes": nodes, "edges": lines, "left_out": left_out}


def _nearest(edges: Iterable[Edge], subject: End) -> list[End]:
    """Everybody whom ties lead to from the subject, the subject first, then by how many ties lie between."""
    beside: dict[End, list[End]] = defaultdict(list)
    for source, target, _label in edges:
        beside[source].append(target)
        beside[target].append(source)
    found: dict[End, None] = {subject: None}
    waiting = deque([subject])
    while waiting:
        for end in beside[waiting.popleft()]:
            if end not in found:
                found[end] = None
                waiting.append(end)
    return list(found)


def _edges(row: Any) -> Iterator[Edge]:
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
