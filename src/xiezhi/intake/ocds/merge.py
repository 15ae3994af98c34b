"""Releases of one contracting process → one, by the rules of OCDS 1.1 (standard.open-contracting.org, "Merging").

Objects merge member by member; what a later release says stands; `null` removes; entries of lists merge by their `id`, new
ones are added, and an empty list says nothing. Entries without an id cannot be told apart: a later list's replace them.
(In the part of the schema that is read no list is `wholeListMerge`.) Every entry remembers the release that spoke of it last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from xiezhi.intake.ocds.parties import reference_key

Json = dict[str, Any]

SOURCE = "_source"
"""Member of a merged process and of each entry of its lists: which release said the last of it."""

SHARED = "_shared"
"""Member of entries that bear an id together and were kept apart under numbered ones: the id as it was written."""

UNCLEAR = "_unclear"
"""Member of a merged process: (release, list, id) of entries of which nobody can say which held one they speak of."""

_TENDERED = ("buyer", "tender")
"""What of a release stands in the one row of its process."""

_REFERENCES = ("parties", "tenderers", "suppliers")


def merged(releases: Iterable[tuple[int, Json]]) -> Json:
    """The process that releases, given with their numbers in the order of their dates, leave behind."""
    process: Json = {}
    unclear: list[tuple[int, str, str]] = []
    for source, release in releases:
        _merge(process, release, source, unclear)
        if SOURCE not in process or any(key in release for key in _TENDERED):
            process[SOURCE] = source
    return {**process, UNCLEAR: unclear} if unclear else process


def _merge(held: Json, said: Json, source: int, unclear: list[tuple[int, str, str]]) -> None:
    for key, value in said.items():
        if value is None:
            held.pop(key, None)
        elif isinstance(value, dict):
            inner = held.get(key)
            if not isinstance(inner, dict):
                inner = held[key] = {}
            _merge(inner, value, source, unclear)
        elif isinstance(value, list):
            entries = _Entries(key, held.get(key) or [], value)
            for entry in value:
                target = entries.meant(entry)
                if target is None:
                    unclear.append((source, key, _written_id(entry) or ""))
                else:
                    _merge(target, {name: one for name, one in entry.items() if name not in (SHARED, "id")}, source, unclear)
                    target[SOURCE] = source
            held[key] = entries.found
        else:
            held[key] = value


class _Entries:
    """A held list, in which each entry of a later release's list finds the one it speaks of, or makes it."""

    def __init__(self, key: str, held: list[Json], said: list[Json]) -> None:
        self._by_reference = key in _REFERENCES
        unnamed = any(self._name(entry) is None for entry in said)
        self.found = [entry for entry in held if not unnamed or self._name(entry) is not None]
        self._known: dict[str, list[Json]] = defaultdict(list)
        for entry in self.found:
            if name := self._name(entry):
                self._known[name].append(entry)

    def meant(self, entry: Json) -> Json | None:
        """The held entry; None where it bears a shared id and names nobody by whom to tell which."""
        name = self._name(entry)
        known = self._known[name] if name is not None else []
        if not known:
            return self._added(entry, known)
        if len(known) == 1 and not {SHARED} & (entry.keys() | known[0].keys()):
            return known[0]
        named = parties(entry)
        same = [one for one in known if parties(one) == named]
        if len(same) == 1:
            return same[0]
        return self._added(entry, known) if not same and (named or SHARED in entry) else None

    def _added(self, entry: Json, known: list[Json]) -> Json:
        made = {member: entry[member] for member in ("id", SHARED) if entry.get(member) is not None}
        if known:
            name = known[0][SHARED] = made[SHARED] = str(self._name(entry))
            made["id"] = f"{name} ({len(known) + 1})"
        known.append(made)
        self.found.append(made)
        return made

    def _name(self, entry: Json) -> str | None:
        return reference_key(entry) if self._by_reference else _written_id(entry)


def _written_id(entry: Json) -> str | None:
    found: str | None = entry.get(SHARED) or entry.get("id")
    return found


def parties(entry: Json) -> set[str | None]:
    """Who a bid or an award is of, as its references say it."""
    return {reference_key(party) for member in ("tenderers", "suppliers") for party in entry.get(member) or ()}
