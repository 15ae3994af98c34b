"""The same payments exported again under new numbers: told on the receipt, never refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, payment, write_csv

from xiezhi.intake.receipts.receipt import Receipt


def delivered(site: Site, path: Path, numbers: range, prefix: str = "P", **other: str) -> Receipt:
    rows = [payment(at, 流水号=f"{prefix}{at:05d}", **other) for at in numbers]
    [receipt] = site.receive(write_csv(path, rows))
    assert (receipt.accepted, receipt.duplicate) == (len(rows), 0)
    return receipt


def told(receipt: Receipt) -> str:
    return "".join(note.zh for note in receipt.notes if "流水号" in note.zh)


def test_rows_that_differ_by_their_number_alone_are_told(site: Site, tmp_path: Path) -> None:
    assert told(delivered(site, tmp_path / "a.csv", range(40))) == ""
    assert "30 个新行中有 30 行" in told(delivered(site, tmp_path / "b.csv", range(30), "Q"))
    assert len(site.rows("subsidy_payment")) == 70


@pytest.mark.parametrize(("again", "expected"), [(19, False), (20, True), (40, True), (41, False)])
def test_it_takes_twenty_new_rows_and_half_of_them_held(again: int, expected: bool, site: Site, tmp_path: Path) -> None:
    delivered(site, tmp_path / "a.csv", range(20))
    assert bool(told(delivered(site, tmp_path / "b.csv", range(again), "Q"))) is expected


def test_an_empty_cell_equals_an_empty_cell(site: Site, tmp_path: Path) -> None:
    delivered(site, tmp_path / "a.csv", range(20), 银行账号="", 发放单位="")
    assert told(delivered(site, tmp_path / "b.csv", range(20), "Q", 银行账号="", 发放单位=""))


@pytest.mark.parametrize("other", [{"所属月份": "2021-04"}, {"发放日期": "2021-03-16"}, {"发放单位": "财政局"}])
def test_another_month_or_day_is_another_payment(other: dict[str, str], site: Site, tmp_path: Path) -> None:
    delivered(site, tmp_path / "a.csv", range(30))
    assert told(delivered(site, tmp_path / "b.csv", range(30), "Q", **other)) == ""


def test_the_same_rows_under_the_same_numbers_are_duplicates(site: Site, tmp_path: Path) -> None:
    delivered(site, tmp_path / "a.csv", range(30))
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", [payment(at) for at in range(30)][::-1]))
    assert (receipt.duplicate, told(receipt)) == (30, "")
