"""One release → what the tables need of it, in the standard's own shape, whatever shape it was written in.

An object where a list belongs is a list of one; a list of one where an object belongs is that object; a reference that
is a bare text is an id. What cannot be read so is left out with a note. `null` stays: merging removes what it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from xiezhi.intake.ocds.amounts import tidy
from xiezhi.intake.ocds.merge import SHARED, parties
from xiezhi.intake.ocds.notes import Notes

Json = dict[str, Any]
Reader = Callable[[Any, str, Notes], Any]
"""Reads a value at a path; MISSING where nothing of it can be read. Adds notes."""

MISSING = object()

CONTRADICTED = {"bid": "ocds_bid.bid_id", "award": "ocds_award.award_id"}
"""Whose entries contradict each other under one id, and what a receipt calls that id."""


def shaped(release: Json, notes: Notes) -> Json:
    """What is read of a release: `id`, `buyer`, `parties`, `tender`, `bids.details`, `awards` with what tables hold."""
    return _fields(release, _RELEASE, "", notes)


def _text(value: Any, path: str, notes: Notes) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        notes.add(path, "wrong_type", value)
        return MISSING
    notes.add(path, "list_of_one")
    return value[0]


def _number(value: Any, path: str, notes: Notes) -> Any:
    said = _text(value, path, notes)
    return tidy(said) if isinstance(said, str) else said


def _lots(value: Any, path: str, notes: Notes) -> Any:
    """Ids of lots as one text, in order: what two bids are for is the same where the text is. Merging replaces it as a whole.

    The standard's entries are texts; publishers write objects with `id` (as in a tender) or `lotId` (Armenia), too.
    """
    if value is None:
        return None
    entries = value if isinstance(value, list) else [value]
    found = [one.get("id", one.get("lotId")) if isinstance(one, dict) else one for one in entries]
    texts = [one.strip() for one in found if isinstance(one, str)]
    if len(texts) < len(found):
        notes.add(path, "wrong_type", value)
        return MISSING
    return "+".join(sorted({one for one in texts if one})) or MISSING


def _object(fields: dict[str, Reader]) -> Reader:
    def read(value: Any, path: str, notes: Notes) -> Any:
        if value is None:
            return None
        if isinstance(value, list):
            if not value:
                return MISSING
            if len(value) == 1 and isinstance(value[0], dict):
                notes.add(path, "list_of_one")
                value = value[0]
        if not isinstance(value, dict):
            notes.add(path, "wrong_type", value)
            return MISSING
        return _fields(value, fields, path, notes)

    return read


def _value(value: Any, path: str, notes: Notes) -> Any:
    """Money: an object, or a bare number without its currency."""
    if isinstance(value, str):
        notes.add(path, "bare_amount", value)
        return {"amount": tidy(value)}
    return _object({"amount": _number, "currency": _text})(value, path, notes)


def _reference(value: Any, path: str, notes: Notes) -> Any:
    """An organisation as it is referred to: by id, by identifier, by name."""
    if isinstance(value, str):
        notes.add(path, "bare_id")
        return {"id": value}
    return _object({"id": _text, "name": _text, "identifier": _identifier})(value, path, notes)


def _identifier(value: Any, path: str, notes: Notes) -> Any:
    return {"id": value} if isinstance(value, str) else _object({"scheme": _text, "id": _text})(value, path, notes)


def _list(element: Reader, what: str) -> Reader:
    def read(value: Any, path: str, notes: Notes) -> Any:
        if value is None:
            return None
        if isinstance(value, dict):
            notes.add(path, "object_for_list")
            value = list(value.values()) if value and all(key.isdigit() for key in value) else [value] if value else []
        if not isinstance(value, list):
            if element is not _reference or not isinstance(value, str) or not value.strip():
                notes.add(path, "wrong_type", value)
                return MISSING
            value = [value]
        found = [element(one, f"{path}[]", notes) for one in value if one is not None]
        return _told_apart([one for one in found if isinstance(one, dict)], path, what, notes)

    return read


def _told_apart(found: list[Json], path: str, what: str, notes: Notes) -> list[Json]:
    """Entries of one id, of which the standard lets the last stand: that loses a bid, or gives it another's price.

    An entry that says the same as an earlier one is that one. Bids and awards of other parties are kept apart under
    `id (2)`, `id (3)`; two of the same parties contradict each other, and with them their release (`key_conflict`).
    References of one id are one party.
    """
    kept: list[Json] = []
    seen: dict[str, list[Json]] = {}
    for one in found:
        entry_id = one.get("id")
        same = seen.setdefault(entry_id, []) if isinstance(entry_id, str) and entry_id else []
        if one in same:
            notes.add(path, "repeated_entry", entry_id)
            continue
        same.append(one)
        if len(same) > 1 and what in CONTRADICTED and any(parties(one) == parties(other) for other in same[:-1]):
            notes.add(CONTRADICTED[what], "key_conflict", entry_id)
        elif len(same) > 1 and what != "party":
            notes.add(path, "duplicate_id", entry_id)
        kept.append(one)
    return kept if what == "party" else [_numbered(one, seen) for one in kept]


def _numbered(entry: Json, seen: dict[str, list[Json]]) -> Json:
    """An entry that shares its id with others, under an id of its own."""
    same = seen.get(entry["id"], []) if entry.get("id") else []
    if len(same) < 2:
        return entry
    place = next(number for number, one in enumerate(same, start=1) if one is entry)
    return {**entry, SHARED: entry["id"], "id": entry["id"] if place == 1 else f"{entry['id']} ({place})"}


def _parties_of_release(value: Any, path: str, notes: Notes) -> Any:
    """The parties; where two of one id have different identifiers, neither is believed: the id alone is left."""
    found = _list(_reference, "party")(value, path, notes)
    numbers: dict[str, set[str]] = defaultdict(set)
    for one in found if isinstance(found, list) else ():
        if one.get("id") and (one.get("identifier") or {}).get("id"):
            numbers[one["id"]].add(one["identifier"]["id"])
    doubtful = {party_id for party_id, known in numbers.items() if len(known) > 1}
    if not doubtful:
        return found
    for party_id in sorted(doubtful):
        notes.add(path, "party_contradicted", party_id)
    return [{**one, "identifier": None} if one.get("id") in doubtful else one for one in found]


def _bids(value: Any, path: str, notes: Notes) -> Any:
    """`bids` is an object with `details`; a list of bids stands for its details."""
    if isinstance(value, list) and value and not any(isinstance(one, dict) and "details" in one for one in value):
        notes.add(path, "list_for_object")
        value = {"details": value}
    return _object({"details": _list(_object(_BID), "bid"), "statistics": _list(_object(_STATISTIC), "statistic")})(
        value, path, notes
    )


def _fields(value: Json, fields: dict[str, Reader], path: str, notes: Notes) -> Json:
    found = {key: fields[key](value[key], f"{path}.{key}" if path else key, notes) for key in fields if key in value}
    return {key: one for key, one in found.items() if one is not MISSING}


_BID: dict[str, Reader] = {
    "id": _text,
    "date": _text,
    "status": _text,
    "value": _value,
    "tenderers": _list(_reference, "party"),
    "relatedLots": _lots,
}
_STATISTIC: dict[str, Reader] = {"id": _text, "measure": _text, "value": _number, "relatedLot": _text}
_ITEM: dict[str, Reader] = {"id": _text, "classification": _object({"scheme": _text, "id": _text})}
_AWARD: dict[str, Reader] = {
    "id": _text,
    "status": _text,
    "date": _text,
    "value": _value,
    "suppliers": _list(_reference, "party"),
    "items": _list(_object(_ITEM), "item"),
    "relatedLots": _lots,
}
_TENDER: dict[str, Reader] = {
    "procuringEntity": _reference,
    "status": _text,
    "procurementMethod": _text,
    "procurementMethodDetails": _text,
    "awardCriteria": _text,
    "mainProcurementCategory": _text,
    "value": _value,
    "datePublished": _text,
    "tenderPeriod": _object({"startDate": _text, "endDate": _text}),
    "numberOfTenderers": _number,
    "tenderers": _list(_reference, "party"),
    "title": _text,
}
_RELEASE: dict[str, Reader] = {
    "id": _text,
    "buyer": _reference,
    "parties": _parties_of_release,
    "tender": _object(_TENDER),
    "bids": _bids,
    "awards": _list(_object(_AWARD), "award"),
}
