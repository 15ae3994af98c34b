"""The file that goes back: under the header, in the format and encoding it came in, with row number and reason behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from xiezhi.intake.receipts.returned import ReturnedRow, Shape, write_returned

HEADER = ("流水号", "姓名", "补贴金额")
FIELDS = {"payment_id": "流水号", "amount": "补贴金额"}
NOT_READ = "“补贴金额”列:金额无法识别,请只填数字,例如 1234.50"
EXTRA_IN_ENGLISH = ["Original delivery", "Original row", "Why it came back"]
IN_ENGLISH = "sum: amount cannot be read, give digits only, such as 1234.50"


def row(number: int, *cells: str | None, reasons: str = "amount=amount_malformed") -> ReturnedRow:
    return ReturnedRow(number, cells, reasons)


def lines(path: Path, shape: Shape, *rows: ReturnedRow) -> list[str]:
    write_returned(path, shape, 12, rows)
    return path.read_text(encoding=shape.encoding).splitlines()


def test_rows_go_back_under_their_header_with_number_and_reason(tmp_path: Path) -> None:
    rows = (row(3, "P1", "王小明", "一百"), row(7, "P2", None, "", reasons="amount=required_empty|payment_id=key_conflict"))
    assert lines(tmp_path / "a.csv", Shape("csv", HEADER, fields=FIELDS), *rows) == [
        "流水号,姓名,补贴金额,原交付号,原行号,退回原因",
        f'P1,王小明,一百,12,3,"{NOT_READ}"',
        'P2,,,12,7,"“补贴金额”列:必填项为空,请补填;“流水号”列:主键已存在而内容不同,请核对是否改号或更正原记录"',
    ]


def test_what_an_earlier_return_added_is_replaced(tmp_path: Path) -> None:
    shape = Shape("csv", ("原交付号", "原行号", "流水号", "退回原因", "补贴金额"), delimiter=";")
    assert lines(tmp_path / "a.csv", shape, row(4, "3", "9", "P1", "必填项为空", "一百", reasons="column_count")) == [
        "流水号;补贴金额;原交付号;原行号;退回原因",
        "P1;一百;12;4;列数与表头不符,请核对分隔符和引号",
    ]


def test_a_row_of_too_few_or_too_many_cells_goes_back_whole(tmp_path: Path) -> None:
    rows = (row(2, "P1", "王小明", reasons="column_count"), row(3, "P2", "王小明", "1", "200.00", "x", reasons="column_count"))
    found = lines(tmp_path / "a.csv", Shape("csv", HEADER, delimiter="\t"), *rows)
    assert [line.split("\t")[:-1] for line in found[1:]] == [
        ["P1", "王小明", "", "12", "2"],
        ["P2", "王小明", "1", "200.00", "x", "12", "3"],
    ]


def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(tmp_path: Path) -> None:
    shape = Shape("csv", ("流水号", "=1+1"), delimiter="\t")
    header, cells = lines(tmp_path / "a.csv", shape, row(2, "=2+2", "-5", reasons="column_count"))
    assert (header.split("\t")[:2], cells.split("\t")[:2]) == (["流水号", "'=1+1"], ["'=2+2", "-5"])


@pytest.mark.parametrize(
    ("header", "english"),
    [
        (("id", "name", "sum"), True),
        (("id", None, "sum"), True),
        (("id", "姓名", "sum"), False),
        ((None, None, None), False),
        (("Original row", "id", "Why it came back"), True),
    ],
)
def test_a_sender_whose_header_has_no_chinese_word_is_told_in_english(
    header: tuple[str | None, ...], english: bool, tmp_path: Path
) -> None:
    shape = Shape("csv", header, delimiter="\t", fields={"amount": "sum"})
    names, cells = (line.split("\t") for line in lines(tmp_path / "a.csv", shape, row(2, "P1", "x", "?")))
    assert shape.english is english
    assert names[-3:] == (EXTRA_IN_ENGLISH if english else ["原交付号", "原行号", "退回原因"])
    assert cells[-1] == (IN_ENGLISH if english else NOT_READ.replace("补贴金额", "sum"))
    assert names[:-3] == [name or "" for name in header if name not in EXTRA_IN_ENGLISH]


@pytest.mark.parametrize(
    ("encoding", "begins"),
    [
        ("utf-8", b"\xe6"),
        ("utf-8-sig", b"\xef\xbb\xbf\xe6"),
        ("utf-16-le", b"\xff\xfe\x41"),
        ("utf-16-be", b"\xfe\xff\x6d"),
        ("gb18030", b"\xc1"),
    ],
)
def test_the_file_is_written_in_the_encoding_it_came_in(encoding: str, begins: bytes, tmp_path: Path) -> None:
    """流 is U+6D41; UTF-16 begins with its mark, once."""
    path = tmp_path / "a.csv"
    write_returned(path, Shape("csv", HEADER, encoding), 12, [row(2, "P1", "王小明", "一百")])
    assert path.read_bytes().startswith(begins)
    assert path.read_bytes().decode(encoding).removeprefix("\ufeff").startswith("流水号,姓名")


def test_a_character_that_the_encoding_lacks_does_not_hold_the_file_back(tmp_path: Path) -> None:
    assert lines(tmp_path / "a.csv", Shape("csv", HEADER, "gbk"), row(2, "P1", "王\U0002a6a5", "?"))[1].startswith(
        "P1,王?,?,12,2,"
    )


@pytest.mark.parametrize(("sheet", "name"), [("发放明细", "发放明细"), ("表" * 32, "表" * 31), ("", "Sheet1")])
def test_a_workbook_goes_back_as_texts_under_the_name_of_its_sheet(sheet: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [row(3, "P1", None, "=1+1"), row(4, "0002", "王小明", "一百")]
    write_returned(path, Shape("xlsx", HEADER, sheet=sheet, fields=FIELDS), 12, rows)
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == [name]
    assert book.get_sheet_by_index(0).to_python(skip_empty_area=False) == [
        [*HEADER, "原交付号", "原行号", "退回原因"],
        ["P1", "", "=1+1", "12", "3", NOT_READ],
        ["0002", "王小明", "一百", "12", "4", NOT_READ],
    ]


def test_json_lines_go_back_as_objects(tmp_path: Path) -> None:
    shape = Shape("jsonl", HEADER, fields=FIELDS)
    found = [json.loads(line) for line in lines(tmp_path / "a.jsonl", shape, row(3, "P1", None, "一百"), row(4, "P2", "王", "?"))]
    assert found == [
        {"流水号": "P1", "姓名": None, "补贴金额": "一百", "原交付号": "12", "原行号": "3", "退回原因": NOT_READ},
        {"流水号": "P2", "姓名": "王", "补贴金额": "?", "原交付号": "12", "原行号": "4", "退回原因": NOT_READ},
    ]


@pytest.mark.parametrize(
    ("text", "goes_back"),
    [
        ('{"ocid":"ocds-1","tag":["tender"]}', {"ocid": "ocds-1", "tag": ["tender"]}),
        ('["ocds-1"]', {"text": '["ocds-1"]'}),
        ('{"ocid":', {"text": '{"ocid":'}),
        (None, {"text": ""}),
    ],
)
def test_a_release_goes_back_with_its_reason_inside(text: str | None, goes_back: dict[str, Any], tmp_path: Path) -> None:
    """What is no release goes back as the text it is."""
    found = lines(tmp_path / "a.jsonl", Shape("ocds", ("release",)), row(5, text, reasons="linked_only"))
    reason = "只有链接,链接所指的发布没有交付,请交付发布本身,或含 compiledRelease 的记录"
    assert [json.loads(line) for line in found] == [goes_back | {"原交付号": 12, "原行号": 5, "退回原因": reason}]
