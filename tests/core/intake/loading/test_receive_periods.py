"""A contract that replaces whole periods: what the new file does not repeat is gone, other months stand."""

from __future__ import annotations

from pathlib import Path

from tests.core.intake.receiving import Site, contracts, payment, write_csv

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.kinds import LoadMode
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Settings
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.receive import receive


def receive_period(site: Site, path: Path) -> Receipt:
    known = contracts().get("subsidy_payment")
    by_period = known.model_copy(update={"load_mode": LoadMode.REPLACE_PERIOD})
    catalogue = ContractCatalogue({known.name: by_period})
    with Vault.open(site.lake.paths.vault, site.keyring, memory="256MB") as vault:
        [receipt] = receive([path], site.lake, catalogue, vault, Settings(memory="256MB", threads=2))
    return receipt


def test_a_period_is_replaced_as_a_whole(tmp_path: Path) -> None:
    site = Site(tmp_path, Keyring.fresh())
    months = [payment(1), payment(2), payment(3, 所属月份="2021-04")]
    receive_period(site, write_csv(tmp_path / "a.csv", months))
    receipt = receive_period(site, write_csv(tmp_path / "b.csv", [payment(2, 补贴金额="5"), payment(1), payment(4)]))
    assert (receipt.accepted, receipt.duplicate) == (3, 1)
    held = {(row["payment_id"], row["amount"], row["_delivery"]) for row in site.rows("subsidy_payment")}
    assert held == {("P00001", 10150, 1), ("P00002", 500, 2), ("P00003", 10350, 1), ("P00004", 10450, 2)}
    same = receive_period(site, write_csv(tmp_path / "c.csv", [payment(4), payment(1), payment(2, 补贴金额="5")]))
    assert (same.duplicate, site.lake.delivery(3).state) == (3, None)
    site.close()
