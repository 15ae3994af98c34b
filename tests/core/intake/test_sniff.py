"""What kind of file it is, by its content alone; what is none of ours is refused with what it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xiezhi.intake.sheet import Part
from xiezhi.intake.sniff import sniff
from xiezhi.kernel.errors import RefusedDelivery


def kind(path: Path) -> str:
    return sniff(Part(path, None, path), None)[0]


def refused(path: Path) -> str:
    """Why a file is refused, in words."""
    with pytest.raises(RefusedDelivery) as found:
        kind(path)
    assert found.value.code == "unknown_format"
    return found.value.en


@pytest.mark.parametrize(
    ("member", "what"),
    [("word/document.xml", "DOCX"), ("xl/workbook.bin", "XLSB"), ("ppt/presentation.xml", "office document")],
)
def test_an_office_document_that_holds_no_sheets_is_refused_by_its_kind(member: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "<x/>")
    assert what in refused(path)


@pytest.mark.parametrize(
    "text",
    ['<?xml version="1.0"?><rows><row/></rows>', "<!DOCTYPE note><note/>", "<html><body>无表格</body></html>"],
)
def test_markup_without_a_table_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert "XML/HTML" in refused(path)


def test_a_table_that_begins_with_an_angle_bracket_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("<姓名>,<金额>\n张三,1\n", encoding="utf-8")
    assert kind(path) == "text"


def test_control_characters_throughout_are_no_text_and_a_few_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x02\x03\x04\x05 a" * 100)
    assert "binary" in refused(path)
    path.write_bytes(b"a,b\n" + b"\x02" * 10 + b",1\n")
    assert kind(path) == "text"
    path.write_bytes(b"a,b\n" + b"\x02" * 20 + b",1\n" * 500)
    assert kind(path) == "text"
