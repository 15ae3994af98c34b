"""What deliveries ask of the core: the ledger, receipts, their rows, and receiving."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiezhi.kernel.progress import Progress
from xiezhi.kernel.words import Words
from xiezhi.operations.expire_data import expire_data
from xiezhi.operations.read_deliveries import read_deliveries, read_receipt
from xiezhi.operations.read_receipt_rows import RowPage, RowTold, read_receipt_rows, returned_file, tell_words
from xiezhi.operations.receive_delivery import receive_delivery
from xiezhi.operations.recognise_files import SheetFound, recognise_files
from xiezhi.web.core.gateway import core_config, lake

if TYPE_CHECKING:
    from xiezhi.intake.receipt import Receipt
    from xiezhi.lake.ledger import DeliveryRecord

__all__ = [
    "RowPage",
    "RowTold",
    "SheetFound",
    "expire",
    "has_lake",
    "ledger",
    "receipt",
    "receive",
    "recognise",
    "returned",
    "rows",
    "words",
]


def has_lake() -> bool:
    """Whether anything was ever received: a new site has no lake."""
    return (lake() / "lake.json").exists()


def ledger() -> list[DeliveryRecord]:
    """Every delivery the lake has received; none where there is no lake yet."""
    return read_deliveries(core_config(), lake()) if has_lake() else []


def receipt(number: int) -> Receipt:
    return read_receipt(core_config(), lake(), number)


def rows(number: int, **wanted: Any) -> RowPage:
    """A page of the account row by row: see `read_receipt_rows`."""
    return read_receipt_rows(core_config(), lake(), number, **wanted)


def returned(number: int) -> Path | None:
    return returned_file(core_config(), lake(), number)


def words(names: Sequence[str]) -> dict[str, tuple[Words, Words]]:
    """Word of a receipt → what it says, and how it is mended."""
    return tell_words(names)


def recognise(paths: Sequence[Path], scratch: Path) -> list[SheetFound]:
    """Every sheet of the files with the contract it falls under, without touching the lake."""
    return recognise_files(core_config(), paths, scratch)


def receive(paths: Sequence[Path], *, actor: str, contract: str | None, progress: Progress) -> list[Receipt]:
    """Receive files into the lake; the same file again changes nothing."""
    return receive_delivery(core_config(actor), paths, lake(), contract=contract, progress=progress)


def expire(*, actor: str) -> list[dict[str, Any]]:
    """Erase what is older than its contract keeps it; returns the certificates."""
    return expire_data(core_config(actor), lake(), "retention over") if has_lake() else []
