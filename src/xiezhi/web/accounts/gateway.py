"""The one thing accounts ask of the core: the number of an identity, for a recusal."""

from __future__ import annotations

from xiezhi.operations.identities import find_identity
from xiezhi.web.core.gateway import core_config, lake

CITIZEN = "citizen_id"


def subject_of(citizen_id: str, *, actor: str) -> str | None:
    """The subject key of a person, or None where no delivery has ever named them. The id is passed on and forgotten."""
    if not lake().exists():
        return None
    number = find_identity(core_config(actor), lake(), CITIZEN, citizen_id)
    return None if number is None else f"{CITIZEN}:{number}"
