"""A table of many columns: its rows are read and go back whole, in the time that its cells take."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, payment, write_csv

from xiezhi.intake.rows import stage

WIDE = [f"指标{number}" for number in range(150)]
"""Every one is coded, and so looked up in a table of its own: 200 took a minute and a gigabyte, 400 never came to an end."""


def test_a_row_of_a_wide_table_goes_back_with_all_its_cells(site: Site, tmp_path: Path) -> None:
    more = [str(number) for number in range(len(WIDE))]
    rows = [[*payment(1), *more], [*payment(2, 补贴金额="很多"), *more]]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=[*HEADER, *WIDE]), contract="subsidy_payment")
    assert (receipt.accepted, receipt.set_aside) == (1, 1)
    assert receipt.returned is not None
    with (site.lake.paths.root / receipt.returned).open(encoding="utf-8-sig", newline="") as back:
        [header, cells] = csv.reader(back)
    assert dict(zip(header, cells, strict=True)).items() >= dict(zip([*HEADER, *WIDE], rows[1], strict=True)).items()


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_however_many_columns_are_looked_up_at_once(
    at_once: int, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "LOOKED_UP_AT_ONCE", at_once)
    again = ["卡", *HEADER[:-1]]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), again]))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "header_again"
