"""From a number of the lake back to the person or organisation behind it: for a purpose, by someone, written down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiezhi.identity.keyring import Keyring
from xiezhi.identity.kinds import IdentityKind
from xiezhi.identity.site import site_keyring
from xiezhi.identity.vault import DATABASE, Vault
from xiezhi.kernel.errors import UserError
from xiezhi.lake.layout import Layout
from xiezhi.operations.config import CoreConfig


def keyring_of(config: CoreConfig, paths: Layout) -> Keyring:
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
    paths = Layout(lake)
    if not (paths.vault / DATABASE).exists():
        raise UserError(
            "VAULT-MISSING",
            zh=f"{lake} 没有身份保险库。",
            en=f"{lake} has no identity vault.",
            todo_zh="核对 --lake;收件(xiezhi receive)时会自动建立。",
            todo_en="Check --lake; xiezhi receive makes a vault.",
        )
    return Vault.open(paths.vault, keyring_of(config, paths))
