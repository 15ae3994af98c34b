"""What an .xlsx says of its sheets beside their values, as its XML says it, and how its sender is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xiezhi.intake.workbooks.marks import Marks, marks_of

BOOK, RELATIONS, SHEET, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml"
COMMENTS = "xl/comments1.xml"
PARTS = {
    BOOK: '<workbook><sheets><sheet name="明细 &amp; 表" sheetId="1" r:id="rId1"/></sheets></workbook>',
    RELATIONS: '<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    SHEET: '<row r="1"><c r="A1" s="1"><v>1</v></c></row>',
}


def marked(path: Path, **changed: str) -> dict[str, Marks]:
    """The marks of a workbook with these parts."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (PARTS | changed).items():
            archive.writestr(name, text)
    return marks_of(path)


def of_rows(*rows: str) -> Marks:
    """The marks of a sheet whose XML comes in these blocks."""
    marks = Marks()
    for block in rows:
        marks.take(block.encode(), None)
    return marks


def numbered(*numbers: int) -> str:
    return "".join(f'<row r="{number}"><c/></row>' for number in numbers)


@pytest.mark.parametrize(("numbers", "twice"), [
    ((), None), ((1,), None), ((1, 2), None), ((1, 1), 1), ((1, 2, 3, 4), None), ((1, 2, 2, 3), 2), ((1, 2, 3, 3), 3),
    ((4, 3, 2, 1), None), ((1, 3, 2, 3), 3), ((7, 5, 5, 7), 5), ((2, 9, 9, 9), 9), ((1, 2, 9, 4), None),
])  # fmt: skip
def test_the_first_row_number_that_stands_twice(numbers: tuple[int, ...], twice: int | None) -> None:
    assert of_rows(numbered(*numbers)).repeated == twice
    assert of_rows(*map(numbered, numbers)).repeated == twice


@pytest.mark.parametrize("row", ['<row\n r="7">', "<row spans='1:3' r='7'>", '<x:row r="7">', '<row r="7" hidden="1"/>'])
def test_a_row_is_numbered_however_it_is_written(row: str) -> None:
    assert of_rows(numbered(1, 7, 8), row).repeated == 7


def test_rows_of_one_block_are_written_in_several_ways() -> None:
    assert of_rows(numbered(1, 2) + '<x:row r="3">' + numbered(3)).repeated == 3
    assert of_rows('<x:row r="4"/><x:row r="4"/>').repeated == 4


@pytest.mark.parametrize(("rows", "count"), [
    ('<row r="2" hidden="1"><c/></row><row r="3" ht="9" hidden = "true"><c/></row>', 2),
    ("<x:row hidden='on' r='2'><c/></x:row>", 1),
    ('<row r="2" hidden="0"><c/></row><row r="3" hidden="false"><c/></row>', 0), ('<row r="2" hidden="1"/>', 0),
    ('<row r="2"><c t="str"><v>hidden="1"</v></c></row>', 0), ('<row r="2"><c/></row>', 0),
])  # fmt: skip
def test_hidden_rows_with_cells_are_counted(rows: str, count: int) -> None:
    marks = of_rows(rows, rows)
    assert (marks.hidden_rows, marks.hidden_columns) == (2 * count, [])


def test_hidden_columns_are_kept_as_ranges() -> None:
    columns = '<col min="1" max="1" width="9"/><col min="2" max="4" hidden="1"/>' + "<col hidden='true' max='16384' min='9'/>"
    assert of_rows(f"<cols>{columns}</cols>") == Marks(hidden_columns=[(2, 4), (9, 16384)])


@pytest.mark.parametrize(("ranges", "columns", "count"), [
    ([(2, 9)], 3, 2), ([(2, 2)], 3, 1), ([(3, 3)], 3, 1), ([(1, 3)], 3, 3), ([(1, 16384)], 3, 3), ([(1, 1), (3, 9)], 3, 2),
    ([(2, 4)], 9, 3),
])  # fmt: skip
def test_of_hidden_columns_those_that_the_sheet_has_are_told(ranges: list[tuple[int, int]], columns: int, count: int) -> None:
    told = Marks(hidden_columns=ranges).note(columns)
    assert told is not None
    assert told.zh == f"表中有隐藏的 {count} 列:各单元格照常读取;若其中有不是要报送的数据,请删去后重新报送"
    assert told.en == (
        f"the sheet has {count} hidden column(s): all cells were read all the same."
        " Delete what is no part of the delivery and deliver again"
    )


@pytest.mark.parametrize("ranges", [[], [(4, 4)], [(5, 16384)], [(4, 4), (9, 9)]])
def test_where_nothing_of_the_sheet_is_marked_nothing_is_told(ranges: list[tuple[int, int]]) -> None:
    assert Marks(hidden_columns=ranges).note(3) is None


def test_all_that_is_marked_is_told_in_one_sentence() -> None:
    told = Marks(hidden_rows=1, hidden_columns=[(1, 2)], struck=3, comments=4).note(2)
    assert told is not None
    assert told.zh.startswith(
        "表中有隐藏或筛选掉的 1 行、隐藏的 2 列、带删除线的 3 个单元格、4 条批注(批注的内容不读):各单元格照常读取"
    )
    assert told.en.startswith(
        "the sheet has 1 row(s) hidden or filtered out, 2 hidden column(s), 3 cell(s) struck out,"
        " 4 comment(s), which themselves are not read: all cells"
    )


def test_what_is_shown_stands_in_the_place_of_what_the_reader_gives() -> None:
    """The reader begins with column B here; what lies outside of its rows is passed over."""
    shown = {0: {1: "000042", 3: "60%"}, 2: {0: "x", 2: "#N/A", 4: "x", 5: "x"}, 9: {1: "x"}}
    rows = [[42.0, "a", 0.6], [1.0, "b", 2.0], [3.0, "", 4.0]]
    assert list(Marks(shown=shown).rows(iter(rows), 1)) == [["000042", "a", "60%"], [1.0, "b", 2.0], [3.0, "#N/A", 4.0]]
    assert list(Marks(shown={0: {0: "00", 1: "01"}}).rows(iter([[1.0, 2.0]]), 0)) == [["00", "01"]]


def test_a_plain_workbook_has_a_sheet_without_marks(tmp_path: Path) -> None:
    [(name, marks)] = marked(tmp_path / "a.xlsx").items()
    assert (name, marks.note(9), marks.repeated, marks.shown) == ("明细 & 表", None, None, {})


def test_every_sheet_is_found_where_the_workbook_says(tmp_path: Path) -> None:
    """Under any name, from the root or not, by backslashes or not, in any case; one whose part is missing is left out."""
    names = ("worksheets/sheet1.xml", "/xl/worksheets/other.dat", "..\\Second.xml", "worksheets/missing.xml")
    relations = "".join(f"<Relationship Id='r{at}' Target='{name}'/>" for at, name in enumerate(names))
    sheets = "".join(f"<x:sheet name='表{at}' r:id='r{at}'/>" for at in range(5))
    found = marked(
        tmp_path / "a.xlsx",
        **{BOOK: sheets, RELATIONS: relations, "XL\\Worksheets\\Other.dat": numbered(2, 2), "second.xml": numbered(5, 5)},
    )
    assert {name: marks.repeated for name, marks in found.items()} == {"表0": None, "表1": 2, "表2": 5}


def test_comments_are_counted_once(tmp_path: Path) -> None:
    """Programs of today keep each as a thread, too; a part that is missing, or holds something else, is passed over."""
    names = ("../comments1.xml", "../threadedComments/threadedComment1.xml", "../drawings/vml1.vml", "../comments9.xml")
    relations = "".join(f'<Relationship Id="rId{at}" Target="{name}"/>' for at, name in enumerate(names))
    [marks] = marked(tmp_path / "a.xlsx", **{
        "xl/worksheets/_rels/sheet1.xml.rels": relations,
        COMMENTS: "<comments><authors/><commentList><comment ref='A1'/><x:comment ref='B1'/></commentList></comments>",
        "xl/threadedComments/threadedComment1.xml": "<comment ref='A1'/>",
        "xl/drawings/vml1.vml": "<comment ref='A1'/>",
    }).values()  # fmt: skip
    assert marks.comments == 2


PLAIN, STRUCK = "<font><b/></font>", "<font><strike/><sz val='9'/></font>"


def styles(fonts: str, cells: str) -> str:
    """With the styles that have a name, which no cell refers to."""
    return (
        f"<styleSheet><fonts count='3'>{fonts}</fonts><cellStyleXfs><xf fontId='1'/></cellStyleXfs>"
        f"<cellXfs count='3'>{cells}</cellXfs><dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>"
    )


CELLS = """<c r="A1" s="0"><v>1</v></c><c r="B1" s="1"><v>1</v></c><c s='2' r='C1'><v>1</v></c>
<x:c r="D1" s="12"><x:v>1</x:v></x:c><c r="E1"><v>1</v></c><c r="F1" s="1"/><c r="G1" s="2"/><c r="H1" s="2"><v>1</v></c>"""


@pytest.mark.parametrize(("xml", "struck"), [
    (styles(PLAIN + STRUCK, '<xf fontId="0"/><xf fontId="1"/><xf fontId="0"/>'), 1),
    (styles(STRUCK + PLAIN, '<xf fontId="1"/><xf numFmtId="0" fontId="1"/><xf fontId="0"/>'), 2),
    (styles(STRUCK + PLAIN, '<xf fontId="0"/><xf fontId="0"/><xf fontId="0"/>'), 4),
    (styles("<font/>" + PLAIN + STRUCK, "<xf/><xf fontId='1'/><xf fontId='2'/>"), 2),
    (styles(PLAIN + STRUCK.replace("<strike/>", '<strike val="0"/>'), '<xf fontId="1"/><xf fontId="1"/>'), 0),
    (styles(PLAIN + STRUCK.replace("<strike/>", "<x:strike val = '1' />"), '<xf fontId="0"/><xf fontId="1"/>'), 1),
    (styles(PLAIN + STRUCK, '<xf fontId="0"/><xf fontId="0"/>'), 0),
    (styles(PLAIN, '<xf fontId="0"/><xf fontId="1"/>'), 0),
    (f"<styleSheet><fonts>{PLAIN}{STRUCK}</fonts></styleSheet>", 0),
    (f"<styleSheet><fonts>{PLAIN}{STRUCK}</fonts><cellXfs><xf fontId='1'/>", 0),
    ("<styleSheet/>", 0),
])  # fmt: skip
def test_filled_cells_whose_font_is_struck_out_are_counted(xml: str, struck: int, tmp_path: Path) -> None:
    [marks] = marked(tmp_path / "a.xlsx", **{STYLES: xml, SHEET: f'<row r="1">{CELLS}</row>'}).values()
    assert marks.struck == struck
