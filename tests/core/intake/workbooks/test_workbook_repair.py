"""Which workbooks are written anew before they are read, and what the copy says."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.files.test_readers_workbook import sheet_xml
from tests.core.intake.reading import read, rewrite_zip

from xiezhi.intake.sheets.sheet import Part
from xiezhi.intake.workbooks.repair import needs_repair, plain_copy

ERROR = '<c r="A2" t="e"><v>#SPILL!</v></c>'


def book(path: Path, *sheets: str) -> Path:
    """A workbook with shared texts, and a sheet of one row for each name."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name in sheets:
            made.add_worksheet(name).write_row(0, 0, ["姓名", "金额"])
    return path


def test_a_workbook_that_the_reader_reads_as_it_stands_is_left_alone(tmp_path: Path) -> None:
    assert not needs_repair(book(tmp_path / "a.xlsx", "一", "二"))


@pytest.mark.parametrize("error", [ERROR, '<c t="e" r="A2"><v>#DIV/0!</v></c>', "<c t='e'><v>#DIV/0!</v></c>"])
def test_one_sheet_with_an_error_is_enough(error: str, tmp_path: Path) -> None:
    plain = book(tmp_path / "a.xlsx", "一", "二")
    wrong = sheet_xml(plain).replace("</sheetData>", f'<row r="2">{error}</row></sheetData>')
    rewrite_zip(plain, tmp_path / "b.xlsx", {"xl/worksheets/sheet2.xml": wrong.encode()})
    assert needs_repair(tmp_path / "b.xlsx")


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
STRUCK = "<si><r><rPr><b/><strike/><sz val='9'/></rPr><t>900</t></r><r><t>100</t></r></si>"
PERCENT = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>'
SOUND = {"xl/workbook.xml": "<workbook/>", TEXTS: "<sst><si><t>姓名</t></si></sst>", SHEET: '<c r="A1" t="s"><v>0</v></c>'}


def parts(path: Path, **changed: str) -> Path:
    """A workbook of these parts, and nothing else in it."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (SOUND | changed).items():
            archive.writestr(name, text)
    return path


def cell(inner: str, attributes: str = 'r="A2"', prefix: str = "") -> str:
    return f"<{prefix}c {attributes}>{inner}</{prefix}c>"


@pytest.mark.parametrize(("part", "text"), [
    (SHEET, ERROR),
    (SHEET, ERROR.replace('"', "'")),
    (SHEET, ERROR + ERROR.replace('"', "'")),
    ("xl/worksheets/sheet2.xml", cell("<f>A9</f><v>#N/A</v>", 'r="A2" s="1" t="e"')),
    ("XL/Worksheets/Sheet3.XML", ERROR),
    (SHEET, cell("<f>A9</f>")),
    (SHEET, cell('<x:f t="shared" si="0"/>', prefix="x:")),
    (SHEET, f'<c t="inlineStr" r="A2">{STRUCK}</c>'),
    (TEXTS, STRUCK),
    ("XL/SHAREDSTRINGS.XML", STRUCK),
    ("xl/styles.xml", PERCENT),
    ("xl\\theme\\theme1.xml", "<theme/>"),
])  # fmt: skip
def test_one_thing_that_the_reader_would_lose_is_enough(part: str, text: str, tmp_path: Path) -> None:
    assert needs_repair(parts(tmp_path / "a.xlsx", **{part: text})) is True


@pytest.mark.parametrize(("part", "text"), [
    (SHEET, cell('<v>"e"</v>', 'r="A2" t="str"')),
    (SHEET, cell("<v/>")),
    (SHEET, cell("<f>40+2</f><v>42</v>")),
    (TEXTS, STRUCK.replace("<strike/>", '<strike val="0"/>')),
    ("xl/styles.xml", "<styleSheet><fonts><font><strike/></font></fonts></styleSheet>"),
    ("xl/comments1.xml", STRUCK),
    ("docProps/app.xml", ERROR),
])  # fmt: skip
def test_what_only_looks_like_it_is_left_alone(part: str, text: str, tmp_path: Path) -> None:
    assert needs_repair(parts(tmp_path / "a.xlsx", **{part: text})) is False


def mended(path: Path, scratch: Path) -> dict[str, str]:
    """The parts of the copy by their names."""
    copy = plain_copy(Part(path, None, path), scratch)
    assert (copy.parent, copy.suffix) == (scratch, ".xlsx")
    with zipfile.ZipFile(copy) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize(("before", "after"), [
    (ERROR, '<c r="A2" t="str"><v>#SPILL!</v></c>'),
    (cell("<f>1/0</f><v>#DIV/0!</v>", "r='A2' t='e' s='1'"), "<c r='A2' s='1' t=\"str\"><f>1/0</f><v>#DIV/0!</v></c>"),
    (cell('<f t="shared" si="0"/><v>#TOMORROW!</v>', 'r="A2" t="e"'),
     cell('<f t="shared" si="0"/><v>#VALUE!</v>', 'r="A2" t="str"')),
    (cell("<x:v>#REF!</x:v>", 'r="A2" t="e"', "x:"), cell("<x:v>#REF!</x:v>", 'r="A2" t="str"', "x:")),
    (cell("<f>A9</f>"), cell("<f>A9</f><v>#VALUE!</v>", 'r="A2" t="str"')),
    (cell("<x:f>A9</x:f>", 'r="A2" t="n"', "x:"), cell("<x:f>A9</x:f><x:v>#VALUE!</x:v>", 'r="A2" t="str"', "x:")),
    (cell("<v>0.6</v>", 'r="A2" s="1"'), cell("<v>60%</v>", 'r="A2" s="1" t="str"')),
    (cell("<v>0.6</v>", 'r="A2" s="0"'), cell("<v>0.6</v>", 'r="A2" s="0"')),
    (cell(STRUCK), cell(STRUCK).replace("900", "[900]")),
])  # fmt: skip
def test_a_sheet_is_written_as_a_person_sees_it(before: str, after: str, tmp_path: Path) -> None:
    path = parts(tmp_path / "a.xlsx", **{SHEET: SOUND[SHEET] + before, "xl/styles.xml": PERCENT})
    assert mended(path, tmp_path) == {**SOUND, SHEET: SOUND[SHEET] + after, "xl/styles.xml": PERCENT}


def test_texts_have_their_struck_runs_apart_and_other_parts_stand_as_they_are(tmp_path: Path) -> None:
    other = {"xl/comments1.xml": STRUCK + ERROR, "docProps/app.xml": cell("<f>A9</f>")}
    path = parts(
        tmp_path / "a.xlsx", **{TEXTS: STRUCK + ERROR, "xl\\worksheets\\sheet2.xml": cell("<v>0.6</v>", 's="1"')}, **other
    )
    assert mended(path, tmp_path) == {
        **SOUND,
        TEXTS: STRUCK.replace("900", "[900]") + ERROR,
        "xl/worksheets/sheet2.xml": cell("<v>0.6</v>", 's="1"'),
        **other,
    }


@pytest.mark.parametrize(("value", "later", "said"), [(0, True, "#VALUE!"), (0, False, "0"), (12, True, "12")])
def test_a_formula_that_nobody_reckoned_has_no_value(value: float, later: bool, said: str, tmp_path: Path) -> None:
    """Programs that do not reckon write 0 and ask whoever opens the file to do it: an amount would be nothing."""
    made = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["流水号", "单价", "数量", "金额"])
        page.write_row(1, 0, ["P1", 3, 4])
        page.write_formula(1, 3, "=B2*C2", None, value)
    if not later:
        with zipfile.ZipFile(made) as archive:
            written = archive.read("xl/workbook.xml").replace(b' fullCalcOnLoad="1"', b"")
        rewrite_zip(made, tmp_path / "b.xlsx", {"xl/workbook.xml": written})
        made = tmp_path / "b.xlsx"
    [[row]] = read(made, tmp_path).rows
    assert row[-1] == said
