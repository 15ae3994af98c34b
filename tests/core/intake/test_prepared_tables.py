"""A table read and judged before it is in a lake: what it says of its columns, units, footers and faults, and what refuses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, contracts, payment, write_csv

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.keyring import Keyring
from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.receipts.account import account
from xiezhi.intake.receipts.receipt import ColumnMap, LeftOut, Mending, Spelling, UnitUsed
from xiezhi.intake.receipts.returned import ReturnedRow, Shape
from xiezhi.intake.recognise import header_score, recognise
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.intake.tabular import PreparedTable
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words

ITEMS = ("补贴项目编码", "补贴项目名称", "是否普惠", "最低年龄", "月标准", "发放周期", "标准执行日期")
"""The header of a register of subsidies; no identity stands in it."""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


def item(number: int, **other: str) -> list[str]:
    cells = (f"BT{number:03d}", "高龄津贴", "否", "80", f"{100 + number}", "每月", "2021-01-01")
    return list((dict(zip(ITEMS, cells, strict=True)) | other).values())


def padded(*cells: str) -> list[str]:
    return [*cells, *[""] * (len(ITEMS) - len(cells))]


def prepared(
    engine: DuckDB, path: Path, contract: str = "subsidy_item", *, sheet: str | None = None, watched: list[int] | None = None
) -> PreparedTable:
    """A file as it is prepared. `sheet`: the name it has in a workbook. `watched`: filled with what a watcher is told."""
    told: list[int] = [] if watched is None else watched
    with delivered(path, contract) as found:
        found.sheet = sheet
        return PreparedTable(engine, "s", found, recognise(found, contracts(), contract), told.append)


@contextmanager
def delivered(path: Path, contract: str = "subsidy_item") -> Iterator[Sheet]:
    (path.parent / "scratch").mkdir(exist_ok=True)
    sheets = open_delivered(path, Limits(), path.parent / "scratch", looks_like_header=header_score(contracts(), contract))
    yield next(sheets)


def decided(engine: DuckDB, table: PreparedTable) -> PreparedTable:
    """Decided against a lake that is empty."""
    of = table.stage.table
    table.decide({of.name: TableRef(of.name, (), dict(of.lake_columns()))})
    return table


def items(path: Path, *rows: Sequence[str], header: Sequence[str] = ITEMS, above: Sequence[str] = (), **how: str) -> Path:
    if not above:
        return write_csv(path, rows, header=header, **how)
    return write_csv(path, [header, *rows], header=[*above, *[""] * (len(header) - len(above))], **how)


def refused(engine: DuckDB, path: Path, contract: str = "subsidy_item") -> str | None:
    """The code by which preparing a file is refused; None where it is not."""
    try:
        prepared(engine, path, contract)
    except RefusedDelivery as refusal:
        return refusal.code
    return None


def test_every_row_of_a_table_is_accounted_for(engine: DuckDB, tmp_path: Path) -> None:
    header = [*ITEMS, "经办科室", "执行日期"]
    rows = [
        [*item(1), "社保科", ""],
        [*item(2, 是否普惠="x"), "社保科", ""],
        [*item(3, 发放周期="每旬"), "", ""],
        [*item(4, 发放周期=" 每周 "), "", ""],
        [*item(5, 发放周期="每旬"), "", ""],
        [*item(6), "", "", "多"],
        [*item(1), "社保科", ""],
        ["合计", "", "", "", "999", "", "", "", ""],
        ["审核人:李四", *[""] * 8],
    ]
    watched: list[int] = []
    table = prepared(engine, items(tmp_path / "a.csv", *rows, header=header), watched=watched)
    assert watched == [6]
    assert table.columns() == [
        *(ColumnMap(header=name, field=field) for name, field in zip(ITEMS, (
            "item", "title", "universal", "min_age", "monthly_standard", "period", "valid_from"), strict=True)),
        ColumnMap(header="经办科室", field=None), ColumnMap(header="执行日期", field=None),
    ]  # fmt: skip
    assert table.missing == ["beneficiary", "heirs", "valid_to"]
    assert table.units == [UnitUsed(field="monthly_standard", unit="元", source="contract")]
    assert table.left_out == [
        LeftOut(row=9, kind="footer_total", said="合计 999"),
        LeftOut(row=10, kind="footer_signature", said="审核人:李*"),
    ]
    assert table.notes == [
        Words(
            zh="同一项有几列:“标准执行日期”读的是“标准执行日期”,“执行日期”没有读取",
            en="several columns are one: Standard in force from was read from 标准执行日期, not from 执行日期",
        )
    ]
    decided(engine, table)
    assert table.notes[1:] == [
        Words(
            zh="文件内有 1 行重复(编号和内容都相同,如第 8 行),只入库一次",
            en="1 row(s) are repeated inside the file, number and content (row 8): they are kept once",
        )
    ]
    counted = account(engine, table.judgements)
    assert (counted.delivered, counted.accepted, counted.repaired, counted.set_aside, counted.duplicate) == (7, 2, 0, 5, 1)
    assert sorted((one.column or "", one.reason, one.row, one.count) for one in counted.reasons) == [
        ("", "column_count", 7, 1), ("period", "code_unknown", 4, 3), ("universal", "boolean_malformed", 3, 1),
    ]  # fmt: skip
    [unknown] = [one.spellings for one in counted.reasons if one.reason == "code_unknown"]
    assert unknown == [Spelling(written="每旬", count=2), Spelling(written="每周", count=1)]
    reasons = ["universal=boolean_malformed", *["period=code_unknown"] * 3, "column_count"]
    assert list(table.set_aside()) == [
        ReturnedRow(at, rows[at - 2], reason) for at, reason in zip(range(3, 8), reasons, strict=True)
    ]
    assert table.shape() == Shape("csv", header, "utf-8", ",", "", dict(zip((
        "item", "title", "universal", "min_age", "monthly_standard", "period", "valid_from"), ITEMS, strict=True)))  # fmt: skip
    assert table.remarks() == []
    assert [one.field for one in table.profile()] == list(table.shape().fields)
    [stated] = [one for one in table.expectations(7) if one.expectation == "statedTotal = sum"]
    assert (stated.field, stated.kept) == ("monthly_standard", False)


def test_the_reader_is_told_what_the_columns_hold(engine: DuckDB, tmp_path: Path) -> None:
    """A spreadsheet's number is a day, a month or an amount by the column it stands in."""
    header = ["标准执行日期", *ITEMS[:6], "经办科室"]
    with delivered(items(tmp_path / "a.csv", ["2021-01-01", *item(1)[:6], ""], header=header)) as sheet:
        PreparedTable(engine, "s", sheet, recognise(sheet, contracts(), "subsidy_item"), lambda _: None)
    told = (sheet.days, sheet.months, sheet.codes, sheet.amounts, sheet.figures, sheet.taken)
    assert [sorted(places) for places in told] == [[0], [], [1], [5], [4], [0, 1, 2, 3, 4, 5, 6]]


def test_a_file_goes_back_as_it_came(engine: DuckDB, tmp_path: Path) -> None:
    table = prepared(engine, items(tmp_path / "a.csv", item(1), sep=";", encoding="gb18030"), sheet="名册")
    assert (table.shape().encoding, table.shape().delimiter, table.shape().sheet) == ("gb18030", ";", "名册")


@pytest.mark.parametrize(("above", "standard", "source", "goes_back"), [
    ((), "月标准", "contract", "月标准"), ((), "月标准(元)", "header", "月标准(元)"),
    (("单位:元",), "月标准", "title", "月标准(元)"),
])  # fmt: skip
def test_a_unit_of_the_title_goes_back_with_the_header(
    above: tuple[str, ...], standard: str, source: str, goes_back: str, engine: DuckDB, tmp_path: Path
) -> None:
    header = [standard if name == "月标准" else name for name in ITEMS]
    table = prepared(engine, items(tmp_path / "a.csv", item(1), header=header, above=above))
    assert [(one.unit, one.source) for one in table.units] == [("元", source)]
    assert table.shape().header == [goes_back if name == "月标准" else name for name in ITEMS]


@pytest.mark.parametrize(("rows", "told"), [([], True), ([item(1)], False), ([["BT001", *[""] * 9]], False)])
def test_a_header_without_rows_is_told(rows: list[list[str]], told: bool, engine: DuckDB, tmp_path: Path) -> None:
    words = Words(zh="只有表头,没有数据行:没有任何内容入湖", en="a header and no rows: nothing came into the lake")
    assert prepared(engine, items(tmp_path / "a.csv", *rows)).notes == ([words] if told else [])


@pytest.mark.parametrize(("count", "told"), [(50, 50), (51, 50)])
def test_fifty_footers_and_unknown_codes_are_repeated(count: int, told: int, engine: DuckDB, tmp_path: Path) -> None:
    rows = [row for at in range(count) for row in (item(at, 发放周期=f"周期{at:02d}甲"), padded(f"第 {at + 1} 页"))]
    table = decided(engine, prepared(engine, items(tmp_path / "a.csv", *rows)))
    assert [one.row for one in table.left_out] == [3 + 2 * at for at in range(told)]
    more = Words(
        zh=f"不是数据的行共 {count} 行,这里列出前 50 行,其余见逐行清单",
        en=f"{count} rows are no data; the first 50 are listed, the account of rows has all",
    )
    assert table.notes == ([more] if count > told else [])
    [reason] = account(engine, table.judgements).reasons
    assert (reason.count, [one.count for one in reason.spellings]) == (count, [1] * told)


def test_what_titles_state_is_held_against_the_rows(engine: DuckDB, tmp_path: Path) -> None:
    rows = [item(1, 月标准="5"), item(2, 月标准="7"), padded("合计", "", "", "", "12")]
    table = decided(engine, prepared(engine, items(tmp_path / "a.csv", *rows, above=["补贴项目目录,共3条"])))
    measured = {one.expectation: one.kept for one in table.expectations(2)}
    assert (measured["statedTotal = sum"], measured["statedCount = rows"]) == (True, False)
    assert len(measured) > 2


def test_a_column_of_noughts_is_remarked_on(engine: DuckDB, tmp_path: Path) -> None:
    table = prepared(engine, items(tmp_path / "a.csv", *(item(at, 最低年龄="0") for at in range(50))))
    assert [(one.column, one.remark, one.count) for one in table.remarks()] == [("min_age", "all_zero", 50)]


SHORT = [*ITEMS[:3]]


@pytest.mark.parametrize(("again", "code"), [
    (SHORT, None), ([SHORT[1], SHORT[0], SHORT[2]], "header_again"), (["序号", *SHORT], "header_again"),
])  # fmt: skip
def test_a_header_among_the_rows_that_names_other_columns_refuses_the_table(
    again: list[str], code: str | None, engine: DuckDB, tmp_path: Path
) -> None:
    assert refused(engine, items(tmp_path / "a.csv", item(1)[:3], again, item(2)[:3], header=SHORT)) == code


@pytest.mark.parametrize(("row", "code"), [
    (padded("注:金额单位为万元"), "unit_contradictory"), (padded("注:金额单位为元"), None),
    (padded("BT002", "单位:万元"), "unit_contradictory"), (item(2, 补贴项目名称="单位:万元", 是否普惠="x"), None),
    (item(2, 补贴项目名称="单位:万元"), None), (item(2, 月标准="1.250,50"), "decimal_comma"),
])  # fmt: skip
def test_a_row_that_says_another_unit_or_sign_than_was_read_refuses_the_table(
    row: list[str], code: str | None, engine: DuckDB, tmp_path: Path
) -> None:
    """What stands in a full row is a fault of that row alone."""
    assert refused(engine, items(tmp_path / "a.csv", item(1), row)) == code


@pytest.mark.parametrize(("filled", "code"), [(3, "unit_contradictory"), (4, "unit_contradictory"), (5, None)])
def test_a_row_that_is_half_empty_and_fits_no_column_may_state_a_unit(
    filled: int, code: str | None, engine: DuckDB, tmp_path: Path
) -> None:
    cells = ["单位:万元", *["见说明"] * (filled - 2), *[""] * (8 - filled + 1), "多"]
    assert refused(engine, items(tmp_path / "a.csv", [*item(1), ""], cells, header=[*ITEMS, "经办科室"])) == code


def test_rows_above_the_header_refuse_the_table(engine: DuckDB, tmp_path: Path) -> None:
    assert refused(engine, items(tmp_path / "a.csv", item(2), above=item(1))) == "rows_above"
    assert refused(engine, items(tmp_path / "b.csv", item(2), above=["补贴项目目录"])) is None


@pytest.mark.parametrize(("column", "said", "other", "code"), [
    ("金额单位", "万元", {}, "unit_contradictory"),
    ("金额单位", "万元", {"是否普惠": "x"}, "unit_contradictory"),
    ("金额单位", "元", {}, None),
    ("金额单位", "", {}, None),
    ("币种", "美元", {}, "unit_foreign"),
    ("说明", "万元", {}, None),
])  # fmt: skip
def test_a_column_of_units_says_what_the_table_is_read_in(
    column: str, said: str, other: dict[str, str], code: str | None, engine: DuckDB, tmp_path: Path
) -> None:
    rows = [[*item(1), "元"], [*item(2, **other), said]]
    assert refused(engine, items(tmp_path / "a.csv", *rows, header=[*ITEMS, column])) == code


def test_accounts_that_lost_their_end_refuse_the_table(engine: DuckDB, tmp_path: Path) -> None:
    lost = [payment(at, 银行账号=f"62170000000{at:04d}0000") for at in range(10)]
    assert refused(engine, write_csv(tmp_path / "a.csv", lost), "subsidy_payment") == "digits_lost"
    assert refused(engine, write_csv(tmp_path / "b.csv", lost[:9]), "subsidy_payment") is None


def test_an_amount_cut_at_its_comma_is_told_where_commas_part_the_cells(engine: DuckDB, tmp_path: Path) -> None:
    header = ["补贴项目编码", "是否普惠", "月标准", "补贴项目名称", "标准执行日期"]
    rows = [["BT001", "否", "1", "200.00", "2021-01-01"]]
    table = decided(engine, prepared(engine, items(tmp_path / "a.csv", *rows, header=header)))
    assert [row.reasons for row in table.set_aside()] == ["monthly_standard=split_amount"]


@pytest.mark.parametrize(("month", "told"), [("2024年5月", True), ("2021年3月", False)])
def test_a_month_that_no_row_has_is_told(month: str, told: bool, engine: DuckDB, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, payment(1)], header=[f"{month}补贴发放表", *[""] * (len(HEADER) - 1)])
    assert [note.zh.split(",")[0] for note in prepared(engine, path, "subsidy_payment").notes] == ["标题写的是 2024-05"] * told


def test_rows_that_were_sent_back_are_known_by_their_numbers(tmp_path: Path) -> None:
    """The first file has nothing sound. Of what comes again one row still has no number, and one has that of another."""
    site = Site(tmp_path, Keyring.fresh())
    unnumbered = [payment(at, 流水号="") for at in (1, 2, 3, 4)]
    [first] = site.receive(write_csv(tmp_path / "a.csv", unnumbered))
    assert (first.set_aside, first.accepted, first.mendings, first.unkeyed) == (4, 0, [], 4)
    assert len(site.rows("subsidy_payment__set_aside")) == 4
    header = [*HEADER, "原行号", "退回原因"]
    mended = [payment(1), payment(2, 流水号=""), payment(3), payment(4, 流水号="P00003")]
    rows = [[*cells, str(at), "流水号为空"] for at, cells in enumerate(mended, start=2)]
    [second] = site.receive(write_csv(tmp_path / f"{first.delivery:08d}-a.csv", rows, header=header))
    assert (second.accepted, second.set_aside) == (2, 2)
    assert second.mendings == [Mending(delivery=1, mended="2,4", again="3,5", unread=4)]
    assert [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id, _delivery, _row")] == ["P00001", "P00003"]
    [third] = site.receive(write_csv(tmp_path / f"{first.delivery:08d}-b.csv", [payment(5)]))
    assert (third.accepted, third.mendings) == (1, []), "nothing says which row it was"
    site.close()
