"""Files made to do harm: refused, or read without harm, within a memory that a child process may not exceed."""

from __future__ import annotations

import gzip
import json
import os
import struct
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.reading import read, rewrite_zip

from xiezhi.intake.files.delivered import Limits
from xiezhi.intake.sheets.sheet import Part
from xiezhi.intake.workbooks.check import check_workbook
from xiezhi.kernel.errors import RefusedDelivery

CHILD = """
import json, resource, sys
from pathlib import Path
from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.files import readers
from xiezhi.kernel.errors import RefusedDelivery
import pyarrow.csv, python_calamine, xiezhi.engines.duckdb_engine
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
delivered, rows, codes = open_delivered(Path(sys.argv[1]), Limits(), Path(sys.argv[2])), 0, []
while True:
    try:
        for batch in next(delivered).batches():
            rows += batch.num_rows
    except StopIteration:
        break
    except RefusedDelivery as refused:
        codes.append(refused.code)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"rows": rows, "codes": codes, "grown_mb": (after - before) / 1024}))
"""


def in_child(path: Path, scratch: Path) -> dict[str, object]:
    """Rows, refusals and megabytes grown, of a process of its own that reads `path`."""
    run = [sys.executable, "-c", textwrap.dedent(CHILD), str(path), str(scratch)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(done.stdout))


def xlsx(path: Path, sheet_data: str, extra: dict[str, bytes] | None = None) -> Path:
    """A workbook whose sheet holds this XML."""
    plain = path.with_suffix(".plain")
    with xlsxwriter.Workbook(str(plain)) as workbook:
        workbook.add_worksheet("一").write_row(0, 0, ["a", "b"])
    with zipfile.ZipFile(plain) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    before, _, rest = xml.partition("<sheetData>")
    after = rest.partition("</sheetData>")[2]
    changed = f"{before}<sheetData>{sheet_data}</sheetData>{after}".encode()
    rewrite_zip(plain, path, {"xl/worksheets/sheet1.xml": changed, **(extra or {})})
    return path


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "姓名")}{text_cell("B1", "金额")}</row>'


def test_bombs(tmp_path: Path) -> None:
    zeros = b"0" * (40 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(zeros))
    assert read(tmp_path / "a.csv.gz", tmp_path).codes == ["archive_ratio"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", zeros)
    assert read(tmp_path / "a.zip", tmp_path).codes == ["archive_ratio"]


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (40 << 20))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.find(b"PK\x01\x02") + 24, 100)
    path.write_bytes(bytes(data))
    assert read(path, tmp_path).codes == ["archive_damaged"]


def test_a_workbook_that_unpacks_773_to_1(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}", "0" * (1 << 20))}</row>' for n in range(2, 50))
    path = xlsx(tmp_path / "a.xlsx", HEADER + rows)
    with zipfile.ZipFile(path) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 773 * path.stat().st_size
    assert read(path, tmp_path).codes == ["archive_ratio"]


def test_two_cells_in_opposite_corners(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", HEADER + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>')
    found = in_child(path, tmp_path)
    assert found["codes"] == ["workbook_size"]
    assert float(str(found["grown_mb"])) < 100


@pytest.mark.parametrize("cell", ["<c t='inlineStr' r='XFD1048576'><is><t>x</t></is></c>", '<c\nr="XFD1048576"><v>1</v></c>'])
def test_corners_written_in_other_ways(tmp_path: Path, cell: str) -> None:
    assert read(xlsx(tmp_path / "a.xlsx", f'{HEADER}<row r="1048576">{cell}</row>'), tmp_path).codes == ["workbook_size"]


def test_cells_that_do_not_say_where_they_stand(tmp_path: Path) -> None:
    cells = "<c><v>1</v></c>"
    wide = f"<row>{cells * 3000}</row>" + f"<row>{cells}</row>" * 9000
    assert read(xlsx(tmp_path / "a.xlsx", wide), tmp_path).codes == ["workbook_size"]


def test_one_long_text_in_very_many_cells(tmp_path: Path) -> None:
    texts = f"<si><t>{'长' * 30_000}</t></si>"
    long = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{texts}</sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 20_000))
    path = xlsx(tmp_path / "a.xlsx", HEADER + rows, {"xl/sharedStrings.xml": long.encode()})
    assert read(path, tmp_path).codes == ["workbook_size"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml"])
def test_entities_in_any_part(tmp_path: Path, part: str) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    plain = xlsx(tmp_path / "a.xlsx", HEADER)
    rewrite_zip(plain, tmp_path / "b.xlsx", {part: evil})
    assert read(tmp_path / "b.xlsx", tmp_path).codes == ["xml_dtd"]


def test_wrong_extensions_are_seen_through(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", HEADER + f'<row r="2">{text_cell("A2", "=1+1")}</row>').rename(tmp_path / "a.csv")
    found = read(path, tmp_path)
    assert (found.sheets[0].format, found.rows[0]) == ("xlsx", [(2, "=1+1", "")])
    assert found.sheets[0].notes
    (tmp_path / "b.xlsx").write_text("a,b\n=cmd(),2\n")
    assert read(tmp_path / "b.xlsx", tmp_path).rows == [[(2, "=cmd()", "2")]]


def test_damaged_workbooks(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)
    assert read(tmp_path / "a.xls", tmp_path).codes == ["workbook_damaged"]
    plain = xlsx(tmp_path / "b.xlsx", HEADER)
    rewrite_zip(plain, tmp_path / "c.xlsx", {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})
    assert read(tmp_path / "c.xlsx", tmp_path).codes in (["workbook_damaged"], [])


def test_a_line_of_a_hundred_megabytes_is_not_held_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as handle:
        handle.write(b'a,b\n1,2\n"')
        handle.writelines([b"x" * (1 << 20)] * 100)
        handle.write(b'",2\n')
    found = in_child(tmp_path / "a.csv", tmp_path)
    assert found["codes"] == ["record_too_long"]
    assert float(str(found["grown_mb"])) < 60


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert read(tmp_path / "a.csv", tmp_path).codes == ["unknown_format"]


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n3," + b"x" * (10 << 20) + b"\n5,6\n")
    found = in_child(tmp_path / "a.csv", tmp_path)
    assert found["codes"] == ["record_too_long"]
    assert float(str(found["grown_mb"])) < 150
    (tmp_path / "b.jsonl").write_bytes(b'{"a":"1"}\n{"a":"' + b"x" * (10 << 20) + b'"}\n')
    assert read(tmp_path / "b.jsonl", tmp_path).codes == ["json_damaged"]


def test_nesting_that_would_exhaust_a_stack(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"releases":[' + "[" * 200_000)
    assert read(tmp_path / "a.json", tmp_path).codes == ["json_damaged"]
    (tmp_path / "b.jsonl").write_text('{"a":"1"}\n{"a":' + "[" * 100_000 + "]" * 100_000 + "}\n")
    found = read(tmp_path / "b.jsonl", tmp_path)
    assert len(found.rows[0]) + len(found.broken) == 2


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    row = "FP0001,990105199001011234,张伟,ELD80,2025-01,2025-01-15,120.00,6222020200001234567\n".encode()
    path = tmp_path / "a.csv"
    with path.open("wb") as handle:
        handle.write("流水号,身份证号,姓名,项目,月份,日期,金额,账号\n".encode())
        for _ in range(150):
            handle.write(row * 10_000)
    found = in_child(path, tmp_path)
    assert found["rows"] == 1_500_000
    assert float(str(found["grown_mb"])) < 350


def test_a_table_too_wide(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(f"c{n}" for n in range(50)) + "\n")
    assert read(tmp_path / "a.csv", tmp_path, Limits(max_columns=20)).codes == ["too_many_columns"]


def renamed(path: Path, old: str, new: str) -> Path:
    """The workbook with a part called otherwise, as its own list of parts then says: the name is free."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    target = path.with_name(f"renamed-{path.name}")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            told = content
            if name.endswith((".rels", "Content_Types].xml")):
                told = content.replace(old.encode(), new.encode())
            archive.writestr(name.replace(old, new), told)
    return target


@pytest.mark.parametrize("name", ["sheet1.dat", "sheet1", "SHEET1.XML", "sheet1.png"])
def test_a_part_is_judged_by_its_content(tmp_path: Path, name: str) -> None:
    """The same sheet under any name: read where it is sound, refused where it would grow without end."""
    sound = renamed(
        xlsx(tmp_path / "a.xlsx", f'{HEADER}<row r="2">{text_cell("A2", "甲")}{text_cell("B2", "7")}</row>'), "sheet1.xml", name
    )
    assert read(sound, tmp_path).codes == []
    far = renamed(
        xlsx(tmp_path / "b.xlsx", HEADER + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'), "sheet1.xml", name
    )
    assert in_child(far, tmp_path)["codes"] == ["workbook_size"]


def test_shared_texts_under_another_name(tmp_path: Path) -> None:
    long = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"长" * 30_000}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 20_000))
    path = xlsx(tmp_path / "a.xlsx", HEADER + rows, {"xl/sharedStrings.xml": long.encode()})
    assert read(renamed(path, "sharedStrings.xml", "texts.bin"), tmp_path).codes == ["workbook_size"]


def checked(path: Path, limits: Limits | None = None) -> str | None:
    """The code of the refusal, before any library opens the workbook."""
    try:
        check_workbook(Part(path, None, path), limits or Limits())
    except RefusedDelivery as refused:
        return refused.code
    return None


def test_a_corner_among_cells_written_in_every_way(tmp_path: Path) -> None:
    cells = """<c><v>1</v></c><c\tr="A2"/><c\rr="B2"/><x:c r='C2' t='s'/><c\nr="XFD1048576"><v>1</v></c>"""
    assert checked(xlsx(tmp_path / "a.xlsx", f"{HEADER}<row>{cells}</row>")) == "workbook_size"


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(("used", "code"), [(0, "workbook_size"), (1, None)])
def test_texts_weigh_as_often_as_cells_refer_to_them(quote: str, used: int, code: str | None, tmp_path: Path) -> None:
    texts = f"<sst><si><t>{'x' * (2 << 20)}</t></si><si><t>y</t></si></sst>".encode()
    kind = f"t={quote}s{quote}"
    rows = "".join(f'<row r="{n}"><c r="A{n}" {kind}><v>{used}</v></c></row>' for n in range(2, 600))
    path = xlsx(tmp_path / "a.xlsx", HEADER + rows, {"xl/sharedStrings.xml": texts})
    assert checked(path) == code


def test_a_workbook_that_says_it_unpacks_to_more_than_a_gibibyte_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", HEADER)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.find(b"PK\x01\x02") + 24, (1 << 30) + 1)
    path.write_bytes(bytes(data))
    assert checked(path) == "workbook_size"


@pytest.mark.parametrize(("fewer", "code"), [(0, None), (1, "archive_ratio")])
def test_a_workbook_may_pack_as_well_as_the_ratio_says(fewer: int, code: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f"<a>{' ' * 9_993}")
        archive.writestr("a", "<a/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b" " * (1_000 - path.stat().st_size - fewer)
    assert path.stat().st_size == 1_000 - fewer
    assert checked(path, Limits(ratio_free_bytes=0, max_ratio=10)) == code
