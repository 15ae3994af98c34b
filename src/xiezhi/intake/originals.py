"""Delivered files kept as they came, sealed: what evidence goes back to when a line is disputed."""

from __future__ import annotations

from pathlib import Path

from xiezhi.identity.sealing import SealingKey, seal_stream
from xiezhi.kernel.durable import sync
from xiezhi.kernel.faultpoints import declare, reach

SEALING = declare("intake.before_original", "a delivery is judged, its original is not kept yet")
SEALED = declare("intake.after_original", "the original is kept, nothing names it")

PURPOSE = "originals"
"""What the vault's storage key for them is called."""


def keep_original(source: Path, kept: Path, key: SealingKey) -> None:
    """Seal `source` to `kept`, unless the same bytes are kept already (`kept` is named after their hash)."""
    reach(SEALING)
    if not kept.exists():
        beside = kept.with_suffix(".part")
        with source.open("rb") as plain, beside.open("wb") as sealed:
            seal_stream(plain, sealed, key)
        sync(beside)
        beside.replace(kept)
        sync(kept.parent)
    reach(SEALED)
