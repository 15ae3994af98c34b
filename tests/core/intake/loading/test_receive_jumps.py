"""A money column whose usual size jumps against the contract's own history is told on the receipt, and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.core.intake.receiving import HEADER, Site, payment, write_csv

from xiezhi.cli.receive import command
from xiezhi.intake.receipts.receipt import ExpectationResult, Receipt


class Sender:
    """Delivers one file after the other, with payments that nobody delivered before."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site, self._folder, self._next = site, folder, 0

    def send(self, amounts: list[str], header: str = "补贴金额") -> tuple[Receipt, list[ExpectationResult]]:
        rows = [payment(self._next + at, 补贴金额=amount) for at, amount in enumerate(amounts)]
        self._next += len(rows)
        names = [header if name == "补贴金额" else name for name in HEADER]
        [receipt] = self._site.receive(write_csv(self._folder / f"{self._next}.csv", rows, header=names))
        return receipt, [one for one in receipt.expectations if one.expectation.startswith("median")]


@pytest.fixture
def sender(site: Site, tmp_path: Path) -> Sender:
    return Sender(site, tmp_path)


MONTH = [str(100 + at) for at in range(25)]


@pytest.mark.parametrize("factor", [10_000, 1_000, 100, 1 / 100, 1 / 10_000])
def test_a_jump_is_told_and_nothing_is_refused(site: Site, sender: Sender, factor: float) -> None:
    assert sender.send(MONTH)[1] == []
    receipt, [found] = sender.send([f"{float(amount) * factor:.2f}" for amount in MONTH])
    assert (receipt.accepted, found.field, found.kept, found.severity) == (25, "amount", False, "warning")
    assert found.found == pytest.approx(factor, rel=0.2)
    assert "核对单位" in found.zh
    assert "check the unit" in found.en
    page = site.lake.paths.receipt(receipt.delivery, "html").read_text(encoding="utf-8")
    assert f"注意 amount:{found.zh}" in page
    told = json.loads(site.lake.paths.receipt(receipt.delivery, "json").read_text(encoding="utf-8"))
    assert [one["kept"] for one in told["expectations"] if one["expectation"].startswith("median")] == [False]


@pytest.mark.parametrize("factor", [1, 3, 10, 1 / 10])
def test_an_honest_difference_is_none(sender: Sender, factor: float) -> None:
    sender.send(MONTH)
    _, [found] = sender.send([f"{float(amount) * factor:.2f}" for amount in MONTH])
    assert found.kept


def test_few_amounts_must_jump_farther(sender: Sender) -> None:
    sender.send(["120", "80", "100"])
    assert sender.send(["9000", "8000"])[1][0].kept
    assert not sender.send(["9000000", "8000000"])[1][0].kept


def test_the_unit_is_read_before_it_is_compared(sender: Sender) -> None:
    sender.send(MONTH)
    _, [found] = sender.send([f"{int(amount) / 10_000:.4f}" for amount in MONTH], header="补贴金额(万元)")
    assert found.kept
    assert found.found == pytest.approx(1, rel=0.05)


def test_one_wrong_delivery_does_not_become_the_usual(sender: Sender) -> None:
    for _ in range(3):
        sender.send(MONTH)
    assert not sender.send([f"{int(amount) * 1000}" for amount in MONTH])[1][0].kept
    assert sender.send(MONTH)[1][0].kept


def test_a_wrong_unit_delivered_again_is_told_again_until_it_is_the_usual(sender: Sender) -> None:
    sender.send(MONTH)
    larger = [f"{int(amount) * 1000}" for amount in MONTH]
    assert [sender.send(larger)[1][0].kept for _ in range(4)] == [False, False, False, True]


def test_noughts_and_reversals_have_no_say(sender: Sender) -> None:
    sender.send(MONTH)
    _, [found] = sender.send([*MONTH[:10], *["0"] * 30, *["-100000"] * 30])
    assert found.kept


def test_the_terminal_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIEZHI_LANG", "zh")
    for at, factor in enumerate((1, 1000)):
        rows = [payment(100 * at + n, 补贴金额=f"{int(amount) * factor}") for n, amount in enumerate(MONTH)]
        path = write_csv(tmp_path / f"{at}.csv", rows)
        said = CliRunner().invoke(command, [str(path), "--lake", str(tmp_path / "lake")])
        assert said.exit_code == 0, said.output
        assert "金额单位:amount 元(契约)" in said.output
        assert ("注意 amount" in said.output) is (factor > 1)
