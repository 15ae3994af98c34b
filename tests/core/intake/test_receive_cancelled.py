"""Receiving that somebody stops: what was admitted is kept, the rest comes with the same command."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, payment, write_csv

from xiezhi.intake.receive import ReceiveCancelled
from xiezhi.kernel.progress import Silent


class StoppedAfter(Silent):
    """Asks to stop once it was asked so often whether to."""

    def __init__(self, times: int) -> None:
        self._left = times

    def cancelled(self) -> bool:
        self._left -= 1
        return self._left < 0


def test_an_archive_stops_between_its_members_and_goes_on(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(6):
            archive.write(write_csv(tmp_path / f"{number}.csv", [payment(number + 1)]), f"{number}.csv")
    with pytest.raises(ReceiveCancelled) as stopped:
        site.receive(path, progress=StoppedAfter(3))
    assert stopped.value.exit_code == 130
    kept = len(site.rows("subsidy_payment", "payment_id"))
    assert 0 < kept < 6
    receipts = site.receive(path)
    assert len(site.rows("subsidy_payment", "payment_id")) == 6
    assert sum(receipt.same_as is not None for receipt in receipts) == kept
