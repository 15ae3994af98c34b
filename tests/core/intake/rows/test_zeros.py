"""An amount that is 0 in every row is told on the receipt."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, payment, write_csv


@pytest.mark.parametrize(
    ("amounts", "told"),
    [(["0"] * 50, 50), (["0.00", "0"] * 30, 60), (["0"] * 49, None), (["0"] * 60 + ["0.01"], None), (["0"] * 50 + [""], 50)],
)
def test_an_amount_of_nothing_in_every_row_is_told(amounts: list[str], told: int | None, site: Site, tmp_path: Path) -> None:
    rows = [payment(at, 补贴金额=amount) for at, amount in enumerate(amounts)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    said = [(one.column, one.remark, one.count) for one in receipt.remarks]
    assert said == ([("amount", "all_zero", told)] if told else [])
    assert ("每一行都是 0" in site.lake.paths.receipt(1, "html").read_text("utf-8")) is bool(told)
