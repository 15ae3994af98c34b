"""Keys that a spreadsheet spoilt, columns that occur twice, error cells, and workbooks of other systems."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv

ERRORS = ("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#PYTHON!", "#GETTING_DATA", "#N/A", "#REF!")


@pytest.mark.parametrize("key", ["2.0240315E+15", "2E+16", "9.1e+17"])
def test_a_key_that_lost_its_end_sets_its_row_aside(key: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 流水号=key)]))
    assert [(reason.column, reason.reason) for reason in receipt.reasons] == [("payment_id", "number_cut")]


@pytest.mark.parametrize("key", ["2E15", "E+15", "A1.5E+3", "1.5E3"])
def test_a_key_that_only_looks_like_a_number_is_a_key(key: str, site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(2, 流水号=key)]))
    assert [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")] == [key]


def test_a_text_written_as_a_formula_is_the_text(site: Site, tmp_path: Path) -> None:
    quoted = [f'="{cell}"' for cell in payment(1)]
    lines = [",".join(HEADER), ",".join(quoted), ",".join(payment(2))]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    [receipt] = site.receive(tmp_path / "a.csv")
    assert (receipt.accepted, receipt.repaired, receipt.set_aside) == (1, 1, 0)
    assert sorted(row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")) == ["P00001", "P00002"]


@pytest.mark.parametrize("twice", ["补贴金额", "身份证号", "流水号"])
def test_a_column_that_occurs_twice_refuses_the_file(twice: str, site: Site, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [[*payment(1), "1"]], header=[*HEADER, twice])
    [receipt] = site.receive(path, contract="subsidy_payment")
    assert receipt.refused


def workbook(path: Path, cell: str) -> Path:
    """A workbook whose second row has an error in the account's cell."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([HEADER, payment(1), payment(2)]):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
        sheet.write_formula(1, HEADER.index("银行账号"), "=A1", None, cell)
    return path


def rewritten(path: Path, into: Path, *, backslashes: bool = False) -> Path:
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(into, "w") as out:
        for entry in archive.infolist():
            name = entry.filename.replace("/", "\\") if backslashes else entry.filename
            info = zipfile.ZipInfo("x")
            info.filename = name
            out.writestr(info, archive.read(entry))
    return into


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_cell_is_empty_in_a_workbook_and_in_its_text(error: str, site: Site, tmp_path: Path) -> None:
    made = workbook(tmp_path / "made.xlsx", "#N/A")
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as out:
        for name in archive.namelist():
            data = archive.read(name)
            out.writestr(name, data.replace(b"<v>#N/A</v>", f"<v>{error}</v>".encode()) if "sheet1" in name else data)
    [receipt] = site.receive(tmp_path / "a.xlsx")
    assert (receipt.delivered, receipt.set_aside, receipt.refused) == (2, 0, False)
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", [payment(3, 银行账号=error), payment(4, 发放单位=error)]))
    assert ("agency", "error_as_empty") in {(one.column, one.repair) for one in receipt.repairs}
    held = {row["payment_id"]: row for row in site.rows("subsidy_payment", "payment_id, bank_account, agency")}
    assert (held["P00001"]["bank_account"], held["P00003"]["bank_account"], held["P00004"]["agency"]) == (None, None, None)


TERM = ("统一社会信用代码", "身份证号", "人员角色", "起始日期", "终止日期")


def rewriting(made: Path, into: Path, old: bytes, new: bytes) -> Path:
    """The workbook with other bytes in its first sheet."""
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(into, "w") as out:
        for name in archive.namelist():
            data = archive.read(name)
            out.writestr(name, data.replace(old, new) if "sheet1" in name else data)
    return into


@pytest.mark.parametrize(
    ("written", "fate"),
    [*((error, "error_cell") for error in ERRORS if error != "#N/A"), ("#N/A", "kept"), ("", "kept")],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_end_that_a_formula_failed_to_give_is_not_no_end(
    written: str, fate: str, kind: str, site: Site, tmp_path: Path
) -> None:
    row = ["91990101000000010R", citizen(1), "股东", "2020-01-01", written]
    if kind == "csv":
        path = write_csv(tmp_path / "a.csv", [row], header=TERM)
    else:
        with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, TERM)
            sheet.write_row(1, 0, row[:4])
            sheet.write_formula(1, 4, "=A9", None, "#N/A" if written else "")
        path = rewriting(tmp_path / "made.xlsx", tmp_path / "a.xlsx", b"<v>#N/A</v>", f"<v>{written}</v>".encode())
    [receipt] = site.receive(path)
    assert [one.reason for one in receipt.reasons] == ([fate] if fate != "kept" else [])
    assert len(site.rows("enterprise_person")) == (fate == "kept")


def test_a_formula_that_was_never_reckoned_has_no_value(site: Site, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TERM)
        for number in (1, 2, 3):
            sheet.write_row(number, 0, ["91990101000000010R", citizen(number), "股东", "2020-01-01"])
        sheet.write_formula(1, 4, "=A9", None, 77)
        sheet.write_formula(2, 4, '=""', None, "")
    [receipt] = site.receive(rewriting(tmp_path / "made.xlsx", tmp_path / "a.xlsx", b"<v>77</v>", b""))
    assert [(one.column, one.reason, one.count) for one in receipt.reasons] == [("valid_to", "error_cell", 1)]


SHARE = ("统一社会信用代码", "身份证号", "人员角色", "持股比例", "起始日期")


@pytest.mark.parametrize(
    ("pattern", "kept", "share"),
    [
        ("0%", 0.6, 60),
        ("0.00%", 0.1234, 12.34),
        ("0.0%;[Red]-0.0%", 1, 100),
        ("0.00", 0.6, 0.6),
        ('0"%"', 60, 60),
        ("0%", 0.07, 7),
    ],
)
def test_a_share_shown_in_per_cent_is_read_as_shown(pattern: str, kept: float, share: float, site: Site, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": pattern})
        sheet.write_row(0, 0, SHARE)
        sheet.write_row(1, 0, ["91990101000000010R", citizen(1), "股东", "", "2020-01-01"])
        sheet.write_number(1, 3, kept, style)
    site.receive(tmp_path / "a.xlsx")
    assert [row["share"] for row in site.rows("enterprise_person", "share")] == [share]


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("0!.0,", None),
        ("0\\.0,", None),
        ("#,##0,", None),
        ('0.00"万"', None),
        ("[$$-409]#,##0.00", None),
        ('"US$"0', None),
        ("0.00[$€-2]", None),
        ('0.00"美元"', None),
        ('0"吨"', None),
        ('0"斤"', None),
        ('0"克"', None),
        ('0"千克"', 12345_00),
        ('0.0"公斤"', 12345_00),
        ("#,##0", 12345_00),
        ('0.00"元"', 12345_00),
        ("[$¥-804]#,##0.00", 12345_00),
        ('"￥"#,##0.00_);[Red]("￥"#,##0.00)', 12345_00),
        ("0.00E+00", 12345_00),
        ("General", 12345_00),
    ],
)
def test_an_amount_shown_by_the_thousand_or_in_dollars_is_not_guessed(
    pattern: str, read: int | None, site: Site, tmp_path: Path
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": pattern})
        sheet.write_row(0, 0, HEADER)
        for row in (1, 2):
            sheet.write_row(row, 0, payment(row))
        sheet.write_number(1, HEADER.index("补贴金额"), 12345, style)
    [receipt] = site.receive(tmp_path / "a.xlsx")
    held = {row["payment_id"]: row["amount"] for row in site.rows("subsidy_payment", "payment_id, amount")}
    assert held.get("P00001") == read
    assert receipt.set_aside == (read is None)
    assert "P00002" in held


def test_a_workbook_whose_parts_are_named_by_backslashes_is_read(site: Site, tmp_path: Path) -> None:
    path = rewritten(workbook(tmp_path / "made.xlsx", "1"), tmp_path / "a.xlsx", backslashes=True)
    [receipt] = site.receive(path)
    assert (receipt.delivered, receipt.refused) == (2, False)


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("00000000", "00000042"),
        ("0000;-0000", "0042"),
        ('"P"00000', "P00042"),
        ('"P"0', "P42"),
        ("0", "42"),
        ("0.00", "42"),
        ("#,##0", "42"),
        ('0"号"', "42"),
        ("[Red]0", "42"),
    ],
)
def test_a_number_shown_with_noughts_is_the_code_that_is_shown(pattern: str, key: str, site: Site, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": pattern})
        for row, cells in enumerate([HEADER, payment(1), payment(2), payment(3)]):
            sheet.write_row(row, 0, cells)
        sheet.write_number(1, 0, 42, style)
        sheet.write_formula(2, 0, "=40+3", style, 43)
        sheet.write_string(3, 0, "42A", style)
    [receipt] = site.receive(tmp_path / "a.xlsx")
    assert receipt.set_aside == 0
    found = [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")]
    assert found == [key, key.replace("42", "43"), "42A"]


def lost(number: int, digits: int = 19) -> str:
    return f"{622848000000000 + number}".ljust(digits, "0")


@pytest.mark.parametrize("cells", [
    {"银行账号": [lost(n) for n in range(12)]},
    {"银行账号": [lost(n, 16) for n in range(12)]},
    {"银行账号": [*(lost(n) for n in range(11)), "6228480000000000123"]},
    {"身份证号": [citizen(n)[:15] + "000" for n in range(10)]},
])  # fmt: skip
def test_a_column_of_numbers_that_lost_their_end_refuses_the_file(
    cells: dict[str, list[str]], site: Site, tmp_path: Path
) -> None:
    [(column, numbers)] = cells.items()
    rows = [payment(place, **{column: number}) for place, number in enumerate(numbers, start=1)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "digits_lost"
    assert column in receipt.refusal.zh
    assert site.rows("subsidy_payment") == []


@pytest.mark.parametrize("numbers", [
    [lost(n) for n in range(9)],  # too few to say
    [lost(1)] * 30,  # one account, thirty payments
    [*(lost(n) for n in range(10)), *(f"62284800000000001{n:02d}" for n in range(2))],  # ten of twelve
    [lost(n, 15) for n in range(12)],  # nothing behind the fifteenth digit
])  # fmt: skip
def test_other_numbers_that_end_in_noughts_are_numbers(numbers: list[str], site: Site, tmp_path: Path) -> None:
    rows = [payment(place, 银行账号=number) for place, number in enumerate(numbers, start=1)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.refused, receipt.accepted + receipt.repaired) == (False, len(rows))
