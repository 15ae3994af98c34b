"""A header that stands again inside the table: the same one is left out, another one refuses the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.reading import read
from tests.core.intake.receiving import HEADER, Site, contracts, payment, write_csv
from tests.core.intake.stated.test_receive_units import book

from xiezhi.intake.recognise import recognise
from xiezhi.intake.sheets.second_headers import check_second_headers
from xiezhi.kernel.errors import Place, RefusedDelivery


def renamed(**other: str) -> list[str]:
    return [other.get(name, name) for name in HEADER]


def swapped(one: str, other: str) -> list[str]:
    return renamed(**{one: other, other: one})


def write(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    if path.suffix == ".html":
        lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in [header, *rows])
        path.write_text("<html><table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table></html>", encoding="utf-8")
        return path
    return book(path, [], rows, header=header) if path.suffix == ".xlsx" else write_csv(path, rows, header=header)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html"])
@pytest.mark.parametrize(("again", "said"), [
    (swapped("补贴金额", "银行账号"), "“补贴金额”不在原来的列"),
    (swapped("所属月份", "发放日期"), "“所属月份”不在原来的列"),
    (renamed(补贴金额="补贴金额(万元)"), "“补贴金额”的单位是 万元,前面是 元"),
    (renamed(补贴金额="应扣金额"), "“补贴金额”那一列改成了“应扣金额”"),
    (["村代码", *HEADER[:-2]], "“村(社区)代码”不在原来的列"),
    (["卡", *HEADER[:-1]], "“发放流水号”不在原来的列"),
    ([*HEADER[:6], "备注", *HEADER[6:]], "“补贴金额”不在原来的列"),
])  # fmt: skip
def test_another_header_below_refuses_the_sheet(again: list[str], said: str, ending: str, site: Site, tmp_path: Path) -> None:
    header = [*HEADER, "备注"]
    rows = [[*payment(1), ""], again + [""] * (len(header) - len(again)), [*payment(2), ""]]
    [receipt] = site.receive(write(tmp_path / f"a{ending}", rows, header))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "header_again"
    assert "第 3 行又是一个表头" in receipt.refusal.zh
    assert said in receipt.refusal.zh
    assert site.rows("subsidy_payment") == []


def test_a_narrower_header_below_refuses_the_sheet(site: Site, tmp_path: Path) -> None:
    again = [name for name in HEADER if name != "姓名"]
    [receipt] = site.receive(write(tmp_path / "a.csv", [payment(1), again, payment(2)]))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "header_again"


def test_a_wider_header_below_is_not_taken_for_the_only_one(site: Site, tmp_path: Path) -> None:
    """The table above it would be lost as lines of title."""
    first = renamed(银行账号="卡")
    [receipt] = site.receive(write(tmp_path / "a.csv", [payment(1), [*HEADER[1:], HEADER[0]], payment(2)], first))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "header_again"


def test_a_header_below_without_the_unit_of_the_first_refuses_the_sheet(site: Site, tmp_path: Path) -> None:
    first = renamed(补贴金额="补贴金额(万元)")
    [receipt] = site.receive(write(tmp_path / "a.csv", [payment(1), HEADER, payment(2)], first))
    assert receipt.refusal is not None
    assert "前面是 万元" in receipt.refusal.zh


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html"])
@pytest.mark.parametrize(("header", "again"), [
    (HEADER, renamed(补贴金额="补贴金额(元)")),
    (HEADER, renamed(流水号="发放流水号", 姓名=" 姓 名")),
])  # fmt: skip
def test_a_header_again_in_other_words_is_set_aside(
    header: list[str], again: list[str], ending: str, site: Site, tmp_path: Path
) -> None:
    more = [""] * (len(header) - len(HEADER))
    rows = [[*payment(1), *more], again, [*payment(2), *more]]
    [receipt] = site.receive(write(tmp_path / f"a{ending}", rows, header))
    assert (receipt.refused, receipt.delivered, receipt.accepted + receipt.repaired, receipt.set_aside) == (False, 3, 2, 1)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html"])
@pytest.mark.parametrize("header", [HEADER, renamed(补贴金额="补贴金额(万元)"), [*HEADER, "序"]])
def test_the_same_header_again_is_left_out_and_named(header: list[str], ending: str, site: Site, tmp_path: Path) -> None:
    more = [""] * (len(header) - len(HEADER))
    rows = [[*payment(1), *more], header, [*payment(2), *more], header]
    [receipt] = site.receive(write(tmp_path / f"a{ending}", rows, header))
    assert (receipt.refused, receipt.accepted, receipt.set_aside) == (False, 2, 0)
    assert [(one.row, one.kind) for one in receipt.left_out] == [(3, "footer_header"), (5, "footer_header")]


@pytest.mark.parametrize("row", [
    payment(2, 补贴金额="补贴金额"),
    ["", "", "姓名", "", "", "", "银行账号", "", "", "", ""],
    ["银行账号", "姓名", "", "身份证号", *[""] * 7],
])  # fmt: skip
def test_a_row_with_a_few_names_of_columns_is_a_row(row: list[str], site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), row]))
    assert (receipt.refused, receipt.set_aside) == (False, 1)


@pytest.mark.parametrize(("name", "where"), [("a.xlsx", "名册"), ("a.csv", None)])
def test_the_refusal_names_the_sheet_and_the_row(name: str, where: str | None, tmp_path: Path) -> None:
    path, row = tmp_path / name, payment(1)
    [sheet] = read(book(path, [], [row], sheet="名册") if where else write_csv(path, [row]), tmp_path).sheets
    known = recognise(sheet, contracts(), "subsidy_payment")
    assert known.header is not None
    below = [(3, HEADER), (7, swapped("补贴金额", "银行账号"))]
    with pytest.raises(RefusedDelivery) as found:
        check_second_headers(sheet, known.contract.table(), known.header, known.units, below)
    assert found.value.place == Place(str(path), where, 7)


def test_a_refused_workbook_says_in_which_sheet(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for place, name in enumerate(("一月", "二月")):
            sheet, again = made.add_worksheet(name), [swapped("补贴金额", "银行账号")] * place
            for row, cells in enumerate([HEADER, payment(place), *again]):
                sheet.write_row(row, 0, [cell or "" for cell in cells])
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.zh.startswith("工作表“二月”:")
    assert receipt.refusal.en.startswith("sheet “二月”: ")
