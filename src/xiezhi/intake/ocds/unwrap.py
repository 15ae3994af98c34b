"""Packages, records and versioned releases → the releases they stand for.

A record's compiled release stands for it; else its versioned release, of which the last values are taken; else the
releases embedded in it. Releases that are only linked were not delivered: they are counted, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xiezhi.intake.ocds.notes import Notes

_LISTS = ("releases", "records")
_OF_RECORD = {"ocid", "compiledRelease", "versionedRelease"}

_LINK = frozenset({"url", "date", "tag", "id", "ocid"})
"""Members of a release that is only linked."""


class Unit(NamedTuple):
    """What a receipt counts: one delivered release or record. `row`: its line, or its place in the package from 1."""

    row: int
    text: str
    contained: Contained


@dataclass
class Contained:
    """The releases of one delivered record or release. `missing`: why there is none, or None."""

    releases: list[dict[str, Any]]
    compiled: bool = False
    missing: str | None = None
    notes: Notes = field(default_factory=Notes)


def is_package(value: object) -> bool:
    """Whether a value is a release or record package: a list of them, and no contracting process of its own."""
    return isinstance(value, dict) and not value.keys() & _OF_RECORD and any(isinstance(value.get(key), list) for key in _LISTS)


def units(value: Any) -> Iterator[Any]:
    """The records and releases of a value, packages taken apart; whatever is none is given as it is."""
    if not is_package(value):
        yield value
        return
    for key in _LISTS:
        for inner in value[key] if isinstance(value.get(key), list) else ():
            yield from units(inner)


def contained(unit: dict[str, Any]) -> Contained:
    """The releases that a record or release (a JSON object) stands for."""
    if isinstance(unit.get("compiledRelease"), dict):
        return Contained([{**_of_record(unit), **unit["compiledRelease"]}], compiled=True)
    if isinstance(unit.get("versionedRelease"), dict):
        return Contained([{**_of_record(unit), **_last_values(unit["versionedRelease"])}], compiled=True)
    if "releases" not in unit:
        return Contained([unit], compiled=_is_compiled(unit))
    return _embedded(unit)


def _embedded(record: dict[str, Any]) -> Contained:
    notes = Notes()
    listed = record["releases"] if isinstance(record["releases"], list) else [record["releases"]]
    whole = []
    for one in listed:
        if not isinstance(one, dict):
            notes.add("releases[]", "not_an_object", one)
        elif "url" in one and not one.keys() - _LINK:
            notes.add("releases[]", "linked_only", one["url"])
        else:
            whole.append({"ocid": record.get("ocid"), **one})
    linked = any(note.word == "linked_only" for note in notes)
    missing = None if whole else "linked_only" if linked else "record_empty"
    return Contained(whole, compiled=len(whole) == 1 and _is_compiled(whole[0]), missing=missing, notes=notes)


def _of_record(record: dict[str, Any]) -> dict[str, Any]:
    """What a record says of its compiled release, where that leaves it out: the ocid, and the last date of its releases."""
    listed = record.get("releases")
    dates = [one["date"] for one in listed if isinstance(one, dict) and one.get("date")] if isinstance(listed, list) else []
    known = {"ocid": record.get("ocid"), "date": max(dates, key=str, default=None)}
    return {key: value for key, value in known.items() if value}


def _is_compiled(release: dict[str, Any]) -> bool:
    tag = release.get("tag")
    return "compiled" in (tag if isinstance(tag, list) else [tag])


def _last_values(versioned: Any) -> Any:
    """A versioned release as of its last version: each list of versions gives the value of its latest `releaseDate`."""
    found = _unversioned(versioned)
    dates = list(_dates(versioned))
    return {**({"date": max(dates)} if dates else {}), **found}


def _unversioned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unversioned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if value and all(_is_version(one) for one in value):
            return max(value, key=lambda one: str(one.get("releaseDate") or ""))["value"]
        return [_unversioned(inner) for inner in value]
    return value


def _is_version(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value and "releaseID" in value


def _dates(value: Any) -> Iterator[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if _is_version(value) and value.get("releaseDate"):
        yield str(value["releaseDate"])
        return
    for one in inner:
        yield from _dates(one)
