"""What an .xlsx would cost is known before a library unpacks it: its listing, its declarations, its corners, its texts."""

from __future__ import annotations

import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from xiezhi.intake.sheets.sheet import Limits, Part
from xiezhi.intake.workbooks import check
from xiezhi.intake.workbooks.check import blocks, check_workbook
from xiezhi.kernel.errors import RefusedDelivery

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def workbook(path: Path, *parts: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, data in parts:
            archive.writestr(name, data)
    return path


def refusal(path: Path, limits: Limits | None = None) -> tuple[str, str] | None:
    """Code and words of the refusal; None: the workbook may be opened."""
    try:
        check_workbook(Part(path, None, path), limits or Limits())
    except RefusedDelivery as refused:
        return refused.code, refused.zh
    return None


def size(path: Path) -> int:
    """Bytes of all parts, unpacked."""
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


CELL = "<v>1</v></c>"
STYLED = f"<c s='1'>{CELL}"
EMPTY = "".join(f'<c r="{column}1" s="1"/>' for column in "BCDEFGHI")
UP_TO_D3 = {
    "plain": f'<row r="1"><c r="A1">{CELL}</row><row r="3"><c r="D3" s="1">{CELL}</row>',
    "its column and its row in two cells": f'<row r="1"><c r="D1">{CELL}</row><row r="3"><c r="A3">{CELL}</row>',
    "single quotes": f"<row r='1'><c r='A1'>{CELL}</row><row r='3'><c r='D3'>{CELL}</row>",
    "prefix": '<x:row r="3"><x:c r="A3"><x:v>1</x:v></x:c><x:c r="D3" t="n"><x:v>1</x:v></x:c></x:row>',
    "other attributes first": f'<row r="3"><c r="A3">{CELL}<c s="1" t="n" r="D3">{CELL}</row>',
    "tabs": f'<row r="3"><c r="A3">{CELL}<c\tr="D3">{CELL}</row>',
    "line ends": f'<row\nr="3"><c\nr="D3">{CELL}<c\rr = "A3">{CELL}</row>',
    "no places": f"<row>{('<c>' + CELL) * 4}</row><row><c>{CELL}</row><row><c>{CELL}</row>",
    "no places, with styles": f"<row ht='9'><c s='1'>{CELL}</row><row>{STYLED * 4}</row><row><c>{CELL}</row>",
    "empty formatted cells further out": f'<row r="3"><c r="D3">{CELL}</row><row r="9"><c r="Z9" s="1"/><c r="AA9" s="1"/></row>',
    "empty formatted cells beside": f'<row r="1"><c r="A1">{CELL}{EMPTY}</row><row r="2"/>'
    f'<row r="3"><c r="D3">{CELL}</row><row r="4"/>',
}


@pytest.mark.parametrize("block", [48, 64, 97, 1 << 20])
@pytest.mark.parametrize("written", UP_TO_D3)
def test_the_corner_counts_however_it_is_written(
    written: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a block of the part ends."""
    monkeypatch.setattr(check, "_BLOCK", block)
    path = workbook(tmp_path / "a.xlsx", (SHEET, f"<sheetData>{UP_TO_D3[written]}</sheetData>".encode()))
    assert refusal(path, Limits(max_workbook_cells=12)) is None
    assert refusal(path, Limits(max_workbook_cells=11)) == ("workbook_size", "工作簿过大:3 x 4 cells")


@pytest.mark.parametrize(("reference", "cells"), [
    ("A1", "1 x 1"), ("Z1", "1 x 26"), ("AA1", "1 x 27"), ("AZ2", "2 x 52"), ("BA1", "1 x 53"), ("ZZ1", "1 x 702"),
    ("AAA1", "1 x 703"),
    ("XFD1048576", "1048576 x 16384"),
])  # fmt: skip
def test_columns_are_counted_by_their_letters(reference: str, cells: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, f'<row><c r="{reference}">{CELL}</row>'.encode()))
    assert refusal(path, Limits(max_workbook_cells=0)) == ("workbook_size", f"工作簿过大:{cells} cells")


HIGH = "<row ht='9'></row>"


@pytest.mark.parametrize(
    ("written", "cells"),
    [
        (f"<row><c>{CELL}</row>{'<row/>' * 3000}<row>{'<c/>' * 300}<c>{CELL}</row>", "3002 x 301"),
        (f"<row r='7'><c r='B7'>{CELL}</row>{HIGH * 30}<row><c>{CELL}</row>", "38 x 3"),
        (HIGH * 30, "30 x 0"),
        (f"<row r='7'><c r='B7'>{CELL}{'<c/>' * 9}<c>{CELL}</row>", "7 x 12"),
    ],
)
def test_rows_and_cells_without_a_place_count_behind_the_others(written: str, cells: str, tmp_path: Path) -> None:
    """Empty ones too: the reader gives each a place, and so makes room for them."""
    path = workbook(tmp_path / "a.xlsx", (SHEET, f"<sheetData>{written}</sheetData>".encode()))
    told = None if cells.endswith(" 0") else ("workbook_size", f"工作簿过大:{cells} cells")
    assert refusal(path, Limits(max_workbook_cells=20)) == told


def test_each_sheet_has_its_own_size(tmp_path: Path) -> None:
    one = f'<row r="3"><c r="D3">{CELL}</row>'.encode()
    path = workbook(
        tmp_path / "a.xlsx", (SHEET, one), ("xl/worksheets/sheet2.xml", one), (TEXTS, b"<sst/>"), ("docProps/app.xml", b"")
    )
    assert refusal(path, Limits(max_workbook_cells=12)) is None


LONG = 2 << 20
FITS = (1 << 30) // LONG
SHORT = "<si><t>y</t></si>"


def texts(place: int) -> bytes:
    """Two texts, of which the one of this place takes LONG bytes with its markup."""
    before = ["<sst><si><t>", f"<sst>{SHORT}<si><t>"][place]
    taken = len(before.removeprefix(f"<sst>{SHORT}")) + len("</t>")
    return f"{before}{'x' * (LONG - taken)}</t></si>{SHORT if place == 0 else ''}</sst>".encode()


@pytest.mark.parametrize(("place", "quote", "cells", "refused"), [
    (0, '"', FITS, False), (0, '"', FITS + 1, True), (1, "'", FITS, False), (1, "'", FITS + 1, True),
])  # fmt: skip
def test_texts_of_a_sheet_may_take_a_gibibyte(place: int, quote: str, cells: int, refused: bool, tmp_path: Path) -> None:
    """A text that is not there (the third) takes nothing; of two sheets each has its own."""
    used = [*[place] * cells, 2]
    sheet = "".join(f'<c r="A{row}" t={quote}s{quote}><v>{text}</v></c>' for row, text in enumerate(used, start=1)).encode()
    path = workbook(tmp_path / "a.xlsx", (SHEET, sheet), ("xl/worksheets/sheet2.xml", sheet), (TEXTS, texts(place)))
    expected = ("workbook_size", "工作簿过大:one long text in very many cells")
    assert refusal(path, Limits(max_ratio=2000)) == (expected if refused else None)


SOUND = f'<row r="1"><c r="A1">{CELL}</row>'.encode()


@pytest.mark.parametrize("declared", [
    b"<!DOCTYPE x>", b"<!ENTITY e 'x'>", b"<!ELEMENT x ANY>", b"<!ATTLIST x y CDATA #IMPLIED>", b"<!NOTATION x SYSTEM 'y'>",
])  # fmt: skip
@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf", b"\n  ", b'<?xml version="1.0"?>'])
def test_no_part_declares_anything(declared: bytes, begin: bytes, tmp_path: Path) -> None:
    """Parts that are no XML come first: what stands behind them is looked at, too."""
    path = workbook(
        tmp_path / "a.xlsx", ("xl/media/image1.png", b"\x89PNG"), (SHEET, SOUND), ("x.dat", begin + declared + b"<x/>")
    )
    assert refusal(path) == ("xml_dtd", "x.dat 含有文档类型或实体声明")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_no_part_is_written_in_another_encoding(encoding: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, "<?xml version='1.0'?><x/>".encode(encoding)))
    assert refusal(path) == ("xml_dtd", f"{SHEET} 含有文档类型或实体声明")


def test_big_endian_is_told_by_its_mark(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, b"\xfe\xff" + "<x/>".encode("utf-16-be")))
    assert refusal(path) == ("xml_dtd", f"{SHEET} 含有文档类型或实体声明")


@pytest.mark.parametrize(("name", "data"), [
    (SHEET, b"<x><!-- as one writes --></x>"), (SHEET, b"<x><![CDATA[<DOCTYPE]]></x>"), (SHEET, b""), (SHEET, b"<x>DOCTYPE</x>"),
    ("xl/media/image1.png", b"\x89PNG<!DOCTYPE x>"), ("xl/printerSettings1.bin", b"A\0<\0!\0<!ENTITY"),
])  # fmt: skip
def test_what_declares_nothing_is_sound(name: str, data: bytes, tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", (name, data), (TEXTS, b"<sst/>"))) is None


def test_a_declaration_is_seen_wherever_a_block_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, b"<x>" + b"y" * 40 + b"<!DOCTYPE x><z/>"))
    for block in range(16, 60):
        monkeypatch.setattr(check, "_BLOCK", block)
        assert refusal(path) == ("xml_dtd", f"{SHEET} 含有文档类型或实体声明"), block


def test_blocks_give_the_whole_part_and_cut_no_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that are no longer than a block, however much text stands ahead of them."""
    monkeypatch.setattr(check, "_BLOCK", 16)
    parts = {f"{length} {ahead}": b"t" * ahead + b"<%b>" % (b"c" * (length - 2)) + b"1<v/>" for length in (4, 15, 16)
             for ahead in range(36)}  # fmt: skip
    with zipfile.ZipFile(workbook(tmp_path / "a.xlsx", *parts.items())) as archive:
        for name, part in parts.items():
            given = list(blocks(archive, name))
            assert b"".join(given) == part, name
            assert [one for one in given if one.rfind(b"<") > one.rfind(b">")] == [], name


def test_a_tag_without_end_is_not_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_BLOCK", 16)
    with zipfile.ZipFile(workbook(tmp_path / "a.xlsx", (SHEET, b"<x/><y " + b"z" * 2_000))) as archive:
        given = list(blocks(archive, SHEET))
    assert b"".join(given) == b"<x/><y " + b"z" * 2_000
    assert max(map(len, given)) <= 32


def flagged(path: Path, flag: int) -> Path:
    """The workbook, of whose last part the archive's directory says this."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, data.rfind(b"PK\x01\x02") + 8, flag)
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize(("flag", "expected"), [
    (0x1, ("encrypted", "文件已加密")), (0x3, ("encrypted", "文件已加密")), (0x2, None), (0x6, None), (0x800, None),
])  # fmt: skip
def test_one_part_with_a_password_is_enough(flag: int, expected: tuple[str, str] | None, tmp_path: Path) -> None:
    assert refusal(flagged(workbook(tmp_path / "a.xlsx", (SHEET, SOUND), (TEXTS, b"<sst/>")), flag)) == expected


@pytest.mark.parametrize(("names", "expected"), [
    ("abc", None), ("abcd", ("workbook_damaged", "工作簿已损坏:4 parts")), ("aa", ("workbook_damaged", "工作簿已损坏:2 parts")),
    ("aba", ("workbook_damaged", "工作簿已损坏:3 parts")),
])  # fmt: skip
def test_parts_have_one_name_each_and_are_not_too_many(
    names: str, expected: tuple[str, str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_MAX_PARTS", 3)
    assert refusal(workbook(tmp_path / "a.xlsx", *((name, SOUND) for name in names))) == expected


def test_a_workbook_has_ten_thousand_parts_at_most(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("00000", b"")
    data = path.read_bytes()
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = b"".join(data[at:end].replace(b"00000", b"%05d" % number) for number in range(10_001))
    path.write_bytes(data[:at] + listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 10_001, 10_001, len(listed), at, 0))
    assert refusal(path) == ("workbook_damaged", "工作簿已损坏:10001 parts")


def test_all_parts_together_are_as_large_as_allowed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, SOUND), (TEXTS, b"<sst/>"))
    assert refusal(path, Limits(max_workbook_bytes=size(path))) is None
    assert refusal(path, Limits(max_workbook_bytes=size(path) - 1)) == ("workbook_size", f"工作簿过大:{size(path)} bytes")


def test_a_small_workbook_may_pack_as_well_as_it_likes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, SOUND + b" " * 5_000))
    assert size(path) > 2 * path.stat().st_size
    assert refusal(path, Limits(ratio_free_bytes=size(path), max_ratio=2)) is None
    assert refusal(path, Limits(ratio_free_bytes=size(path) - 1, max_ratio=2)) == ("archive_ratio", "压缩比超过 2:1,疑为压缩炸弹")


def test_a_workbook_packs_as_well_as_the_ratio_says(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, SOUND))
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b" " * size(path)  # now it takes more bytes packed than unpacked
    assert refusal(path, Limits(ratio_free_bytes=0, max_ratio=1)) is None


def test_what_is_no_archive_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    assert refusal(tmp_path / "a.xlsx") == ("workbook_damaged", "工作簿已损坏:File is not a zip file")


def test_a_part_with_other_bytes_than_were_packed_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (SHEET, SOUND * 9))
    data = bytearray(path.read_bytes())
    data[30 + len(SHEET) + 9] ^= 0xFF
    path.write_bytes(bytes(data))
    found = refusal(path)
    assert found is not None
    assert found[0] == "workbook_damaged"
