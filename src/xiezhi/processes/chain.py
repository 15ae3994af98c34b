"""Chain: whose signatures a move needs, one after another, before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from xiezhi.kernel.words import Words
from xiezhi.rules.model import ContentModel, Name

TIER = "tier"
"""A fact that every chain may ask for: city, county, town or village, the region of whoever proposes."""

TIERS = {
    "city": Words(zh="市级", en="city"),
    "county": Words(zh="县区级", en="county"),
    "town": Words(zh="乡镇级", en="town"),
    "village": Words(zh="村级", en="village"),
}


class Where(StrEnum):
    """At which unit whoever signs has their post, seen from the unit of whoever proposed.

    `own`: the same unit. `region`: the same region, not below it. `above`: the region above, or the same where none is above.
    """

    OWN = "own"
    REGION = "region"
    ABOVE = "above"


class Vacant(StrEnum):
    """What becomes of a signature where nobody but the proposer could give it.

    `refuse`: the move is not proposed at all, and it is said who is missing. `region`: it is asked of the region instead.
    `skip`: it is left out; only where a signature that is not left out comes after it.
    """

    REFUSE = "refuse"
    REGION = "region"
    SKIP = "skip"


class Signature(ContentModel):
    """One signature: by somebody who holds `permission` at `where`, needed where all of `when` is so (fact → its values)."""

    title: Words
    permission: str
    where: Where = Where.REGION
    vacant: Vacant = Vacant.REFUSE
    when: dict[Name, tuple[str, ...]] = Field(default_factory=dict)

    def needed(self, facts: Mapping[str, str]) -> bool:
        """Whether a matter with these facts needs it."""
        return all(facts.get(name) in values for name, values in self.when.items())


class Chain(ContentModel):
    """No two of its signatures, and no signature and the proposal, come from one person."""

    code: Name
    title: Words
    basis: Words
    replaces: str | None = None
    signatures: Annotated[tuple[Signature, ...], Field(min_length=1)]

    def needed(self, facts: Mapping[str, str]) -> tuple[Signature, ...]:
        """Those that a matter with these facts needs, in their order; none where it needs no approval."""
        return tuple(signature for signature in self.signatures if signature.needed(facts))
