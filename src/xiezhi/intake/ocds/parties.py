"""Who is meant: references by id, by identifier or by name → one text a party, the same wherever it appears in a process.

An identifier with its scheme names a party across processes (`CN-USCC-91…`, as the standard recommends ids to be made);
else the id does; a number of an unknown register (`?-91…`) is no id of the publisher's; a name alone names a party only within
its process, since two firms may bear it. Registers do not tell numbers apart by case, width or blanks: neither do we.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from xiezhi.identity.nothing import is_nothing
from xiezhi.kernel.identity_kind import IdentityKind

Json = dict[str, Any]

_NOTHING = re.compile(r"\s*|n\.a\.?|undefined|tbc|x{2,}|0+|not (?:applicable|available)", re.IGNORECASE)
"""What publishers write for nothing, beyond the words of every delivery."""
_PLACEHOLDER = re.compile(r"(.)\1{2,}|0*123456789?0?", re.DOTALL)
"""One character over and over, or counting: no register gives such a number."""


_REGISTERED = re.compile(r"[A-Za-z]{2}-[A-Za-z]{2,}-.+")
"""An id made as the standard recommends: the code of a register and a number of it."""
_CREDIT_CODE = "CN-USCC-"
_DASHES = re.compile(r"[-\u2010-\u2015]")


class Parties:
    """The parties of one merged process, from its `parties` and from every reference in it."""

    def __init__(self, ocid: str, known: Iterable[Json]) -> None:
        self._ocid = ocid
        self._identifiers: dict[str, set[str]] = defaultdict(set)
        entries = [(_party_id(one), _identifier(one), _folded(one.get("name"))) for one in known]
        shared = _ambiguous(entries)
        for party_id, identifier, _ in entries:
            if party_id and identifier and identifier not in shared:
                self._identifiers[party_id].add(identifier)
        self._shared = shared
        self._named: dict[str, set[str]] = defaultdict(set)
        self._numbered: dict[str, set[str]] = defaultdict(set)
        for one, (party_id, identifier, name) in zip(known, entries, strict=True):
            if who := self._certain(party_id, identifier):
                self._named[name].add(who)
                if number := _number(one):
                    self._numbered[number].add(who)

    def who(self, reference: Json) -> tuple[str | None, bool]:
        """The party's text, and whether it is known by its name alone. None where the reference names nobody."""
        certain = self._certain(_party_id(reference), _identifier(reference))
        if certain:
            return certain, False
        if number := _number(reference):
            found = self._numbered.get(number, set())
            return (next(iter(found)) if len(found) == 1 else f"?-{number}"), False
        name = _folded(reference.get("name"))
        if not name:
            return None, False
        found = self._named.get(name, set())
        return (next(iter(found)), False) if len(found) == 1 else (f"{name} @ {self._ocid}", True)

    def _certain(self, party_id: str | None, identifier: str | None) -> str | None:
        if identifier and (identifier not in self._shared or not party_id):
            return identifier
        identifiers = self._identifiers.get(party_id or "", set())
        return next(iter(identifiers)) if len(identifiers) == 1 else party_id


def reference_key(reference: Json) -> str | None:
    """By what a reference is found again in a later release: its id, else its identifier, else its name."""
    return reference.get("id") or _identifier(reference) or _number(reference) or _folded(reference.get("name")) or None


def said(text: Any) -> str | None:
    """A text that says something: not empty, not a word for nothing."""
    if not isinstance(text, str):
        return None
    bare = text.strip()
    return None if _NOTHING.fullmatch(bare) or is_nothing(IdentityKind.PARTY_ID, bare) else bare


def _party_id(party: Json) -> str | None:
    """The publisher's own id as it stands; one made of a register's number as that number is written."""
    own = said(party.get("id"))
    return _as_registered(own) if own and _REGISTERED.fullmatch(own) else own


def _identifier(party: Json) -> str | None:
    """`scheme-id` of a party's identifier, None where either is missing or a placeholder."""
    number = _number(party)
    scheme = said((party.get("identifier") or {}).get("scheme"))
    if not number or not scheme:
        return None
    scheme = _as_registered(scheme)
    return _as_registered(number if number.startswith(f"{scheme}-") else f"{scheme}-{number}")


def _number(party: Json) -> str | None:
    number = said((party.get("identifier") or {}).get("id"))
    return None if number is None or _PLACEHOLDER.fullmatch(number) else _as_registered(number)


def _as_registered(text: str) -> str:
    """In one case and width and without blanks; a credit code, which has no dashes, without those that people read it by."""
    bare = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not bare.startswith(_CREDIT_CODE):
        return bare
    return _CREDIT_CODE + _DASHES.sub("", bare.removeprefix(_CREDIT_CODE))


def _folded(name: Any) -> str:
    bare = said(name)
    return " ".join(unicodedata.normalize("NFKC", bare).split()) if bare else ""


def _ambiguous(entries: list[tuple[str | None, str | None, str]]) -> set[str]:
    """Identifiers that parties of different ids and different names share: a placeholder nobody knew, or a head office."""
    holders: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for party_id, identifier, name in entries:
        if identifier and party_id and party_id != identifier:
            holders[identifier].add((party_id, name.casefold()))
    return {
        identifier
        for identifier, found in holders.items()
        if len({party for party, _ in found}) > 1 and len({name for _, name in found if name}) > 1
    }
