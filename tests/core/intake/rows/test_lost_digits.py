"""From how many long numbers without their end on a column is taken for one that lost it, and what the sender is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import write_csv
from tests.core.intake.staging import staged

from xiezhi.intake.rows.lost_digits import check_long_numbers
from xiezhi.kernel.errors import Place, RefusedDelivery

HEADER = ["流水号", "姓名", "银行账号"]


def lost(number: int, digits: int = 19) -> str:
    return f"{622848000000000 + number}".ljust(digits, "0")


def rows(accounts: list[str]) -> list[list[str]]:
    """Payments whose own numbers end in noughts, too: these name nobody."""
    return [[lost(900 + at), "王小明", account] for at, account in enumerate(accounts)]


def test_nine_of_ten_accounts_that_lost_their_end_refuse_the_sheet(tmp_path: Path) -> None:
    accounts = [*(lost(number) for number in range(6)), *(lost(number, 16) for number in range(6, 9)), "6228480000000099991"]
    path = write_csv(tmp_path / "a.csv", rows([*accounts, accounts[0]]), header=HEADER)
    with staged(path) as (engine, stage, sheet):
        with pytest.raises(RefusedDelivery) as refused:
            check_long_numbers(engine, stage, sheet)
        sheet.sheet = "明细"
        with pytest.raises(RefusedDelivery) as of_a_sheet:
            check_long_numbers(engine, stage, sheet)
    assert (refused.value.code, refused.value.place) == ("digits_lost", Place(str(path)))
    assert of_a_sheet.value.place == Place(str(path), "明细")
    assert refused.value.zh == ("“银行账号”列 10 个不同的长号码中有 9 个在第 15 位以后全是 0:它们曾被当作数字保存,末尾已经丢失")


@pytest.mark.parametrize(
    "accounts",
    [
        [lost(number) for number in range(9)],
        [*(lost(number) for number in range(8)), "6228480000000099991", "6228480000000099992"],
        [*(lost(number) for number in range(9)), lost(9, 15)],  # fifteen digits are no long number
        [f"62284800000000{number:05d}" for number in range(1001, 1011)],
    ],
)
def test_fewer_are_numbers_that_end_in_noughts(accounts: list[str], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows(accounts), header=HEADER)
    with staged(path) as (engine, stage, sheet):
        check_long_numbers(engine, stage, sheet)
