"""Shares in per cent of which none is above 1 are asked about: an export that lost its format writes 0.3 for 30 %."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, citizen, write_csv

from xiezhi.identity.keyring import Keyring

HEADER = ("统一社会信用代码", "身份证号", "人员角色", "持股比例", "起始日期")
COMPANY = "91990100MA00000073"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, Keyring.fresh())
    yield made
    made.close()


@pytest.mark.parametrize(("shares", "told"), [
    (["0.3", "0.5", "0.2"], 3),
    (["0.3", "0.5", "0.2", ""], 3),
    (["0.3%", "0.5%", "1"], 3),
    (["0.3", "0.7"], None),
    (["30", "0.5", "0.2"], None),
    (["0", "0.5", "0.2"], None),
    (["", "", ""], None),
])  # fmt: skip
def test_shares_of_which_none_is_above_one_are_asked_about(
    shares: list[str], told: int | None, site: Site, tmp_path: Path
) -> None:
    rows = [[COMPANY, citizen(number), "股东", share, "2020-01-01"] for number, share in enumerate(shares)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=HEADER))
    assert receipt.set_aside == 0
    asked = [(one.column, one.count) for one in receipt.remarks if one.remark == "fractions_of_one"]
    assert asked == ([("share", told)] if told else [])
