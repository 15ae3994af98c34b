"""What other tools and tired clerks write: read as meant, or gone back, never taken for something else."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.core.intake.pages.test_html_pages import page
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv
from tests.core.intake.stated.test_receive_units import book
from tests.core.intake.workbooks.test_old_workbooks import old_book

from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.receipts.receipt import Receipt

AMOUNT, MONTH = HEADER.index("补贴金额"), HEADER.index("所属月份")


def amounts(site: Site) -> list[int]:
    return [row["amount"] for row in site.rows("subsidy_payment", "amount, _delivery, _row")]


def reasons(receipt: Receipt) -> list[tuple[str | None, str, int]]:
    return [(one.column, one.reason, one.count) for one in receipt.reasons]


def said(receipt: Receipt) -> str:
    return "".join(one.zh for one in receipt.notes)


@pytest.mark.parametrize(("title", "fen"), [
    ("单 位 : 万 元", 1_000_000),
    ("单 位：千 元", 100_000),
    ("金 额 单 位 : 万 元", 1_000_000),
    ("计 量 单 位：千元", 100_000),
    ("( 单 位 : 万元 )", 1_000_000),
    ("单  位：  万  元", 1_000_000),
    ("惠农补贴发放表    万 元", 1_000_000),
    ("填报单位：县民政局  单 位：万 元  制表：张三", 1_000_000),
    ("填 报 单 位：县民政局", 100),
])  # fmt: skip
def test_a_unit_set_with_blanks_is_the_unit(title: str, fen: int, site: Site, tmp_path: Path) -> None:
    site.receive(book(tmp_path / "a.xlsx", [[title]], [payment(1, 补贴金额="5")]))
    assert amounts(site) == [5 * fen]


@pytest.mark.parametrize("name", ["发放表 万 元.csv", "发放表(万 元).csv"])
def test_so_is_one_in_the_name_of_the_file(name: str, site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / name, [payment(1, 补贴金额="5")]))
    assert amounts(site) == [5_000_000]


@pytest.mark.parametrize("header", ["补贴金额(元)/亩", "补贴金额(元)/公斤", "补贴金额/亩(元)", "补贴金额(元)/年"])
def test_a_rate_behind_brackets_is_a_rate(header: str, site: Site, tmp_path: Path) -> None:
    """元/亩 in brackets was refused; behind them, half of it went unread, and a rate was taken for the sum."""
    named = [*HEADER[:AMOUNT], header, *HEADER[AMOUNT + 1 :]]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1)], header=named))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "unit_unfit"


def test_what_an_amount_is_for_may_be_its_own_row(site: Site, tmp_path: Path) -> None:
    named = [*HEADER[:AMOUNT], "补贴金额(元)/人", *HEADER[AMOUNT + 1 :]]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1, 补贴金额="5")], header=named))
    assert (receipt.refused, amounts(site)) == (False, [500])


def test_a_month_without_its_nought_among_others_with_it_goes_back(site: Site, tmp_path: Path) -> None:
    months = ["2024.01", "2024.09", "2024.1", "2024.11", "2023.1"]
    rows = [payment(at, 所属月份=month) for at, month in enumerate(months, start=1)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert reasons(receipt) == [("benefit_month", "month_ambiguous", 2)]
    assert [row["benefit_month"] for row in site.rows("subsidy_payment", "benefit_month, _delivery, _row")] == [
        date(2024, 1, 1), date(2024, 9, 1), date(2024, 11, 1),
    ]  # fmt: skip


def test_where_no_month_has_one_it_is_january(site: Site, tmp_path: Path) -> None:
    rows = [payment(at, 所属月份=month) for at, month in enumerate(["2024.1", "2024.9", "2024.11"], start=1)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.set_aside, site.rows("subsidy_payment", "benefit_month")[0]["benefit_month"]) == (0, date(2024, 1, 1))


@pytest.mark.parametrize("hidden", [
    '<span style="display:none">00000100</span>100.00',
    "100.00<font hidden>77</font>",
    '<b><i style="visibility: hidden">9<br>9</i>100.00</b>',
    '<span style="display:none"><b>1</b>2</span>100.00',
])  # fmt: skip
def test_what_a_page_does_not_show_within_a_cell_is_not_read(hidden: str, site: Site, tmp_path: Path) -> None:
    """A sort key before the amount made 100100 of 100."""
    [receipt] = site.receive(page(tmp_path / "a.xls", [HEADER, payment(1, 补贴金额=hidden), payment(2, 补贴金额="7")]))
    assert (receipt.set_aside, amounts(site)) == (0, [10_000, 700])


def rich(path: Path, *parts: Any) -> Path:
    """A workbook of two payments; the amount of the first is written in these parts, formats before texts."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        styles = {"struck": made.add_format({"font_strikeout": True}), "bold": made.add_format({"bold": True})}
        for number, cells in enumerate([HEADER, payment(1), payment(2, 补贴金额="7")]):
            sheet.write_row(number, 0, cells)
        sheet.write_rich_string(1, AMOUNT, *(styles.get(part, part) for part in parts))
    return path


def test_what_is_struck_out_within_a_cell_is_no_part_of_the_number(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(rich(tmp_path / "a.xlsx", "struck", "900", "bold", "100"))
    assert reasons(receipt) == [("amount", "amount_malformed", 1)]
    assert amounts(site) == [700]


def test_a_cell_in_two_colours_is_one_number(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(rich(tmp_path / "a.xlsx", "bold", "9", "bold", "00"))
    assert (receipt.set_aside, amounts(site)) == (0, [90_000, 700])


NULLS = ["\\N", "(null)", "<null>", "[NULL]", "NaN", "None", "<NA>", "NaT", "nil", "(无)"]


@pytest.mark.parametrize("null", NULLS)
def test_the_nulls_of_databases_are_nothing(null: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(
        write_csv(tmp_path / "a.csv", [payment(1, 补贴项目编码=null), payment(2, 收款人姓名=null, 村代码=null)])
    )
    assert reasons(receipt) == [("item", "required_empty", 1)]
    [row] = site.rows("subsidy_payment", "payee_name, payee_agrees, village")
    assert (row["payee_name"], row["village"]) == (None, None)
    assert row["payee_agrees"] != "different"


@pytest.mark.parametrize("mark", ["″", "〃", '"', "〞", "同左", "如上", "合计", "小计"])
def test_nobody_is_called_as_above(mark: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 姓名=mark), payment(3, 收款人姓名=mark)]))
    assert [(column, count) for column, _, count in reasons(receipt)] == [("name", 1)]
    assert [row["payee_agrees"] for row in site.rows("subsidy_payment", "payee_agrees, _row")][1] != "different"


def test_a_key_that_became_a_decimal_is_the_same_key(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1, 流水号="20240001")]))
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", [payment(1, 流水号="20240001.0"), payment(2, 流水号="20240002.00")]))
    assert receipt.duplicate == 1
    assert [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")] == ["20240001", "20240002"]


def test_a_key_of_several_numbers_stays_as_it_is(site: Site, tmp_path: Path) -> None:
    keys = ["1.0.0", "A1.0", "3.10"]
    site.receive(write_csv(tmp_path / "a.csv", [payment(at, 流水号=key) for at, key in enumerate(keys, start=1)]))
    assert [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")] == keys


@pytest.mark.parametrize("cell", ["100美元", "十元", "5万港币"])
def test_a_foreign_amount_in_a_row_is_that_rows_fault(cell: str, site: Site, tmp_path: Path) -> None:
    rows = [payment(at, 补贴金额=cell if at == 3 else "7") for at in range(1, 7)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.refused, reasons(receipt)) == (False, [("amount", "amount_malformed", 1)])
    assert amounts(site) == [700] * 5


def test_a_foot_that_speaks_of_another_unit_refuses_the_file_still(site: Site, tmp_path: Path) -> None:
    foot = ["注:金额单位为万元", *[""] * (len(HEADER) - 1)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2), foot]))
    assert receipt.refused


@pytest.mark.parametrize(("column", "cell"), [("单位", "元氏县民政局"), ("单位", "县财政局"), ("币种", "156"), ("币种", "CNY")])
def test_an_office_is_no_unit_and_a_number_may_be_a_currency(column: str, cell: str, site: Site, tmp_path: Path) -> None:
    rows = [[*payment(at), cell] for at in (1, 2)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=[*HEADER, column]))
    assert (receipt.refused, receipt.accepted) == (False, 2)


@pytest.mark.parametrize(("code", "aside"), [
    ('0.00"W"', 1), ('0.00"w"', 1), ('0.0"k"', 1), ('0"角"', 1), ('0.00"分"', 1),
    ("0.00_ ", 0), ("[Black]0.00", 0), ("[White]0", 0),
])  # fmt: skip
def test_an_amount_shown_in_small_or_in_letters_is_not_guessed(code: str, aside: int, site: Site, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, payment(1))
        sheet.write_row(2, 0, payment(2))
        sheet.write_number(1, AMOUNT, 120, made.add_format({"num_format": code}))
    [receipt] = site.receive(tmp_path / "a.xlsx")
    assert receipt.set_aside == aside


def merged(path: Path, rows: int, under: Sequence[str] = ()) -> Path:
    """Four payments, the amounts of the first `rows` in one merged cell; `under`: what is left below its first row."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        for number, cells in enumerate([HEADER, *(payment(at, 补贴金额="7") for at in range(1, 5))]):
            sheet.write_row(number, 0, cells)
        sheet.merge_range(1, AMOUNT, rows, AMOUNT, "900")
        for number, text in enumerate(under or [""] * (rows - 1), start=2):
            sheet.write_string(number, AMOUNT, text, made.add_format())
    return path


def test_an_amount_of_several_rows_is_nobodys(site: Site, tmp_path: Path) -> None:
    """The first of them would have all of it, the others none."""
    [receipt] = site.receive(merged(tmp_path / "a.xlsx", 3))
    assert reasons(receipt) == [(None, "merged_amount", 3)]
    assert amounts(site) == [700]


def test_one_that_each_row_holds_is_each_rows(site: Site, tmp_path: Path) -> None:
    """Programs merge equal cells and leave the value in each."""
    [receipt] = site.receive(merged(tmp_path / "a.xlsx", 3, ["900", "900"]))
    assert (receipt.set_aside, amounts(site)) == (0, [90_000, 90_000, 90_000, 700])


def test_a_village_merged_over_more_rows_than_the_amount_spoils_no_other(site: Site, tmp_path: Path) -> None:
    """Each row holds its village, as programs leave it; only the three of the one amount go back."""
    village = HEADER.index("村代码")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet()
        for number, cells in enumerate([HEADER, *(payment(at, 补贴金额="" if at < 4 else "7") for at in range(1, 5))]):
            sheet.write_row(number, 0, cells)
        sheet.merge_range(1, AMOUNT, 3, AMOUNT, "900")
        sheet.merge_range(1, village, 4, village, "990101001001")
        for number in (2, 3, 4):
            sheet.write_string(number, village, "990101001001")
    [receipt] = site.receive(tmp_path / "a.xlsx")
    assert reasons(receipt) == [(None, "merged_amount", 3)]
    assert amounts(site) == [700]


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_where_a_batch_of_rows_ends_is_no_matter(rows: int, tmp_path: Path) -> None:
    """The rest of a merged amount may lie in the next batch."""
    (tmp_path / "scratch").mkdir()
    delivered = open_delivered(merged(tmp_path / "a.xlsx", 3), Limits(), tmp_path / "scratch")
    sheet = next(delivered)
    sheet.amounts = frozenset({AMOUNT})
    assert sum(batch.num_rows for batch in sheet.batches(rows)) == 1
    assert [broken.reason for broken in sheet.broken] == ["merged_amount"] * 3


def test_a_ragged_row_with_a_foreign_amount_is_that_rows_fault(site: Site, tmp_path: Path) -> None:
    ragged = [*payment(2, 补贴金额="100美元"), "多出的一格"]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), ragged, payment(3)]))
    assert (receipt.refused, reasons(receipt)) == (False, [(None, "column_count", 1)])


def test_an_old_workbook_is_asked_the_same(site: Site, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.write_merge(3, 5, 1 + AMOUNT, 1 + AMOUNT, "900")

    [receipt] = site.receive(old_book(tmp_path / "a.xls", change))
    assert reasons(receipt) == [(None, "merged_amount", 3)]


def test_rows_repeated_inside_a_file_are_told_as_such(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2), payment(1)]))
    assert (receipt.duplicate, len(amounts(site))) == (1, 2)
    assert "文件内有 1 行重复" in said(receipt)
    [again] = site.receive(write_csv(tmp_path / "b.csv", [payment(1), payment(2), payment(9)]))
    assert (again.duplicate, "文件内有" in said(again)) == (2, False)


DEPOSIT = ("标段编号", "投标人统一社会信用代码", "付款户名", "付款账号", "保证金金额", "到账时间", "付款人类别")


def test_equal_rows_without_a_number_may_be_two_and_the_sender_is_asked(site: Site, tmp_path: Path) -> None:
    rows = [["B001", "91990101000000010R", "甲公司", "6217000000000000123", "50000", "2024-03-01", ""]] * 2
    [receipt] = site.receive(write_csv(tmp_path / "保证金.csv", rows, header=DEPOSIT))
    assert not receipt.refused, receipt.refusal
    assert (receipt.duplicate, "请补上能区分的列" in said(receipt)) == (1, True)


def test_a_workbook_with_a_password_is_told_as_one(site: Site, tmp_path: Path) -> None:
    """What Office writes holds the workbook as one encrypted stream."""
    path = old_book(tmp_path / "a.xls")
    path.write_bytes(path.read_bytes() + "EncryptedPackage".encode("utf-16-le"))
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.code == "encrypted"


def cut_in_two(path: Path, *rows: list[str], header: Sequence[str] = (), separator: str = ",") -> Path:
    """A separated file whose amount has a column of words, or one that nobody reads, at its right."""
    lines = [separator.join(row) for row in [list(header), *rows]]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(("beside", "words", "end", "aside"), [
    ("收款人姓名", "王小明", "200.00", True),
    ("收款人姓名", "王小明", "200", True),
    ("备注", "首次发放", "200.00", True),
    ("备注", "首次发放", "200", False),
    ("备注", "首次发放", "1200.00", False),
])  # fmt: skip
def test_an_amount_that_its_comma_cut_in_two_goes_back(
    beside: str, words: str, end: str, aside: bool, site: Site, tmp_path: Path
) -> None:
    header = [*(name for name in HEADER if name not in ("补贴金额", "收款人姓名")), "补贴金额", beside]

    def row(number: int, amount: str, right: str) -> list[str]:
        cells = dict(zip(HEADER, payment(number, 补贴金额=amount), strict=True)) | {beside: right}
        return [cells[name] for name in header]

    path = cut_in_two(tmp_path / "a.csv", row(1, "800", words), row(2, "1", end), row(3, "90", ""), header=header)
    [receipt] = site.receive(path)
    assert amounts(site) == ([80_000, 9_000] if aside else [80_000, 100, 9_000])
    assert reasons(receipt) == ([("amount", "split_amount", 1)] if aside else [])


def test_tabs_cut_no_amount(site: Site, tmp_path: Path) -> None:
    header = [*(name for name in HEADER if name != "补贴金额"), "补贴金额", "备注"]
    cells = dict(zip(HEADER, payment(1, 补贴金额="1"), strict=True)) | {"备注": "200.00"}
    site.receive(cut_in_two(tmp_path / "a.tsv", [cells[name] for name in header], header=header, separator="\t"))
    assert amounts(site) == [100]


def test_of_two_columns_of_one_thing_the_contracts_own_is_read_and_the_sender_told(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [[*payment(1), "62170000000000000002"]], header=[*HEADER, "卡号"]))
    assert (receipt.accepted, amounts(site)) == (1, [10_150])
    assert "“银行账号”读的是“银行账号”,“卡号”没有读取" in said(receipt)


def odd(kind: str) -> bytes:
    """The beginning of a file of a kind that is not read, as its format describes it."""
    ole, letter = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "WordDocument".encode("utf-16-le")
    files = {
        "DBF": b"\x03\x7c\x06\x1e" + (7).to_bytes(4, "little") + b"\x41\x00\x20\x00" + bytes(20) + b"NAME" + bytes(40) + b"\r",
        "Access": b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(200),
        "tar": b"a.csv" + bytes(252) + b"ustar\x0000" + bytes(300),
        "DOC": ole + bytes(600) + letter + bytes(600),
        "Excel 4": b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(100),
        "XML (Excel 2003)": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table/>',
    }
    return files[kind]


@pytest.mark.parametrize("kind", ["DBF", "Access", "tar", "DOC", "Excel 4", "XML (Excel 2003)"])
def test_a_file_of_another_kind_is_called_by_its_name(kind: str, site: Site, tmp_path: Path) -> None:
    """ "The header fits no contract" would send a clerk looking for columns in a database file."""
    (tmp_path / "a.xls").write_bytes(odd(kind))
    [receipt] = site.receive(tmp_path / "a.xls")
    assert receipt.refusal is not None
    assert receipt.refusal.code == "unknown_format"
    assert receipt.refusal.zh == f"不接收这种文件:{kind}"


def test_an_open_document_says_what_it_is(site: Site, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    [receipt] = site.receive(tmp_path / "a.ods")
    assert receipt.refusal is not None
    assert receipt.refusal.zh == "不接收这种文件:OpenDocument spreadsheet"


@pytest.mark.parametrize(("wrap", "where"), [
    (lambda rows: {"code": 0, "msg": "ok", "data": {"total": 250, "list": rows}}, "data.list"),
    (lambda rows: {"rows": rows}, "rows"),
    (lambda rows: {"result": {"page": {"records": rows[:1]}}}, "result.page.records"),
])  # fmt: skip
def test_the_answer_of_an_interface_says_where_its_rows_are(wrap: Any, where: str, site: Site, tmp_path: Path) -> None:
    """ "Columns are missing" would say nothing of it, and one page of several would pass for the whole."""
    rows = [dict(zip(HEADER, payment(number), strict=True)) for number in range(3)]
    (tmp_path / "a.json").write_text(json.dumps(wrap(rows), ensure_ascii=False), "utf-8")
    [receipt] = site.receive(tmp_path / "a.json")
    assert receipt.refusal is not None
    assert (receipt.refusal.code, where in receipt.refusal.zh) == ("json_wrapped", True)


def test_one_object_that_is_a_row_is_read(site: Site, tmp_path: Path) -> None:
    row = dict(zip(HEADER, payment(1, 补贴金额="5"), strict=True)) | {
        "附件": [{"名称": "a"}, {"名称": "b"}],
        "经办": {"姓名": "乙"},
    }
    (tmp_path / "a.json").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    site.receive(tmp_path / "a.json")
    assert amounts(site) == [500]


@pytest.mark.parametrize("field", ["发放单位", "补贴金额"])
@pytest.mark.parametrize(("cell", "path"), [
    ({"户名": "李四", "证件": {"号码": "A-1"}}, "{field}.户名, {field}.证件.号码"),
    ([{"号码": "A-1"}], "{field}[].号码"),
    (["现金"], "{field}[]"),
    ({}, "{field}"),
])  # fmt: skip
def test_an_object_where_a_field_wants_a_value_goes_back_by_its_path(
    field: str, cell: object, path: str, site: Site, tmp_path: Path
) -> None:
    """As text it would pass by whatever looks for a person, and stand in the lake in clear."""
    rows: list[dict[str, object]] = [dict(zip(HEADER, payment(number), strict=True)) for number in range(3)]
    rows[1][field] = cell
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    [receipt] = site.receive(tmp_path / "a.jsonl")
    assert (receipt.accepted, reasons(receipt)) == (2, [(None, "value_nested", 1)])
    assert f"嵌套的对象或列表在 {path.format(field=field)}" in said(receipt)
    assert len(amounts(site)) == 2


def test_a_path_that_leads_over_a_number_of_somebody_is_told_masked(site: Site, tmp_path: Path) -> None:
    """Members under their ids, as some systems write them: the receipt would have had the id in clear."""
    row = dict(zip(HEADER, payment(1), strict=True)) | {"收款人姓名": {citizen(7): {"姓名": "李四"}}}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    [receipt] = site.receive(tmp_path / "a.jsonl")
    assert "嵌套的对象或列表在 收款人姓名." in said(receipt)
    assert citizen(7) not in receipt.model_dump_json()


def test_a_text_that_begins_with_a_bracket_is_a_text(site: Site, tmp_path: Path) -> None:
    rows = [dict(zip(HEADER, payment(number, 发放单位="[临时]民政局"), strict=True)) for number in range(2)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    [receipt] = site.receive(tmp_path / "a.jsonl")
    assert receipt.refusal is None
    assert len(amounts(site)) == 2
