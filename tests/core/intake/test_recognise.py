"""Under which contract a sheet falls, and as which state of it."""

from __future__ import annotations

from pathlib import Path

from tests.core.intake.reading import read
from tests.core.intake.receiving import contracts, payment, write_csv

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.intake.recognise import recognise


def test_a_contract_is_known_by_all_it_says(tmp_path: Path) -> None:
    [sheet] = read(write_csv(tmp_path / "a.csv", [payment(1)]), tmp_path).sheets
    now = recognise(sheet, contracts(), None)
    assert (now.contract.name, now.hash) == ("subsidy_payment", recognise(sheet, contracts(), "subsidy_payment").hash)
    changed = now.contract.model_copy(update={"version": "99.0.0"})
    assert recognise(sheet, ContractCatalogue({changed.name: changed}), None).hash not in (now.hash, None)
