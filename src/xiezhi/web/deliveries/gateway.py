"""What deliveries ask of the core: the ledger, receipts, their rows, and receiving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xiezhi.kernel.progress import Progress
from xiezhi.kernel.words import Words
from xiezhi.operations.deliveries import (
    DeliveryRecord,
    Receipt,
    RecognisedSheet,
    UnitUsed,
    list_back_again,
    list_deliveries,
    read_receipt,
    receive_delivery,
    recognise_files,
)
from xiezhi.operations.previews import preview_file
from xiezhi.operations.receipt_rows import RowMark, RowPage, explain_words, find_returned_file, list_receipt_rows
from xiezhi.operations.retention import expire_data
from xiezhi.web.lake import core_config, has_lake, lake

__all__ = [
    "DeliveryRecord",
    "Receipt",
    "RecognisedSheet",
    "RowMark",
    "RowPage",
    "UnitUsed",
    "back_again",
    "expire",
    "has_lake",
    "ledger",
    "preview",
    "receipt",
    "receive",
    "recognise",
    "returned",
    "rows",
    "words",
]


def ledger() -> list[DeliveryRecord]:
    """Every delivery the lake has received; none where there is no lake yet."""
    return list_deliveries(core_config(), lake()) if has_lake() else []


def back_again(records: Sequence[DeliveryRecord]) -> dict[int, list[dict[str, int]]]:
    """Of each delivery, what became of the rows it had set aside, by which later one, as plain values."""
    return {number: [asdict(one) for one in those] for number, those in list_back_again(records).items()}


def receipt(number: int) -> Receipt:
    return read_receipt(core_config(), lake(), number)


def rows(number: int, **wanted: Any) -> RowPage:
    """A page of the account row by row: see `list_receipt_rows`."""
    return list_receipt_rows(core_config(), lake(), number, **wanted)


def returned(number: int) -> Path | None:
    return find_returned_file(core_config(), lake(), number)


def words(names: Sequence[str]) -> dict[str, tuple[Words, Words]]:
    """Word of a receipt → what it says, and how it is mended."""
    return explain_words(names)


def recognise(paths: Sequence[Path], scratch: Path) -> list[RecognisedSheet]:
    """Every sheet of the files with the contract it falls under, without touching the lake."""
    return recognise_files(core_config(), paths, scratch)


def preview(path: Path, scratch: Path, *, contract: str | None, most: int) -> list[dict[str, Any]]:
    """What the first sheets of a file would be taken for, as plain values; nobody can be told from them."""
    return [one.as_json() for one in preview_file(core_config(), path, scratch, contract=contract, most=most)]


def receive(paths: Sequence[Path], *, actor: str, contract: str | None, progress: Progress) -> list[Receipt]:
    """Receive files into the lake; the same file again changes nothing."""
    return receive_delivery(core_config(actor), paths, lake(), contract=contract, progress=progress)


def expire(*, actor: str) -> list[dict[str, Any]]:
    """Erase what is older than its contract keeps it; returns the certificates."""
    return expire_data(core_config(actor), lake(), "retention over") if has_lake() else []
