"""What a file would be taken for, before it is received."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from xiezhi.operations import previews
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.previews import PreviewedSheet, preview_file

PERSON, OTHER, ACCOUNT, NAME = "99010619491231002X", "990106194912310021", "6299990000000000017", "欧阳小明"
DIBAO = ("低保证号", "身份证号", "姓名", "低保类别", "起始月份")
PAYMENTS = (
    *("发放流水号", "补贴项目编码", "所属月份", "身份证号", "姓名", "收款人姓名"),
    *("银行账号", "补贴金额(万元)", "发放日期", "主管单位"),
)


def table(path: Path, header: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    path.write_text("\n".join(",".join(row) for row in (header, *rows)) + "\n", encoding="utf-8")
    return path


def book(path: Path, **sheets: list[tuple[str, ...]]) -> Path:
    with Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell)
    return path


def previewed(path: Path, contract: str | None = None) -> list[PreviewedSheet]:
    return preview_file(CoreConfig(), path, path.parent / "scratch", contract=contract)


def everything(found: list[PreviewedSheet]) -> str:
    return json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str)


def test_a_table_says_what_it_is_and_what_becomes_of_each_column(tmp_path: Path) -> None:
    rows = [(f"A{n}", PERSON, NAME, "城市", "2025-01", "x") for n in range(7)]
    (one,) = previewed(table(tmp_path / "a.csv", (*DIBAO, "经办意见"), *rows))
    assert (one.contract, one.by) == ("dibao_member", "header")
    assert one.columns[:2] == (("低保证号", "case_no"), ("身份证号", "person"))
    assert one.unknown == ("经办意见",)
    assert "status_date" in one.missing
    assert (one.rows, one.exact) == (7, True)
    assert [row.row for row in one.first] == [2, 3, 4, 5, 6]
    assert one.first[0].cells == ("A0", "99…X", "欧***", "城市", "2025-01")


def test_each_sheet_of_a_workbook_is_told_in_its_place(tmp_path: Path) -> None:
    rows = [DIBAO, *[(f"A{n}", PERSON, NAME, "城市", "2025-01") for n in range(9)]]
    one, other, third = previewed(book(tmp_path / "a.xlsx", 名册=rows, 别的=[("没有", "这样"), ("1", "2")], 又一张=rows))
    assert (one.sheet, one.contract, one.rows, one.exact, len(one.first)) == ("名册", "dibao_member", 9, True, 5)
    assert (other.sheet, other.contract, other.code) == ("别的", None, "contract_unrecognised")
    assert (third.sheet, third.contract, third.rows) == ("又一张", "dibao_member", 9)


def test_the_unit_of_money_and_who_states_it(tmp_path: Path) -> None:
    row = ("F1", "耕地补贴", "2025-01", PERSON, NAME, NAME, ACCOUNT, "0.12", "2025-01-15", "")
    found = {used.field: used for used in previewed(table(tmp_path / "a.csv", PAYMENTS, row))[0].units}
    assert (found["amount"].unit, found["amount"].source) == ("万元", "header")


def test_what_is_not_recognised_says_why_what_to_do_and_what_the_nearest_lacks(tmp_path: Path) -> None:
    (one,) = previewed(table(tmp_path / "a.csv", ("低保证号", "姓名", "低保类别"), ("A1", NAME, "城市")))
    assert one.contract is None
    assert one.said is not None
    assert one.todo is not None
    assert one.todo.zh
    assert "person" in {lack.contract: lack.missing for lack in one.nearest}["dibao_member"]
    assert "--" not in everything([one]), "nothing of the command line is said"


def test_a_chosen_dataset_is_taken_at_its_word(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", DIBAO, ("A1", PERSON, NAME, "城市", "2025-01"))
    assert previewed(file, "dibao_member")[0].by == "chosen"
    (one,) = previewed(file, "death_registry")
    assert one.contract is None
    assert "source" in one.missing


SHIFTED = [
    ("one column to the right", DIBAO, ("", "A1", OTHER, NAME, "城市")),
    ("one to the left", DIBAO, (OTHER, NAME, "城市", "2025-01", "")),
    ("names and numbers changed", DIBAO, ("A1", NAME, OTHER, "城市", "2025-01")),
    ("a name where a code of a thing belongs", DIBAO, (NAME, PERSON, NAME, "城市", "2025-01")),
    ("invisible characters inside", DIBAO, ("A1", "990106\u200b194912310021", NAME, "城市", "2025-01")),
    ("text that names somebody", PAYMENTS,
     ("F1", f"发给{NAME}的补贴", "2025-01", PERSON, NAME, NAME, ACCOUNT, "12", "2025-01-15", f"{NAME}代领")),
    ("an account as an amount", PAYMENTS, ("F1", "补贴", "2025-01", PERSON, NAME, NAME, "12", ACCOUNT, "2025-01-15", "")),
    ("an account as a number of payment", PAYMENTS,
     (ACCOUNT, "补贴", "2025-01", PERSON, NAME, NAME, ACCOUNT, "1", "2025-01-15", OTHER)),
]  # fmt: skip


@pytest.mark.parametrize(("header", "row"), [case[1:] for case in SHIFTED], ids=[case[0] for case in SHIFTED])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nobody_can_be_told_from_it_wherever_values_stand(
    tmp_path: Path, header: tuple[str, ...], row: tuple[str, ...], form: str
) -> None:
    file = table(tmp_path / "a.csv", header, row) if form == "csv" else book(tmp_path / "a.xlsx", 名册=[header, row])
    found = previewed(file)
    assert found[0].contract, "else nothing would be shown at all"
    assert len(found[0].first) == 1
    said = everything(found)
    for value in (PERSON, OTHER, ACCOUNT, NAME, NAME[1:], "小明", "19491231"):
        assert value not in said


def test_a_row_out_of_shape_names_the_columns_and_shows_nothing(tmp_path: Path) -> None:
    (one,) = previewed(table(tmp_path / "a.csv", DIBAO, ("A1", NAME, OTHER, "城市", "2025-01")))
    assert one.first[0].odd == ("person", "name")
    assert set(one.first[0].cells) == {"******"}


def test_a_birthday_shows_its_year_alone(tmp_path: Path) -> None:
    header = ("身份证号", "姓名", "出生日期")
    (one,) = previewed(table(tmp_path / "a.csv", header, (PERSON, NAME, "1949-12-31")), "person_population")
    assert "1949-12-31" not in everything([one])


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_of_a_long_file_only_the_beginning_is_read_and_the_number_is_near(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "COUNTED", 400)
    rows = [(f"A{n:06}", PERSON, NAME, "城市", "2025-01") for n in range(60_000 if form == "csv" else 3_000)]
    if form == "csv":
        file = table(tmp_path / "a.csv", DIBAO, *rows)
    elif form == "xlsx":
        file = book(tmp_path / "a.xlsx", 一=[DIBAO, *rows], 二=[DIBAO, *rows[:3]])
    else:
        file = tmp_path / "a.jsonl"
        lines = (json.dumps(dict(zip(DIBAO, row, strict=True)), ensure_ascii=False) for row in rows)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    first, *others = previewed(file)
    assert not first.exact
    assert first.rows is not None
    assert abs(first.rows - len(rows)) < 0.1 * len(rows)
    if form == "xlsx":
        assert [(one.rows, one.exact) for one in others] == [(3, True)], "the reader goes on to the next sheet"


def test_archives_are_looked_into_and_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK\x03\x04 broken")
    (one,) = previewed(file)
    assert one.contract is None
    assert one.said is not None
    assert one.said.zh
    assert list((tmp_path / "scratch").iterdir()) == [], "nothing is left behind"
