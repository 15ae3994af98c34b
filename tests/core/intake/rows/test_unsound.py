"""Accounts and names that are read as nothing in rows that are kept: the sender hears how many, and where."""

from __future__ import annotations

from pathlib import Path

from tests.core.intake.receiving import Site, citizen, payment, write_csv
from tests.core.intake.staging import staged

from xiezhi.intake.receipts.receipt import Example, Receipt, Remark
from xiezhi.intake.rows.unsound import unsound_identities


def remarks(receipt: Receipt) -> list[tuple[str, str, int, list[int]]]:
    return [(one.column, one.remark, one.count, [example.row for example in one.examples]) for one in receipt.remarks]


def test_an_account_that_was_cut_short_is_told_and_its_row_kept(site: Site, tmp_path: Path) -> None:
    """Few rows are coded, many texts are not: both are looked at."""
    rows = [payment(number) for number in range(40)] + [payment(50, 银行账号="6.217E+18"), payment(51, 银行账号="6217****0001")]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [*rows, payment(52, 银行账号="6.2E+18")]))
    assert receipt.accepted == 43
    told = [("bank_account", "account_malformed", 2, [42, 44]), ("bank_account", "account_masked", 1, [43])]
    assert remarks(receipt) == told
    assert receipt.remarks[0].words.zh == "银行账号格式不对"
    assert not any("6.217E+18" in str(example.shown) for one in receipt.remarks for example in one.examples)


def test_no_account_is_no_loss_and_rows_set_aside_are_told_once(site: Site, tmp_path: Path) -> None:
    rows = [payment(1, 银行账号="无"), payment(2, 银行账号=""), payment(3, 银行账号="6.2E+18", 补贴金额="?")]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.accepted, receipt.set_aside, remarks(receipt)) == (2, 1, [])


def test_what_is_said_of_a_name_is_said_with_its_reason(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1, 收款人姓名="张三等3人"), payment(2)]))
    assert remarks(receipt) == [("payee_name", "name_several", 1, [2])]


def test_of_each_column_the_most_frequent_grade_comes_first_with_its_first_rows(tmp_path: Path) -> None:
    """A column that sets its rows aside, or has no such cells, does not hide the next one."""
    header = ["流水号", "身份证号", "姓名", "收款人姓名", "补贴金额", "银行账号"]
    accounts = [
        "6217****0001",
        "6.2E+18",
        "6.2E+18",
        "6.2E+18",
        "6.2E+18",
        "6217****0001",
        "",
        "无",
        "6217000000000000001",
        "6.2E+18",
    ]
    rows = [[f"P{at}", citizen(at), "王小明", "王小明", "100", account] for at, account in enumerate(accounts)]
    rows[0][1], rows[9][4] = "990101", ""
    with staged(write_csv(tmp_path / "a.csv", rows, header=header)) as (engine, stage, _):
        assert list(unsound_identities(engine, stage)) == [
            Remark(
                column="bank_account",
                remark="account_malformed",
                count=4,
                examples=[Example(row=row, shown="6.…8 (7)") for row in (3, 4, 5)],
            ),
            Remark(column="bank_account", remark="account_masked", count=1, examples=[Example(row=7, shown="62…1 (12)")]),
        ]
