"""What accounts ask of the core, all of it for recusals: the number of an identity, and whom the data ties to it."""

from __future__ import annotations

from collections.abc import Collection

from xiezhi.operations.identities import is_sound_identity, number_identity
from xiezhi.operations.ties import find_ties
from xiezhi.web.lake import core_config, has_lake, lake

CITIZEN, COMPANY, PARTY = "citizen_id", "credit_code", "party_id"
CREDIT_CODE_SCHEME = "CN-USCC-"
"""Before a credit code where tenders name a party by it."""


def is_sound(kind: str, value: str) -> bool:
    """By its shape and check digits alone."""
    return is_sound_identity(kind, value)


def subject_of(kind: str, value: str, *, actor: str) -> str | None:
    """The subject key of an identity, None where the site has no data yet. The value is passed on and forgotten.

    One that no delivery has named is numbered all the same, so that it is known as soon as one does.
    """
    if not has_lake():
        return None
    number = number_identity(core_config(actor), lake(), kind, value)
    return None if number is None else f"{kind}:{number}"


def ties_of(subject_keys: Collection[str], *, kin: bool) -> dict[str, set[str]]:
    """Subject key of a person → the keys of their companies; of their kin and these companies too where `kin`."""
    numbers = {int(key.partition(":")[2]) for key in subject_keys if key.startswith(f"{CITIZEN}:")}
    found = find_ties(core_config(), lake(), numbers, kin=kin) if numbers and has_lake() else {}
    return {f"{CITIZEN}:{number}": keys for number, keys in found.items()}
