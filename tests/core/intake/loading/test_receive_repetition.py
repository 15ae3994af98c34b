"""The same twice, renamed, shuffled, overlapping, contradicting: by each load mode."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.core.intake.receiving import VILLAGE, Site, citizen, payment, write_csv

from xiezhi.identity.keyring import Keyring
from xiezhi.kernel.errors import UserError

PERSONS = ("身份证号", "姓名", "性别", "出生日期", "户号", "与户主关系", "村代码", "状态")


def person(number: int, name: str = "王小明", status: str = "正常") -> list[str]:
    identity = citizen(number)
    born = f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}"
    sex = "男" if int(identity[16]) % 2 else "女"
    return [identity, name, sex, born, f"H{number}", "户主", VILLAGE, status]


def counts(receipt: object) -> tuple[int, ...]:
    return tuple(getattr(receipt, name) for name in ("accepted", "repaired", "set_aside", "duplicate"))


def population(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    return write_csv(path, rows, header=PERSONS)


def test_the_same_file_renamed_changes_nothing(site: Site, tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", [payment(n) for n in range(1, 6)])
    site.receive(first)
    before = site.lake.snapshot()
    first.rename(tmp_path / "b.csv")
    [again] = site.receive(tmp_path / "b.csv")
    assert (again.same_as, *counts(again)) == (1, 5, 0, 0, 5)
    assert site.lake.snapshot() == before
    assert len(site.lake.deliveries()) == 1


def test_a_reversal_under_the_number_of_what_it_takes_back_stands_beside_it(site: Site, tmp_path: Path) -> None:
    """冲销 bears the payment's own number; once, however often it is sent, and in whatever order."""
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 补贴金额="-102.50")]))
    reversed_too = write_csv(tmp_path / "b.csv", [payment(1, 补贴金额="-101.50"), payment(2)])
    assert counts(site.receive(reversed_too)[0]) == (2, 0, 0, 0)
    both = write_csv(tmp_path / "c.csv", [payment(1, 补贴金额="-101.50"), payment(1), payment(3), payment(3, 补贴金额="-103.50")])
    assert counts(site.receive(both)[0]) == (4, 0, 0, 2)
    other = write_csv(tmp_path / "d.csv", [payment(1, 补贴金额="-99"), payment(2, 补贴金额="7")])
    assert counts(site.receive(other)[0]) == (0, 0, 2, 0)
    assert sorted(row["amount"] for row in site.rows("subsidy_payment")) == [-10350, -10250, -10150, 10150, 10250, 10350]


def test_shuffled_overlapping_and_untidy_rows_are_held_once(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(n) for n in range(1, 9)]))
    rows = [payment(n, 身份证号=f"{citizen(n)[:17]}{citizen(n)[17].lower()} ") for n in range(5, 12)]
    random.Random(1).shuffle(rows)
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", rows))
    assert counts(receipt) == (0, 7, 0, 4)
    assert len(site.rows("subsidy_payment")) == 11


def test_a_key_with_other_content_is_set_aside(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2)]))
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", [payment(1), payment(2, 补贴金额="7.00"), payment(3)]))
    assert counts(receipt) == (2, 0, 1, 1)
    assert [(reason.row, reason.reason) for reason in receipt.reasons] == [(3, "key_conflict")]
    [returned] = site.lake.paths.set_aside.iterdir()
    assert "7.00" in returned.read_text(encoding="utf-8")


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_that_contradicts_itself_keeps_what_the_lake_holds(site: Site, tmp_path: Path, turned: bool) -> None:
    rows = [payment(1), payment(1, 补贴金额="7.00"), payment(1), payment(2)]
    [first] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert counts(first) == (3, 0, 1, 1)
    [again] = site.receive(write_csv(tmp_path / "b.csv", list(reversed(rows)) if turned else [*rows, payment(3)]))
    assert again.set_aside == 1
    assert [row["amount"] for row in site.rows("subsidy_payment", "amount, _delivery, _row")][:2] == [10150, 10250]


def test_upsert_replaces_what_changed_and_only_that(site: Site, tmp_path: Path) -> None:
    site.receive(population(tmp_path / "a.csv", [person(n) for n in range(1, 5)]))
    state = site.lake.snapshot().state
    [receipt] = site.receive(population(tmp_path / "b.csv", [person(1), person(2, status="死亡"), person(9)]))
    assert (counts(receipt), receipt.replaced) == ((3, 0, 0, 1), 1)
    held = site.rows("person_population", "status, _delivery, _row")
    assert [(row["status"], row["_delivery"]) for row in held] == [
        ("正常", 1),
        ("正常", 1),
        ("正常", 1),
        ("死亡", 2),
        ("正常", 2),
    ]
    assert site.lake.snapshot_of_state(state).tables["person_population"].rows == 4


def test_an_older_register_sent_again_does_not_bring_old_data_back(site: Site, tmp_path: Path) -> None:
    old = population(tmp_path / "a.csv", [person(1)])
    site.receive(old)
    site.receive(population(tmp_path / "b.csv", [person(1, status="死亡")]))
    [receipt] = site.receive(old)
    assert (receipt.same_as, receipt.replaced) == (1, 0)
    assert [row["status"] for row in site.rows("person_population")] == ["死亡"]


def test_the_numbers_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    keyring, rows, held = Keyring.fresh(), [payment(n) for n in range(1, 30)], []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        site = Site(tmp_path / name, keyring)
        site.receive(write_csv(tmp_path / name / "a.csv", rows))
        held.append({row["payment_id"]: row["person"] for row in site.rows("subsidy_payment")})
        random.Random(2).shuffle(rows)
        site.close()
    assert held[0] == held[1]


def test_a_broken_file_is_refused_whole_and_the_next_goes_on(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    whole = gzip.compress(write_csv(tmp_path / "a.csv", [payment(n) for n in range(1, 5000)]).read_bytes())
    (folder / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "b.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    write_csv(folder / "c.csv", [payment(99)])
    receipts = site.receive(folder)
    assert [(receipt.file, receipt.refused) for receipt in receipts] == [("a.csv.gz", True), ("b.csv", True), ("c.csv", False)]
    assert [row["payment_id"] for row in site.rows("subsidy_payment")] == ["P00099"]
    assert receipts[1].refusal is not None
    assert receipts[1].refusal.code == "contract_unrecognised"
    assert [receipt.delivery for receipt in site.receive(folder)] == [1, 2, 3]


def test_a_contract_that_lacks_its_columns_refuses_and_names_them(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [["1"]], header=["流水号"]), contract="subsidy_payment")
    assert receipt.refusal is not None
    assert "身份证号" in receipt.refusal.zh
    with pytest.raises(UserError, match="subsidy_paymen"):
        site.receive(tmp_path / "a.csv", contract="subsidy_paymen")
