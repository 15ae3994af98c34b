"""Every delivered row is accepted, repaired or set aside; what goes back comes in again once mended."""

from __future__ import annotations

import codecs
import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.keyring import Keyring
from xiezhi.intake.receipts.account import Judgements, account
from xiezhi.intake.receipts.returned import DELIVERY_HEADER, REASON_HEADER, ROW_HEADER, ReturnedRow, Shape, write_returned

FAULTY = [
    payment(1),
    payment(2, 身份证号=f" {citizen(2)}"),
    payment(3, 补贴金额="1,234.50"),
    payment(4, 身份证号="990101********1234"),
    payment(5, 所属月份="2021-13", 补贴金额="x"),
    payment(6, 银行账号="6217****1234"),
    ["合计", *[""] * 5, "600.00", *[""] * 4],
    payment(7)[:5],
]


def test_rows_balance_and_each_fate_is_told(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "发放.csv", FAULTY))
    assert (receipt.delivered, receipt.accepted, receipt.repaired, receipt.set_aside) == (7, 2, 2, 3)
    told = {(reason.row, reason.column, reason.reason, reason.count) for reason in receipt.reasons}
    assert told == {
        (5, "person", "id_masked", 1),
        (6, "benefit_month", "date_impossible", 1),
        (6, "amount", "amount_malformed", 1),
        (9, None, "column_count", 1),
    }
    assert {(repair.column, repair.repair) for repair in receipt.repairs} == {("person", "trimmed"), ("amount", "amount_format")}
    rows = pq.read_table(site.lake.paths.receipt(1, "rows.parquet")).to_pylist()
    assert {(row["row"], row["outcome"], row["column"], row["word"]) for row in rows} >= {
        (3, "repaired", "person", "trimmed"),
        (6, "set_aside", "amount", "amount_malformed"),
        (8, "left_out", None, "footer_total"),
    }


def test_the_lake_holds_numbers_and_typed_values(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", FAULTY))
    held = site.rows(
        "subsidy_payment",
        "person, person_grade, amount, benefit_month::VARCHAR AS month, bank_account, bank_account_grade, payee_agrees, _row",
    )
    assert [(row["amount"], row["_row"]) for row in held] == [(10150, 2), (10250, 3), (123450, 4), (10650, 7)]
    assert [row["person_grade"] for row in held] == ["sound", "repaired", "sound", "sound"]
    assert (held[3]["bank_account"], held[3]["bank_account_grade"]) == (None, "account_masked")
    assert {(row["month"], row["payee_agrees"]) for row in held} == {("2021-03-01", "same")}
    assert sorted(row["person"] for row in held) == [1, 2, 3, 5]  # one that is set aside for another cell has a number, too


def test_no_identity_is_written_in_the_clear(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 身份证号=citizen(2)[:17] + "x" * 3)]))
    for path in site.lake.paths.root.rglob("*"):
        if path.is_file() and path.parent != site.lake.paths.set_aside:
            assert citizen(1).encode() not in path.read_bytes(), path
            assert citizen(2)[:17].encode() not in path.read_bytes(), path


@pytest.mark.parametrize(("sep", "ending"), [(",", ".csv"), (";", ".csv"), ("\t", ".tsv")])
def test_what_goes_back_is_named_as_its_format_is(sep: str, ending: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / f"a{ending}", FAULTY, sep=sep))
    assert Path(receipt.returned or "").suffix == ending


@pytest.mark.parametrize(("encoding", "sep"), [("utf-8", ","), ("gb18030", "\t"), ("utf-8-sig", ";")])
def test_what_goes_back_comes_in_once_mended(site: Site, tmp_path: Path, encoding: str, sep: str) -> None:
    site.receive(write_csv(tmp_path / "a.csv", FAULTY, encoding=encoding, sep=sep))
    [path] = site.lake.paths.set_aside.iterdir()
    back = list(csv.reader(io.StringIO(path.read_text(encoding=encoding), newline=""), delimiter=sep))
    assert back[0] == [*HEADER, DELIVERY_HEADER, ROW_HEADER, REASON_HEADER]
    assert [row[-2:] for row in back[1:]] == [
        ["5", "“身份证号”列:身份证号被遮盖,请填写完整、真实的号码"],
        [
            "6",
            "“所属月份”列:日期不存在,请按 2021-01-05 的格式填写真实存在的日期;“补贴金额”列:金额无法识别,请只填数字,例如 1234.50",
        ],
        ["9", "列数与表头不符,请核对分隔符和引号"],
    ]
    assert path.read_bytes().startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")
    mended = [payment(4), payment(5), payment(7)]
    with path.open("w", encoding=encoding, newline="") as handle:
        out = csv.writer(handle, delimiter=sep)
        out.writerows([back[0], *([*row, "1", "7", "see reason"] for row in mended)])
    [receipt] = site.receive(path)
    assert (receipt.delivered, receipt.accepted, receipt.duplicate, receipt.set_aside) == (3, 3, 0, 0)
    assert len(site.rows("subsidy_payment")) == 7


def test_a_workbook_goes_back_as_a_workbook(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("发放")
        for number, row in enumerate([HEADER, payment(1), payment(2, 身份证号="=HYPERLINK(1)")]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    [receipt] = site.receive(path)
    assert (receipt.sheet, receipt.accepted, receipt.set_aside) == ("发放", 1, 1)
    [returned] = site.lake.paths.set_aside.iterdir()
    assert returned.suffix == ".xlsx"
    [again] = site.receive(returned)
    assert (again.delivered, again.set_aside, again.reasons[0].reason) == (1, 1, "id_malformed")


def test_json_lines_go_back_as_json_lines(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [dict(zip(HEADER, row, strict=True)) for row in (payment(1), payment(2, 补贴金额="?"))]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    site.receive(path)
    [returned] = site.lake.paths.set_aside.iterdir()
    [line] = returned.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["流水号"] == "P00002"


def test_a_receipt_is_printable_and_hides_identities(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "<b>.csv", FAULTY))
    page = site.lake.paths.receipt(1, "html").read_text(encoding="utf-8")
    assert "数据接收回执" in page
    assert "身份证号被遮盖" in page
    assert "<b>.csv" not in page
    assert "990101********1234" not in page
    receipt = json.loads(site.lake.paths.receipt(1, "json").read_text(encoding="utf-8"))
    assert {column["header"]: column["field"] for column in receipt["columns"]}["身份证号"] == "person"
    month = next(field for field in receipt["profile"] if field["field"] == "benefit_month")
    assert (month["minimum"], month["null_share"]) == ("2021-03-01", round(1 / 6, 6))
    assert [one["expectation"] for one in receipt["expectations"] if not one["kept"]] == ["statedTotal = sum"]


CELLS = st.one_of(
    st.sampled_from(["", "x", " 2021-03 ", "2021/3", "合计", "\u200b", "1,0.5", "=1+1", "990101********1234", "无", "１２"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n", exclude_categories=("Cs",)), max_size=8),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(HEADER), CELLS), max_size=12))
def test_whatever_is_delivered_balances(tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    site = Site(folder, Keyring.fresh())
    rows = [payment(0), *(payment(number, **{column: cell}) for number, (column, cell) in enumerate(damage, 1))]
    [receipt] = site.receive(write_csv(folder / "a.csv", rows))
    assert receipt.delivered == len(rows)
    assert receipt.accepted + receipt.repaired - receipt.duplicate == len(site.rows("subsidy_payment"))
    site.close()


def test_more_cells_than_columns_come_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    header = ("a", ROW_HEADER, REASON_HEADER, "b")
    write_returned(path, Shape("csv", header), 12, [ReturnedRow(7, ["1", "4", "old reason", "2", "3"], "column_count")])
    assert path.read_text(encoding="utf-8").splitlines() == [
        f"a,b,{DELIVERY_HEADER},{ROW_HEADER},{REASON_HEADER}",
        '1,2,3,12,7,"列数与表头不符,请核对分隔符和引号"',
    ]


def test_a_sender_without_chinese_headers_is_told_in_english(tmp_path: Path) -> None:
    path, titles = tmp_path / "back.csv", {"person": "Citizen ID"}
    write_returned(
        path, Shape("csv", ("Citizen ID",), fields=titles), 12, [ReturnedRow(2, ["x"], "person=id_malformed|column_count")]
    )
    header, line = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    assert header == ["Citizen ID", "Original delivery", "Original row", "Why it came back"]
    assert line[3] == (
        "Citizen ID: citizen id is malformed, give the full, true number;"
        " number of cells differs from the header, check delimiters and quotes"
    )


def test_utf16_goes_back_as_a_spreadsheet_reads_it(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", FAULTY, encoding="utf-16", sep="\t"))
    [path] = site.lake.paths.set_aside.iterdir()
    assert path.read_bytes().startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    assert path.read_text("utf-16").splitlines()[0].split("\t")[-1] == REASON_HEADER


@pytest.mark.parametrize(("sheet", "named"), [("发放", "发放"), ("", "Sheet1"), ("长" * 40, "长" * 31)])
def test_a_workbook_that_goes_back_has_its_sheets_name_and_header(sheet: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    write_returned(path, Shape("xlsx", ("编号", None), sheet=sheet), 12, [ReturnedRow(7, ["a", None], "column_count")])
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == [named]
    assert book.get_sheet_by_index(0).to_python() == [
        ["编号", "", DELIVERY_HEADER, ROW_HEADER, REASON_HEADER],
        ["a", "", "12", "7", "列数与表头不符,请核对分隔符和引号"],
    ]


def test_a_release_goes_back_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "back.jsonl"
    texts: list[list[str | None]] = [['{"ocid":"x"}'], ['{"ocid":'], [None]]
    write_returned(path, Shape("ocds", ()), 12, [ReturnedRow(at, cells, "column_count") for at, cells in enumerate(texts, 1)])
    said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(one.pop(DELIVERY_HEADER), one.pop(ROW_HEADER)) for one in said] == [(12, 1), (12, 2), (12, 3)]
    assert all("列数与表头不符" in one.pop(REASON_HEADER) for one in said)
    assert said == [{"ocid": "x"}, {"text": '{"ocid":'}, {"text": ""}]


def test_the_first_rows_are_the_examples_of_a_remark() -> None:
    with DuckDB(memory="256MB", threads=1) as engine:
        engine.run("CREATE TABLE marks (_row BIGINT, _faults VARCHAR, _repairs VARCHAR)")
        engine.run("CREATE TABLE broken (_row BIGINT, reason VARCHAR)")
        engine.run("CREATE TABLE outcome (_row BIGINT, fate VARCHAR)")
        engine.run(
            "CREATE TABLE notes AS SELECT unnest([9, 3, 7, 5, 4]) AS _row, 'c' AS \"column\", 'wrong_type' AS word, 'x' AS shown"
        )
        [remark] = account(engine, Judgements(9, "marks", "broken", lambda *_: {}, notes="notes")).remarks
    assert (remark.column, remark.remark, remark.count) == ("c", "wrong_type", 5)
    assert [(one.row, one.shown) for one in remark.examples] == [(3, "x"), (4, "x"), (5, "x")]
