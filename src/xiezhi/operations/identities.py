"""Numbers of the lake and who is behind them: found, masked, revealed for a purpose; and the vault that keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from xiezhi.identity.crypto import PROVIDERS
from xiezhi.identity.grading import normal
from xiezhi.identity.keyring import SITE, Keyring
from xiezhi.identity.reveal_log import Head
from xiezhi.identity.site import change_key, site_keyring
from xiezhi.identity.vault import DATABASE, Vault
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.lake.layout import LakeLayout
from xiezhi.operations.config import CoreConfig


def keyring_of(config: CoreConfig, paths: LakeLayout) -> Keyring:
    """The key of a lake's vault: the configured file, or the one beside the vault, made on first use."""
    return site_keyring(paths.vault, config.key_file)


def reveal_identity(
    config: CoreConfig,
    lake: Path,
    *,
    kind: IdentityKind | str,
    numbers: Sequence[int],
    purpose: str,
    actor: str | None = None,
    case: str | None = None,
) -> dict[int, str | None]:
    """The value behind each number, None for a number that was never given or is forgotten. `actor` None: the configured one.

    Raises UserError without a purpose, or where the lake has no vault or the key is not its own; IntegrityError where the
    log of reveals was altered: then nothing is revealed.
    """
    with open_vault(config, lake) as vault:
        return vault.reveal(IdentityKind(kind), numbers, purpose=purpose, actor=actor or config.actor, case=case)


def open_vault(config: CoreConfig, lake: Path) -> Vault:
    """The vault of a lake that has one."""
    paths = LakeLayout(lake)
    if not (paths.vault / DATABASE).exists():
        raise UserError(
            "XZ-VAULT-03",
            zh=f"{lake} 没有身份保险库。",
            en=f"{lake} has no identity vault.",
            todo_zh="核对 --lake;收件(xiezhi receive)时会自动建立。",
            todo_en="Check --lake; xiezhi receive makes a vault.",
        )
    return Vault.open(paths.vault, keyring_of(config, paths))


def find_identity(config: CoreConfig, lake: Path, kind: str, value: str) -> int | None:
    """The number of `value`, None where the vault does not know it or the value is unsound. Nothing is added."""
    with open_vault(config, lake) as vault:
        return vault.find(IdentityKind(kind), value)


def number_identity(config: CoreConfig, lake: Path, kind: str, value: str) -> int | None:
    """The number of `value`, which is given one where the vault does not know it yet; None where the value is unsound.

    Whoever must be recognised in data still to come is numbered before: the vault keeps the value, sealed, and nothing else does.
    """
    paths = LakeLayout(lake)
    sound = normal(IdentityKind(kind), value).value
    if not sound:
        return None
    with Vault.open(paths.vault, keyring_of(config, paths)) as vault:
        return int(vault.number(IdentityKind(kind), pa.array([sound]))[0].as_py())


def is_sound_identity(kind: str, value: str) -> bool:
    """Whether a value has the shape and the check digits of its kind. Asks no data."""
    return bool(normal(IdentityKind(kind), value).value)


def mask_identities(config: CoreConfig, lake: Path, kind: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number → masked form such as 410105********1234; numbers the vault does not know are left out.

    The clear value never leaves the vault, so this needs no purpose. RetryableError while another process has the vault.
    """
    if not numbers:
        return {}
    with open_vault(config, lake) as vault:
        return vault.masked(IdentityKind(kind), numbers)


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
    return change_key(LakeLayout(lake).vault, config.key_file, actor=actor or config.actor, provider=provider)


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
