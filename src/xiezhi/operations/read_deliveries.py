"""Which deliveries a lake has received."""

from __future__ import annotations

from pathlib import Path

from xiezhi.intake.receipt import Receipt
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import DeliveryRecord
from xiezhi.operations.config import CoreConfig


def read_deliveries(config: CoreConfig, lake: Path, *, contract: str | None = None) -> list[DeliveryRecord]:
    """Every delivery, by number: refused and erased ones too. `contract`: only those under it."""
    with Lake.open(lake) as opened:
        return [one for one in opened.deliveries() if contract in (None, one.contract)]


def read_receipt(config: CoreConfig, lake: Path, number: int) -> Receipt:
    """The receipt of one delivery. Raises UserError if there is none."""
    with Lake.open(lake) as opened:
        return Receipt.model_validate(opened.delivery(number).receipt)
