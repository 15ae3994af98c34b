"""The masked form of numbers of the lake: enough to tell two people on a page apart, not enough to know who they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiezhi.identity.kinds import IdentityKind
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.reveal_identity import open_vault


def mask_identities(config: CoreConfig, lake: Path, kind: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number → masked form such as 410105********1234; numbers the vault does not know are left out.

    The clear value never leaves the vault, so this needs no purpose. RetryableError while another process has the vault.
    """
    if not numbers:
        return {}
    with open_vault(config, lake) as vault:
        return vault.masked(IdentityKind(kind), numbers)
