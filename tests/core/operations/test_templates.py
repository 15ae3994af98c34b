"""A template filled in with rows of nobody comes in without a fault, for every table there is."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from xiezhi.contracts.kinds import Format
from xiezhi.contracts.loader import load_contracts
from xiezhi.intake.sheets.guide_sheet import HEADS, NAMES, is_guide
from xiezhi.kernel.errors import UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.templates import example_row, make_template

CONTRACTS = load_contracts(CoreConfig().content_roots)
TABLES = [one.name for one in CONTRACTS if one.format is Format.TABULAR]


def cells(template: bytes) -> dict[str, list[list[str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template))
    return {name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def filled(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    with Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell)
    return path


def test_every_table_filled_in_is_received_without_a_fault(tmp_path: Path) -> None:
    """As a workbook, explanation and all, and as text: both headers are the contract's own, and every example is sound."""
    files = []
    for name in TABLES:
        table = CONTRACTS.get(name).table()
        example = example_row(table)
        for language in NAMES:
            book = cells(make_template(CoreConfig(), name, "xlsx", language))
            (title, rows), (guide, explained) = book.items()
            assert rows == [[field.business_name for field in table.fields]], name
            assert guide == NAMES[language]
            assert [row[5] for row in explained[1:]] == list(example.values()), name
            assert is_guide(guide, explained[0])
        files.append(filled(tmp_path / f"{name}.xlsx", {**book, title: [*rows, list(example.values())]}))
        text = make_template(CoreConfig(), name, "csv")
        assert text.startswith(b"\xef\xbb\xbf")
        (header,) = csv.reader(io.StringIO(text.decode("utf-8-sig")))
        assert header == rows[0]
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_bytes(text + ",".join(example.values()).encode() + b"\r\n")
    receipts = receive_delivery(CoreConfig(), files, tmp_path / "lake")
    said = [(one.contract, one.refused, one.delivered, one.accepted) for one in receipts]
    wrong = [(one.file, one.refusal, one.reasons, one.repairs) for one in receipts if one.refused or not one.accepted]
    assert said == [(name, False, 1, 1) for name in TABLES for _ in range(2)], wrong


def test_what_is_required_and_what_codes_mean_is_explained() -> None:
    book = cells(make_template(CoreConfig(), "dibao_member", "xlsx"))
    explained = {row[0]: row for row in book[NAMES["zh"]][1:]}
    for field in CONTRACTS.get("dibao_member").table().fields:
        assert explained[field.business_name][1] == ("必填" if field.required or field.primary_key else "选填")
        if field.codelist:
            assert explained[field.business_name][4].startswith(f"{field.codelist.codes[0].code} ")


def test_only_the_explanation_itself_is_passed_over() -> None:
    assert is_guide("填写说明", HEADS["zh"])
    assert not is_guide("填写说明", [*HEADS["zh"][:-1], "备注"])
    assert not is_guide("低保名册", HEADS["zh"])


def test_what_is_no_table_has_no_template() -> None:
    with pytest.raises(UserError) as raised:
        make_template(CoreConfig(), "ocds_release", "xlsx")
    assert raised.value.code == "XZ-TEMPLATE-01"
