"""The cities that are measured on: built and received once per size, then reused."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezhi.operations.city import build_city
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery

PAYMENTS_A_PERSON = 4
SEED = 11


@dataclass(frozen=True)
class City:
    """`receive`: how the reception went (seconds, delivered)."""

    folder: Path
    lake: Path
    receive: dict[str, Any]


def ensure_city(root: Path, millions: float) -> City:
    """The city with so many million payments, received into a lake."""
    folder = root / f"{millions:g}m"
    lake, done = folder / "lake", folder / "received.json"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        payments = int(millions * 1_000_000)
        build_city(folder / "delivered", persons=max(5_000, payments // PAYMENTS_A_PERSON), seed=SEED, payments=payments)
        begin = time.perf_counter()
        receipts = receive_delivery(CoreConfig(), [folder / "delivered"], lake)
        seconds = time.perf_counter() - begin
        delivered = sum(receipt.delivered for receipt in receipts)
        done.write_text(json.dumps({"seconds": seconds, "delivered": delivered, "rows_a_second": delivered / seconds}))
    return City(folder, lake, json.loads(done.read_text()))
