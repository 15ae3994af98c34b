"""Keeping the identity vault: another key, someone forgotten, the log proved, what it holds counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xiezhi.identity.crypto import PROVIDERS
from xiezhi.identity.keyring import SITE, Keyring
from xiezhi.identity.kinds import IdentityKind
from xiezhi.identity.reveal_log import Head
from xiezhi.identity.site import change_key
from xiezhi.lake.layout import Layout
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.reveal_identity import open_vault

ALGORITHMS = tuple(PROVIDERS)
"""What `rotate_vault` may change to."""


@dataclass(frozen=True)
class VaultStatistics:
    """`counts`: how many values of each kind are known. `head`: the reveal log's length and last code."""

    key_id: str
    counts: dict[IdentityKind, int]
    head: Head


def make_key(path: Path, algorithms: str) -> str:
    """A new key in a file of its owner's; returns its id. Refuses to overwrite one."""
    return Keyring.generate(path, PROVIDERS[algorithms], note=SITE).key_id


def rotate_vault(config: CoreConfig, lake: Path, *, actor: str | None = None, algorithms: str | None = None) -> tuple[str, str]:
    """Put the vault under a new random key; returns the ids of the old and the new one. The lake is not touched."""
    with open_vault(config, lake):
        provider = PROVIDERS[algorithms] if algorithms else None
    return change_key(Layout(lake).vault, config.key_file, actor=actor or config.actor, provider=provider)


def forget_identity(
    config: CoreConfig,
    lake: Path,
    *,
    kind: IdentityKind,
    numbers: Sequence[int],
    purpose: str,
    actor: str | None = None,
    case: str | None = None,
) -> int:
    """Destroy what stands behind these numbers; returns how many were known. Cannot be undone."""
    with open_vault(config, lake) as vault:
        return vault.forget(kind, *numbers, purpose=purpose, actor=actor or config.actor, case=case)


def verify_vault(config: CoreConfig, lake: Path) -> Head:
    """Read the whole reveal log. Raises IntegrityError that names the first line which is not as it was written."""
    with open_vault(config, lake) as vault:
        return vault.verify_log()


def vault_statistics(config: CoreConfig, lake: Path) -> VaultStatistics:
    """How much the vault holds. Tells nothing of any value."""
    with open_vault(config, lake) as vault:
        return VaultStatistics(vault.key_id, {kind: vault.count(kind) for kind in IdentityKind}, vault.verify_log())
