"""From a value as a person writes it to its number in the lake. Intake's way, taken for a search."""

from __future__ import annotations

from pathlib import Path

from xiezhi.identity.kinds import IdentityKind
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.reveal_identity import open_vault


def find_number(config: CoreConfig, lake: Path, kind: str, value: str) -> int | None:
    """The number of `value`, None where the vault does not know it or the value is unsound. Nothing is added."""
    with open_vault(config, lake) as vault:
        return vault.find(IdentityKind(kind), value)
