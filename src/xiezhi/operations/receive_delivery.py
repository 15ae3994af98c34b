"""Receive what departments delivered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiezhi.contracts.loader import load_contracts
from xiezhi.identity.site import key_path
from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Settings
from xiezhi.intake.receipt import Receipt
from xiezhi.intake.receive import receive
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Progress
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.reveal_identity import keyring_of


def receive_delivery(
    config: CoreConfig,
    paths: Sequence[Path],
    lake: Path,
    *,
    contract: str | None = None,
    progress: Progress | None = None,
) -> list[Receipt]:
    """Receive files and folders into a lake, which is made if it is not there. Returns a receipt per delivered sheet.

    Raises UserError for a path that does not exist or an unknown contract, RetryableError while the lake is written to.
    """
    for path in paths:
        if not path.exists():
            raise UserError("RECEIVE-NO-PATH", zh=f"没有 {path}。", en=f"There is no {path}.")
    contracts = load_contracts(config.content_roots)
    settings = Settings(contract=contract, memory=config.memory, threads=config.threads)
    with Lake.create(lake) as opened, Vault.open(opened.paths.vault, keyring_of(config, opened.paths)) as vault:
        return receive([path.absolute() for path in paths], opened, contracts, vault, settings, progress)


def demonstration_key(config: CoreConfig, lake: Path) -> Path | None:
    """Where the key will be made if this lake has none yet and none is configured; None otherwise."""
    if config.key_file:
        return None
    path = key_path(lake / "vault")
    return None if path.exists() else path
