"""What a delivery takes from held rows, and rows that stand in one file twice, are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv

from xiezhi.intake.receipts.receipt import Receipt

RESIDENT = ("公民身份号码", "姓名", "性别", "出生日期", "户籍状态", "户号")


def residents(*names: str) -> list[list[str]]:
    ids = [citizen(number) for number in range(1, len(names) + 1)]
    sexes = ["男" if int(one[16]) % 2 else "女" for one in ids]
    born = [f"{one[6:10]}-{one[10:12]}-{one[12:14]}" for one in ids]
    return [[one, name, sex, day, "正常", "H1"] for one, name, sex, day in zip(ids, names, sexes, born, strict=True)]


def told(receipt: Receipt, words: str) -> list[str]:
    assert receipt.refusal is None, receipt.refusal
    return [note.zh for note in receipt.notes if words in note.zh]


def deliver(site: Site, path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Receipt:
    [receipt] = site.receive(write_csv(path, rows, header=header), contract="person_population")
    assert receipt.set_aside == 0
    return receipt


def test_names_shifted_by_a_row_are_told(site: Site, tmp_path: Path) -> None:
    assert told(deliver(site, tmp_path / "a.csv", RESIDENT, residents("王甲", "李乙", "张丙")), "错行") == []
    [note] = told(deliver(site, tmp_path / "b.csv", RESIDENT, residents("李乙", "张丙", "张丙")), "错行")
    assert note.startswith("2 行的“姓名”与已有的不同(如第 2 行)")
    assert told(deliver(site, tmp_path / "c.csv", RESIDENT, residents("李 乙", "张丙", "张丙")), "错行") == []


def test_columns_left_out_are_told_where_something_is_lost(site: Site, tmp_path: Path) -> None:
    deliver(site, tmp_path / "a.csv", RESIDENT, residents("王甲", "李乙"))
    rows = [[*one[:4], "迁出"] for one in residents("王甲", "李乙")]
    [note] = told(deliver(site, tmp_path / "b.csv", RESIDENT[:5], rows), "变为空")
    assert "“户号”(2 行)" in note
    back = [[*one[:4], "正常"] for one in residents("王甲", "李乙")]
    assert told(deliver(site, tmp_path / "c.csv", RESIDENT[:5], back), "变为空") == []


def again(*numbers: int) -> list[list[str]]:
    return [[f"Q{number}", *payment(number)[1:]] for number in numbers]


@pytest.mark.parametrize(("repeated", "expected"), [(4, 0), (5, 1), (9, 1)])
def test_a_block_pasted_twice_is_told(repeated: int, expected: int, site: Site, tmp_path: Path) -> None:
    rows = [payment(number) for number in range(10)] + again(*range(repeated))
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    notes = told(receipt, "粘贴了两次")
    assert len(notes) == expected
    assert not notes or notes[0].startswith(f"文件内有 {repeated} 行除“发放流水号”外与别的行完全相同(如第 12 行)")


def test_many_that_differ_are_no_block(site: Site, tmp_path: Path) -> None:
    rows = [payment(number) for number in range(40)] + again(*range(5))
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert told(receipt, "粘贴了两次") == []
    assert len(HEADER) == len(rows[0])
