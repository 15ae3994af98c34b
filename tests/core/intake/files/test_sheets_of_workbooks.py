"""The sheets of .xlsx and .xls as their reader opens them: which there are, their rows, what is told, what goes back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlrd
import xlsxwriter
import xlwt
from tests.core.intake.files.test_readers_workbook import sheet_xml
from tests.core.intake.reading import read, rewrite_zip
from tests.core.intake.receiving import Site

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.files.readers.workbook import HIDDEN, open_sheets
from xiezhi.intake.sheets.guide_sheet import HEADS, NAMES
from xiezhi.intake.sheets.heading import KnownNames
from xiezhi.intake.sheets.sheet import COLUMNS, BrokenRow, Limits, Part, RefusedSheet, Sheet
from xiezhi.intake.workbooks.old_workbook import UNSEEN
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

HEADER = ["流水号", "姓名", "村", "补贴金额"]
ROWS = [["P1", "张三", "甲村", "100"], ["P2", "李四", "乙村", "200"], ["P3", "王五", "丙村", "300"]]
NOTE = Words(zh="原有", en="told before")


def book(path: Path, table: Sequence[Sequence[object]], change: Callable[[Any, Any], object] = lambda *_: None, top: int = 0,
         left: int = 0) -> Path:  # fmt: skip
    """A table in a sheet from this cell on, then `change(page, book)`."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
        page = made.add_worksheet("明细")
        for number, cells in enumerate(table):
            page.write_row(top + number, left, cells)
        change(page, made)
    return path


def old_book(path: Path, table: Sequence[Sequence[Any]], change: Callable[[Any], object] = lambda _: None, top: int = 0,
             left: int = 0) -> Path:  # fmt: skip
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("明细", cell_overwrite_ok=True)
    for number, cells in enumerate(table):
        for place, cell in enumerate(cells):
            page.write(top + number, left + place, cell)
    change(page)
    made.save(str(path))
    return path


@pytest.mark.parametrize("rows", [[], [["备用"]]])
@pytest.mark.parametrize(("make", "ending"), [(book, "xlsx"), (old_book, "xls")])
def test_a_workbook_without_a_table_is_refused_by_its_name(
    make: Callable[..., Path], ending: str, rows: list[list[str]], site: Site, tmp_path: Path
) -> None:
    """It was passed over: no receipt, nothing in the ledger, and its sender thought it received."""
    [receipt] = site.receive(make(tmp_path / f"空.{ending}", rows))
    assert receipt.refusal
    assert (receipt.file, receipt.refusal.code) == (f"空.{ending}", "no_table")


def opened(
    path: Path, kind: str = "xlsx", limits: Limits | None = None, notes: tuple[Words, ...] = ()
) -> list[Sheet | RefusedDelivery]:
    """All that the reader gives of a workbook; nothing stays behind in its scratch space."""
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    found = list(open_sheets(Part(path, None, path, notes), kind, limits or Limits(), scratch, None))
    assert list(scratch.iterdir()) == []
    return found


def only(path: Path, kind: str = "xlsx") -> Sheet:
    [sheet] = opened(path, kind)
    assert isinstance(sheet, Sheet)
    assert (sheet.format, sheet.sheet, sheet.file) == (kind, "明细", path)
    return sheet


def rows(sheet: Sheet, batch_rows: int = 1000) -> list[tuple[object, ...]]:
    """Every row with its number in front."""
    batches = [batch.to_pydict() for batch in sheet.batches(batch_rows)]
    return [(number, *cells) for one in batches for *cells, number in zip(*one.values(), strict=True)]


def numbered(table: Sequence[Sequence[str]], first: int = 2) -> list[tuple[object, ...]]:
    return [(number, *cells) for number, cells in enumerate(table, start=first)]


def refused(path: Path, kind: str = "xlsx", limits: Limits | None = None) -> tuple[str, str]:
    """The refusal of the whole workbook."""
    with pytest.raises(RefusedDelivery) as found:
        opened(path, kind, limits)
    assert not isinstance(found.value, RefusedSheet)
    return found.value.code, found.value.zh


Make = Callable[..., Path]


@pytest.mark.parametrize(("make", "kind", "batch_rows"), [(book, "xlsx", 2), (old_book, "xls", 1000)])
def test_rows_are_numbered_as_the_sheet_numbers_them(make: Make, kind: str, batch_rows: int, tmp_path: Path) -> None:
    """Below two empty rows, right of an empty column."""
    sheet = only(make(tmp_path / f"a.{kind}", [["发放表"], HEADER, *ROWS], top=2, left=1), kind)
    assert (sheet.header, sheet.header_row, sheet.notes) == (HEADER, 4, [])
    assert (sheet.height or 0) <= len(ROWS)
    assert rows(sheet, batch_rows) == numbered(ROWS, 5)
    assert (list(sheet.broken), sheet.blank_rows) == ([], 0)


def test_reading_stops_behind_the_batch_that_reaches_so_many_rows(tmp_path: Path) -> None:
    sheet = only(book(tmp_path / "a.xlsx", [HEADER, *ROWS]))
    sheet.most_rows = 2
    assert rows(sheet, 2) == numbered(ROWS[:2])


@pytest.mark.parametrize(("make", "kind"), [(book, "xlsx"), (old_book, "xls")])
def test_a_header_without_rows_is_a_table_and_a_word_alone_is_none(make: Make, kind: str, tmp_path: Path) -> None:
    """Whoever sends an empty form hears so; an empty sheet with a word in its corner was never meant."""
    [sheet] = opened(make(tmp_path / f"a.{kind}", [HEADER]), kind)
    assert isinstance(sheet, Sheet)
    assert (sheet.header, sheet.header_row, sheet.height, rows(sheet)) == (HEADER, 1, 0, [])
    assert opened(make(tmp_path / f"b.{kind}", [["说明"]]), kind) == []


def test_a_row_of_choices_for_other_cells_is_no_header(tmp_path: Path) -> None:
    """Where the contracts' names are known; a sheet of a known header alone is told."""
    known = KnownNames.of(HEADER)
    path = book(tmp_path / "a.xlsx", [["男", "女", "未知"]])
    assert list(open_sheets(Part(path, None, path), "xlsx", Limits(), tmp_path, known)) == []
    path = book(tmp_path / "b.xlsx", [HEADER])
    assert len(list(open_sheets(Part(path, None, path), "xlsx", Limits(), tmp_path, known))) == 1


def test_how_high_a_sheet_is_says_how_many_rows_it_may_give(tmp_path: Path) -> None:
    assert only(book(tmp_path / "a.xlsx", [HEADER, *ROWS])).height == 3
    assert only(book(tmp_path / "b.xlsx", [HEADER, *ROWS], top=2)).height == 3


def test_a_table_of_one_row_is_read(tmp_path: Path) -> None:
    assert rows(only(book(tmp_path / "a.xlsx", [HEADER, ROWS[0]]))) == numbered(ROWS[:1])


def test_every_kind_of_cell_is_a_text_as_a_person_sees_it(tmp_path: Path) -> None:
    def change(page: Any, made: Any) -> None:
        for column, (code, number) in enumerate((("hh:mm", 0.5), ("[h]:mm:ss", 1.5)), start=9):
            page.write_number(1, column, number, made.add_format({"num_format": code}))

    cells = [" 张三 ", 12.0, 12, -0.5, True, False, date(2025, 1, 15), datetime(2025, 1, 15), datetime(2025, 1, 15, 8, 0, 1)]
    shown = (" 张三 ", "12", "12", "-0.5", "TRUE", "FALSE", "2025-01-15", "2025-01-15", "2025-01-15 08:00:01")
    sheet = only(book(tmp_path / "a.xlsx", [[f"列{name}" for name in "甲乙丙丁戊己庚辛壬癸子丑"], cells, ["x"] * 12], change))
    assert rows(sheet) == [(2, *shown, "12:00:00", "1 day, 12:00:00", ""), (3, *["x"] * 12)]


def test_a_moment_at_midnight_is_a_day(tmp_path: Path) -> None:
    """However the cell is shown."""

    def change(page: Any, made: Any) -> None:
        page.write_datetime(1, 3, datetime(2025, 1, 15), made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}))

    assert rows(only(book(tmp_path / "a.xlsx", [HEADER, ROWS[0]], change))) == [(2, "P1", "张三", "甲村", "2025-01-15")]


def test_dates_among_codes_are_marked_and_nowhere_else(tmp_path: Path) -> None:
    day = date(2025, 1, 2)
    sheet = only(book(tmp_path / "a.xlsx", [HEADER, [day, "2025-01-02", day, 7], ["1-2", day, "甲村", 8]]))
    sheet.codes = frozenset({0, 1})
    assert rows(sheet) == [
        (2, "2025-01-02(日期)", "2025-01-02", "2025-01-02", "7"),
        (3, "1-2", "2025-01-02(日期)", "甲村", "8"),
    ]


@pytest.mark.parametrize(("from_1904", "day", "month"), [(False, "45000", "45000"), (True, "46462", "46462")])
def test_numbers_among_days_and_months_are_what_they_stand_for(from_1904: bool, day: str, month: str, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": from_1904}) as made:
        page = made.add_worksheet("明细")
        for number, cells in enumerate(
            (["日期", "月份", "其他"], [45000, 45000, 45000], [2024.1, 2024.1, 2024.1], ["无", 2024, ""])
        ):
            page.write_row(number, 0, cells)
    sheet = only(tmp_path / "a.xlsx")
    sheet.days, sheet.months = frozenset({0}), frozenset({1})
    early = "3486.1" if from_1904 else "2024.1"
    assert rows(sheet) == [(2, day, month, "45000"), (3, early, "2024.1(数值)", "2024.1"), (4, "无", "2024", "")]


SPILT = [[*ROWS[0], "", "多"], [*ROWS[1], "", ""], [*ROWS[2], " "], ["P4", "赵六", "丁村", "400", "多", "多"]]


def test_rows_that_reach_right_of_the_last_name_do_not_fit(tmp_path: Path) -> None:
    sheet = only(book(tmp_path / "a.xlsx", [HEADER, *SPILT]))
    assert rows(sheet) == numbered([ROWS[1], ROWS[2]], 3)
    assert list(sheet.broken) == [
        BrokenRow(2, "P1\t张三\t甲村\t100\t\t多", "column_count", ("P1", "张三", "甲村", "100", "", "多")),
        BrokenRow(5, "P4\t赵六\t丁村\t400\t多\t多", "column_count", ("P4", "赵六", "丁村", "400", "多", "多")),
    ]


def test_a_table_of_which_no_row_fits_has_none(tmp_path: Path) -> None:
    sheet = only(book(tmp_path / "a.xlsx", [HEADER, SPILT[0], SPILT[3]]))
    assert (rows(sheet), [one.row for one in sheet.broken]) == ([], [2, 3])


def merging(*cells: tuple[int, int, int, int, str], under: Sequence[tuple[int, int, str]] = ()) -> Callable[[Any, Any], None]:
    """Merges cells (first row and column, last row and column, text) and leaves texts under them."""

    def change(page: Any, _: Any) -> None:
        for *corners, text in cells:
            page.merge_range(*corners, text)
        for row, column, text in under:
            page.write_string(row, column, text)

    return change


VILLAGES = [
    HEADER,
    ["P1", "张三", "甲村", "100"],
    ["P2", "李四", "", "200"],
    ["P3", "王五", "", "300"],
    ["P4", "赵六", "", "400"],
]


@pytest.mark.parametrize(("batch_rows", "left"), [(1000, 0), (2, 1)])
def test_what_a_merged_cell_shows_is_said_of_each_row_beside_it(batch_rows: int, left: int, tmp_path: Path) -> None:
    """Not of a subtotal, which stays one, nor of a row below."""
    table = [*VILLAGES[:3], ["小计", "", "", "300"], *VILLAGES[3:]]
    change = merging((1, 2 + left, 4, 2 + left, "甲村"))
    sheet = only(book(tmp_path / "a.xlsx", table, change, left=left))
    assert rows(sheet, batch_rows) == [
        (2, "P1", "张三", "甲村", "100"),
        (3, "P2", "李四", "甲村", "200"),
        (5, "P3", "王五", "甲村", "300"),
        (6, "P4", "赵六", "", "400"),
    ]
    assert [(footer.row, footer.kind) for footer in sheet.footers] == [(4, "footer_total")]
    assert list(sheet.broken) == []


def test_an_own_value_stands_and_no_number_is_repeated(tmp_path: Path) -> None:
    table = [["流水号", "村", "人数"], ["P1", "甲村", "3"], ["P2", "甲村 ", ""], ["P3", "", ""], ["P4", "", "5"]]
    change = merging((1, 1, 4, 1, "甲村"), (1, 2, 2, 2, "3"), under=[(2, 1, "甲村 ")])
    sheet = only(book(tmp_path / "a.xlsx", table, change))
    sheet.figures = frozenset({2})
    assert rows(sheet) == [(4, "P3", "甲村", ""), (5, "P4", "甲村", "5")]
    assert [(one.row, one.reason) for one in sheet.broken] == [(2, "merged_amount"), (3, "merged_amount")]


def test_a_value_that_a_merged_cell_hides_sets_its_row_aside(tmp_path: Path) -> None:
    """In the last of its rows, too."""
    change = merging((1, 2, 4, 2, "甲村"), under=[(2, 2, "乙村"), (3, 2, "甲村"), (4, 2, "丙村")])
    sheet = only(book(tmp_path / "a.xlsx", VILLAGES, change))
    assert rows(sheet) == [(2, "P1", "张三", "甲村", "100"), (4, "P3", "王五", "甲村", "300")]
    assert list(sheet.broken) == [
        BrokenRow(3, "P2\t李四\t乙村\t200", "under_merged", ("P2", "李四", "乙村", "200")),
        BrokenRow(5, "P4\t赵六\t丙村\t400", "under_merged", ("P4", "赵六", "丙村", "400")),
    ]


@pytest.mark.parametrize("batch_rows", [1, 1000])
def test_an_amount_of_several_rows_is_nobodys(batch_rows: int, tmp_path: Path) -> None:
    table = [
        HEADER,
        ["P1", "张三", "甲村", "900"],
        ["P2", "李四", "乙村", ""],
        ["P3", "王五", "丙村", "300"],
        ["P4", "", "丁村", "400"],
    ]
    change = merging((1, 3, 2, 3, "900"), (3, 1, 4, 1, "王五"))
    sheet = only(book(tmp_path / "a.xlsx", table, change))
    sheet.amounts = frozenset({3})
    assert rows(sheet, batch_rows) == [(4, "P3", "王五", "丙村", "300"), (5, "P4", "王五", "丁村", "400")]
    assert list(sheet.broken) == [
        BrokenRow(2, "P1\t张三\t甲村\t900", "merged_amount", ("P1", "张三", "甲村", "900")),
        BrokenRow(3, "P2\t李四\t乙村\t", "merged_amount", ("P2", "李四", "乙村", "")),
    ]


def test_merged_cells_right_of_the_table_do_no_harm(tmp_path: Path) -> None:
    sheet = only(book(tmp_path / "a.xlsx", [HEADER, *ROWS], merging((1, 4, 3, 4, ""), (1, 7, 2, 9, ""))))
    assert (rows(sheet), list(sheet.broken)) == (numbered(ROWS), [])


def test_a_value_under_a_merged_cell_above_the_rows_is_told_with_its_row(tmp_path: Path) -> None:
    change = merging((1, 2, 1, 3, "补贴金额"), under=[(1, 3, "已退金额")])
    sheet = only(book(tmp_path / "a.xlsx", [["发放表"], HEADER, *ROWS], change))
    assert len(rows(sheet)) == 3
    assert [(note.zh, note.en) for note in sheet.notes] == [(
        "标题或表头第 2 行的合并单元格下面还有另一个值,表上看不见,请核对各列的列名",
        "under a merged cell of row 2, a title or header, lies another value that nobody sees: check the columns' names",
    )]  # fmt: skip


def test_sheets_without_a_table_are_passed_over_and_each_is_told_by_its_name(tmp_path: Path) -> None:
    """Charts, empty sheets, the explanations of a template; a sheet without a header is refused alone."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        tables: dict[str, list[Sequence[object]]] = {
            "空": [],
            NAMES["zh"]: [HEADS["zh"], ["姓名", "是"]],
            "明细": [HEADER, *ROWS],
            "数": [[1, 2], [3, 4]],
            "稀": [["姓名", "", "金额"], ["张三", "", ""], ["", "", "5"]],
        }
        for name, table in tables.items():
            page = made.add_worksheet(name)
            for number, cells in enumerate(table):
                page.write_row(number, 0, cells)
        made.add_chartsheet("图")
        made.get_worksheet_by_name("稀").hide()
    found = opened(tmp_path / "a.xlsx", notes=(NOTE,))
    assert [one.sheet for one in found if isinstance(one, Sheet)] == ["明细", "稀"]
    assert [one.notes for one in found if isinstance(one, Sheet)] == [[NOTE], [NOTE, HIDDEN]]
    assert [(one.sheet, one.code) for one in found if isinstance(one, RefusedSheet)] == [
        ("数", "no_header"),
    ]


@pytest.mark.parametrize(("blank", "codes"), [(59, []), (60, []), (61, ["no_header"])])
def test_sheets_of_blanks_are_passed_over_but_not_where_more_follows(blank: int, codes: list[str], tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["x", "y"]] * blank)
    rewrite_zip(path, tmp_path / "b.xlsx", {"xl/sharedStrings.xml": b"<sst><si><t></t></si><si><t></t></si></sst>"})
    assert [one.code for one in opened(tmp_path / "b.xlsx") if isinstance(one, RefusedDelivery)] == codes


def test_a_row_that_stands_twice_refuses_its_sheet_alone(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, *ROWS], lambda _, made: made.add_worksheet("续表").write_row(0, 0, ["姓名"]))
    twice = sheet_xml(path).replace('<row r="4"', '<row r="3"')
    rewrite_zip(path, tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": twice.encode()})
    first = opened(tmp_path / "b.xlsx")[0]
    assert isinstance(first, RefusedSheet)
    assert (first.code, first.zh) == ("row_twice", "工作表已损坏:第 3 行出现了两次,只读其中一次会丢数据")
    assert (first.file, first.sheet, first.place and first.place.row) == (tmp_path / "b.xlsx", "明细", 3)


def test_what_is_marked_in_a_sheet_is_told_with_what_was_told_before(tmp_path: Path) -> None:
    """Hidden columns count up to the sheet's last, which need not begin with the first."""
    path = book(tmp_path / "a.xlsx", [HEADER, *ROWS], lambda page, _: page.set_column(3, 99, None, None, {"hidden": 1}), left=1)
    [sheet] = opened(path, notes=(NOTE,))
    assert isinstance(sheet, Sheet)
    assert [note.zh.partition(":")[0] for note in sheet.notes] == ["原有", "表中有隐藏的 2 列"]


def test_errors_and_formats_of_an_xlsx_are_read_as_shown(tmp_path: Path) -> None:
    def change(page: Any, made: Any) -> None:
        page.write_number(1, 0, 42, made.add_format({"num_format": "000000"}))
        page.write_formula(2, 3, "=1/0", None, "#DIV/0!")

    assert rows(only(book(tmp_path / "a.xlsx", [HEADER, *ROWS], change))) == [
        (2, "000042", "张三", "甲村", "100"),
        (3, "P2", "李四", "乙村", "#DIV/0!"),
        (4, "P3", "王五", "丙村", "300"),
    ]


@pytest.mark.parametrize("left", [0, 1])
def test_errors_and_formats_of_an_xls_are_read_as_shown(left: int, tmp_path: Path) -> None:
    def change(page: Any) -> None:
        page.write(1, left, 42, xlwt.easyxf(num_format_str="000000"))
        page.row(2).set_cell_error(3 + left, 0x07)
        page.write(3, 1 + left, "王五", xlwt.easyxf("font: struck_out on"))

    sheet = only(old_book(tmp_path / "a.xls", [HEADER, *ROWS], change, left=left), "xls")
    assert [note.zh.partition(":")[0] for note in sheet.notes] == ["表中有带删除线的 1 个单元格"]
    assert rows(sheet) == [
        (2, "000042", "张三", "甲村", "100"),
        (3, "P2", "李四", "乙村", "#DIV/0!"),
        (4, "P3", "王五", "丙村", "300"),
    ]


def test_an_xls_of_which_formats_cannot_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: Any) -> None:
        raise xlrd.XLRDError

    monkeypatch.setattr(xlrd, "open_workbook", fails)
    sheet = only(old_book(tmp_path / "a.xls", [HEADER, *ROWS]), "xls")
    assert (sheet.notes, rows(sheet)) == ([UNSEEN], numbered(ROWS))


@pytest.mark.parametrize(("make", "kind", "name"), [
    *((book, "xlsx", name) for name in ("a.XLSM", "a.xls", "a.dat")),
    *((old_book, "xls", name) for name in ("a.XLS", "a.xlsx", "a.et")),
])  # fmt: skip
def test_a_workbook_is_what_it_holds_whatever_its_name_says(make: Make, kind: str, name: str, tmp_path: Path) -> None:
    made = make(tmp_path / f"made.{kind}", [HEADER, *ROWS]).rename(tmp_path / name)
    assert rows(only(made, kind)) == numbered(ROWS)


def test_an_xls_is_as_large_as_allowed(tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls", [HEADER, *ROWS])
    size = path.stat().st_size
    assert len(opened(path, "xls", Limits(max_workbook_bytes=size))) == 1
    assert refused(path, "xls", Limits(max_workbook_bytes=size - 1)) == ("workbook_size", f"工作簿过大:{size} bytes")


def test_an_xlsx_is_looked_through_before_it_is_opened(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, *ROWS])
    assert refused(path, limits=Limits(max_workbook_cells=15)) == ("workbook_size", "工作簿过大:4 x 4 cells")


def test_a_password_is_told_as_one_and_damage_as_damage(tmp_path: Path) -> None:
    """The record behind the first, FILEPASS, says that those behind it are encrypted."""
    whole = old_book(tmp_path / "a.xls", [HEADER, *ROWS]).read_bytes()
    assert whole[512:516] == b"\x09\x08\x10\x00"
    (tmp_path / "b.xls").write_bytes(whole[:532] + b"\x2f\x00" + whole[534:])
    assert refused(tmp_path / "b.xls", "xls") == ("encrypted", "文件已加密")
    (tmp_path / "c.xls").write_bytes(whole[:1500])
    assert refused(tmp_path / "c.xls", "xls")[0] == "workbook_damaged"
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    assert refused(tmp_path / "d.xlsx")[0] == "workbook_damaged"


def test_a_number_under_a_merged_cell_is_nobodys_alone(tmp_path: Path) -> None:
    """25 over two rows was read twice: what a column holds was not said to the process that reads it."""
    header = ["采购单号", "学校名称", "供应商统一社会信用代码", "采购日期", "食材名称", "单价", "数量"]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        page = made.add_worksheet()
        page.write_row(0, 0, header)
        for row in (1, 2, 3):
            page.write_row(row, 0, [f"C{row}", "柳河小学", "919901000000000197", "2026-03-02", "大米", 5])
        page.merge_range(1, 6, 2, 6, 25)
        page.write_number(3, 6, 10)
    site = Site(tmp_path, Keyring.fresh())
    [receipt] = site.receive(tmp_path / "a.xlsx", contract="canteen_purchase")
    kept = site.rows("canteen_purchase", "purchase_id, quantity")
    site.close()
    assert [(one.reason, one.count) for one in receipt.reasons] == [("merged_amount", 2)]
    assert kept == [{"purchase_id": "C3", "quantity": 10}]


def test_all_that_is_said_of_columns_reaches_the_reader(tmp_path: Path) -> None:
    for sheet in read(book(tmp_path / "a.xlsx", [HEADER, *ROWS]), tmp_path).sheets:
        assert {name for name, value in vars(sheet).items() if isinstance(value, frozenset)} == set(COLUMNS)
