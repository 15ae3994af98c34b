"""Shares in per cent of which none is above 1 are asked about: an export that lost its format writes 0.3 for 30 %."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, citizen, write_csv
from tests.core.intake.staging import staged

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.receipts.receipt import Remark
from xiezhi.intake.rows.fractions_of_one import fractions_of_one

HEADER = ("统一社会信用代码", "身份证号", "人员角色", "持股比例", "起始日期")
COMPANY = "91990100MA00000073"


@pytest.mark.parametrize(("shares", "told"), [
    (["0.3", "0.5", "0.2"], 3),
    (["0.3", "0.5", "0.2", ""], 3),
    (["0.3%", "0.5%", "1"], 3),
    (["0.3", "0.5", "1.01"], None),
    (["0.3", "0.7"], None),
    (["30", "0.5", "0.2"], None),
    (["0", "0.5", "0.2"], None),
    (["", "", ""], None),
])  # fmt: skip
def test_shares_of_which_none_is_above_one_are_asked_about(shares: list[str], told: int | None, tmp_path: Path) -> None:
    rows = [["股东", share] for share in shares]
    with staged(write_csv(tmp_path / "a.csv", rows, header=["人员角色", "持股比例"]), "enterprise_person") as (engine, stage, _):
        asked = [Remark(column="share", remark="fractions_of_one", count=told)] if told else []
        assert list(fractions_of_one(engine, stage)) == asked


def test_the_receipt_asks_and_takes_the_rows_as_they_are(tmp_path: Path) -> None:
    site = Site(tmp_path, Keyring.fresh())
    rows = [[COMPANY, citizen(number), "股东", share, "2020-01-01"] for number, share in enumerate(["0.3", "0.5", "0.2"])]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=HEADER))
    site.close()
    asked = [(one.column, one.count) for one in receipt.remarks if one.remark == "fractions_of_one"]
    assert (receipt.set_aside, asked) == (0, [("share", 3)])
