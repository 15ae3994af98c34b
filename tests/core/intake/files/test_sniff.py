"""What kind of file it is, by its content alone; what is none of ours is refused with what it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xiezhi.intake.files.sniff import container, is_workbook, sniff
from xiezhi.intake.sheets.sheet import Part
from xiezhi.kernel.errors import Place, RefusedDelivery
from xiezhi.kernel.words import Words

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What an .xls, a .doc and a workbook with a password begin with."""


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


def of(data: bytes, folder: Path, ocds: bool | None = None) -> str:
    """The kind of a file of these bytes, or why it is refused: a code, or the format that is none of ours."""
    path = folder / "delivered"
    path.write_bytes(data)
    try:
        return sniff(Part(path, None, path), ocds)[0]
    except RefusedDelivery as found:
        if found.code != "unknown_format":
            return found.code
        return "no " + found.en.removeprefix("not a kind of file that is read here: ")


@pytest.mark.parametrize(
    ("begins", "what"),
    [
        (b"\x1f\x8b\x08\x00", "gzip"), (b"%PDF-1.7\n", "PDF"), (b"Rar!\x1a\x07", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x89PNG\r\n", "PNG"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"PAR1\x15", "Parquet"), (b"SQLite format 3\0", "SQLite"),
        (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh91AY", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"\x7fELF\x02", "ELF"),
        (b"MZ\x90\0", "EXE"), (b"\0\x01\0\0Standard Jet DB\0", "Access"), (b"\0\x01\0\0Standard ACE DB\0", "Access"),
        (b"\x09\x00\x04\x00", "Excel 2"), (b"\x09\x02\x06\x00", "Excel 3"), (b"\x09\x04\x06\x00", "Excel 4"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_its_name(begins: bytes, what: str, tmp_path: Path) -> None:
    assert of(begins, tmp_path) == f"no {what}"


def test_a_refusal_says_which_file_of_which_archive(tmp_path: Path) -> None:
    path = tmp_path / "unpacked"
    path.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(RefusedDelivery) as found:
        sniff(Part(tmp_path / "三月.zip", "附件/公示.pdf", path), None)
    assert found.value.place == Place(file=str(tmp_path / "三月.zip"), sheet="附件/公示.pdf")


@pytest.mark.parametrize(("begins", "kind"), [
    (b"PK\x03\x04\x14\0", "zip"), (b"PK\x05\x06\0\0", "zip"), (b"\x1f\x8b\x08\0", "gzip"),
    (b"PK\x01\x02", None), (b"Rar!\x1a\x07", None), (OLE, None), ("姓名,金额\n".encode(), None), (b"", None),
])  # fmt: skip
def test_only_a_zip_and_a_gzip_are_unpacked(begins: bytes, kind: str | None) -> None:
    assert container(begins) == kind


@pytest.mark.parametrize(("names", "book"), [
    (["[Content_Types].xml", "xl/workbook.xml"], True), (["xl/workbook.xml", "[CONTENT_TYPES].XML"], True),
    (["mimetype", "content.xml"], True), (["一月.csv", "二月.csv"], False), (["附件/[Content_Types].xml"], False), ([], False),
    ([*(f"{number}.csv" for number in range(199)), "[Content_Types].xml"], True),
    ([*(f"{number}.csv" for number in range(200)), "[Content_Types].xml"], False),
])  # fmt: skip
def test_a_zip_is_a_workbook_by_what_stands_in_its_first_two_hundred_names(names: list[str], book: bool, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "")
        assert is_workbook(archive) is book


TEXT, PAGE, JSON, OCDS = "姓名,金额\n", "<table><tr><td>1</table>", '{"姓名":"甲"}\n', '{"ocid":"ocds-1","releases":[]}\n'


@pytest.mark.parametrize(("name", "text", "note"), [
    ("a.csv", TEXT, None), ("a.TSV", TEXT, None), ("a.txt", TEXT, None), ("a", TEXT, None), ("a.dat", TEXT, None),
    ("a.xls", TEXT, (".xls", "text")), ("a.XLSX", TEXT, (".XLSX", "text")), ("a.json", TEXT, (".json", "text")),
    ("a.html", PAGE, None), ("a.htm", PAGE, None), ("a.xls", PAGE, (".xls", "html")), ("a.csv", PAGE, (".csv", "html")),
    ("a.json", JSON, None), ("a.jsonl", JSON, None), ("a.ndjson", JSON, None), ("a.txt", JSON, (".txt", "json")),
    ("a.json", OCDS, None), ("a.csv", OCDS, (".csv", "json")), ("a.dat", OCDS, None),
])  # fmt: skip
def test_a_name_that_says_otherwise_is_noted(name: str, text: str, note: tuple[str, str] | None, tmp_path: Path) -> None:
    path, before = tmp_path / name, Words(zh="解压而来", en="unpacked")
    path.write_text(text, encoding="utf-8")
    kind, part = sniff(Part(path, None, path, (before,)), None)
    assert kind == {TEXT: "text", PAGE: "html", JSON: "json", OCDS: "ocds"}[text]
    told = note and Words(
        zh=f"扩展名为 {note[0]},内容实为 {note[1]},按内容读取", en=f"named {note[0]} but holds {note[1]}; read as what it holds"
    )
    assert part == Part(path, None, path, (before, told) if told else (before,))


def test_the_name_within_the_archive_is_the_one_compared(tmp_path: Path) -> None:
    path = tmp_path / "unpacked"
    path.write_text(TEXT, encoding="utf-8")
    assert len(sniff(Part(tmp_path / "a.zip", "三月/发放表.xls", path), None)[1].notes) == 1
    assert sniff(Part(tmp_path / "a.xls", "三月/发放表.csv", path), None)[1].notes == ()


def dbf(records: bytes = b"\x05\0\0\0", rest: bytes = b"\0" * 24) -> bytes:
    """A dBASE file of 2024-03-15: how many records, then how it is laid out."""
    return b"\x03\x7c\x03\x0f" + records + rest + b"XM         C"


@pytest.mark.parametrize(("data", "what"), [
    (b"3.csv".ljust(257, b"\0") + b"ustar\0" + b"00".ljust(200, b"\0"), "no tar"),
    (b"a" * 256 + b"ustar\0", "text"), (b"a" * 258 + b"ustar", "text"),
    (dbf(), "no DBF"), (b"\x30" + dbf()[1:], "no DBF"), (dbf(b"\0\1\1\1", b"\1" * 24), "no DBF"),
    (b"01\t\t\xd0\xd5\xc3\xfb\n".ljust(32, b"x") + b"\0,1\n", "text"),
    (b"01\t\tname\n" + b"x\t1\t1\t1\n" * 9, "text"),
    (b"01,2\n\0\0\0\0,3\n" * 9, "text"),
])  # fmt: skip
def test_a_tape_and_a_dbase_file_are_told_from_a_text(data: bytes, what: str, tmp_path: Path) -> None:
    """A text of which some NUL stands further on, or that begins like a date, is one."""
    assert of(data, tmp_path) == what


def utf16(*names: str) -> bytes:
    return b"\0\0".join(name.encode("utf-16-le") for name in names)


@pytest.mark.parametrize(("holds", "what"), [
    (utf16("Workbook"), "xls"), (utf16("Book"), "xls"), (utf16("Root Entry"), "xls"), (utf16("WordDocument"), "no DOC"),
    (utf16("WordDocument", "Workbook"), "xls"), (utf16("Book", "WordDocument"), "xls"),
    (utf16("EncryptionInfo", "EncryptedPackage"), "encrypted"), (utf16("Workbook", "EncryptedPackage"), "encrypted"),
])  # fmt: skip
@pytest.mark.parametrize("before", [0, 300_000], ids=["small", "large"])
def test_an_ole_file_is_a_workbook_unless_it_is_a_letter_or_locked(holds: bytes, what: str, before: int, tmp_path: Path) -> None:
    """Its directory may stand at its end."""
    assert of(OLE + b"\1" * before + holds, tmp_path) == what


def zipped(folder: Path, members: dict[str, str]) -> bytes:
    with zipfile.ZipFile(folder / "made.zip", "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return (folder / "made.zip").read_bytes()


OPEN = "application/vnd.oasis.opendocument."


@pytest.mark.parametrize(("members", "what"), [
    ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, "xlsx"),
    ({"xl\\Workbook.XML": "", "docProps/app.xml": ""}, "xlsx"),
    ({"xl/workbook.bin": "", "docProps/app.xml": ""}, "no XLSB"),
    ({"word/document.xml": "", "docProps/app.xml": ""}, "no DOCX"),
    ({"ppt/presentation.xml": ""}, "no office document"), ({}, "no office document"),
    ({"mimetype": f"{OPEN}spreadsheet", "content.xml": ""}, "no OpenDocument spreadsheet"),
    ({"content.xml": "", "mimetype": f"{OPEN}text"}, "no OpenDocument text"),
    ({"mimetype": "application/epub+zip"}, "no office document"),
    ({"mimetype": OPEN.ljust(5_000, "x")}, "no OpenDocument " + "x" * (100 - len(OPEN))),
])  # fmt: skip
def test_an_office_document_by_the_sheets_that_it_holds(members: dict[str, str], what: str, tmp_path: Path) -> None:
    assert of(zipped(tmp_path, members), tmp_path) == what


@pytest.mark.parametrize(("name", "code"), [("a.xlsx", "workbook_damaged"), ("a.zip", "archive_damaged")])
def test_half_a_zip_is_damaged(name: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(zipped(tmp_path, {"xl/workbook.xml": "<x/>" * 99})[:200])
    with pytest.raises(RefusedDelivery) as found:
        kind(path)
    assert (found.value.code, found.value.place) == (code, Place(file=str(path)))


SPREADSHEET_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'


@pytest.mark.parametrize(("text", "what"), [
    ("", "empty_file"), ("\ufeff", "empty_file"), (" \t\r\n\0", "empty_file"), ("\ufeff\r\n", "empty_file"),
    ("姓名,金额\n甲,1\n", "text"), ("甲", "text"), ("1", "text"), ("<", "text"), ("[", "text"),
    ("MIME-Version: 1.0\nX-Document-Type: Workbook\n", "no MHTML"), ("mime-version:1.0\n", "no MHTML"),
    ("mime-version 1.0\n", "text"), ("姓名,MIME-Version:\n", "text"),
    ("{", "json"), ("\ufeff\r\n {\n", "json"), ("[{}]", "json"), ('[ \n {"姓名":"甲"}]', "json"), ("[]", "json"), ("[ ]", "json"),
    ("[临时],金额\n", "text"), ("[1,2]", "text"), ("[[1]]", "text"), ("a{},b\n", "text"), ("a[{,b\n", "text"), ("x,[{\n", "text"),
    ("({,b\n", "text"), ("],b\n", "text"), (",{b\n", "text"), ("a]\n", "text"),
    ("<table><tr><td>1</table>", "html"), ("\r\n<HTML><body><TABLE>\n", "html"), ("<div>发放表</div>\n<table>", "html"),
    ("说明,<table>\n", "text"), ("a<table>,b\n", "text"), ("<姓名>,<金额>\n", "text"), ("<p>无表格</p>", "text"),
    ("姓名<html>,金额\n", "text"), ("a<?xml ,b\n", "text"), ("<!-- 公示 --><note/>", "text"),
    ("<html><body>无表格</body></html>", "no XML/HTML"), ('<?xml version="1.0"?><rows/>', "no XML/HTML"),
    ("<!DOCTYPE note><note/>", "no XML/HTML"), ("<!-- 公示 --><HTML>", "no XML/HTML"),
    (f"{SPREADSHEET_2003}<Worksheet><Table>", "no XML (Excel 2003)"), (SPREADSHEET_2003, "no XML (Excel 2003)"),
    ("命名空间,urn:schemas-microsoft-com:office:spreadsheet\n", "text"),
    ("a<table>,urn:schemas-microsoft-com:office:spreadsheet\n", "text"),
    ("a<,urn:schemas-microsoft-com:office:spreadsheet\n", "text"),
])  # fmt: skip
def test_a_text_is_what_it_begins_like(text: str, what: str, tmp_path: Path) -> None:
    assert of(text.encode(), tmp_path) == what


@pytest.mark.parametrize(("text", "what"), [
    ("\x02" * 11 + "a" * 208, "no binary"), ("\x02" * 11 + "a" * 209, "text"), ("\x02" * 11, "no binary"),
    ("\x02" * 10 + "a", "text"), ("\x02" * 6 + "a", "text"), ("a" * 208 + "\ufffd" * 11, "no binary"),
    ("a" * 209 + "\ufffd" * 11, "text"), ("\ufffd" * 5 + "\x02" * 6, "no binary"), ("甲 1\n" * 30, "text"),
    ("a" + "\t\n\r\0\x01\x0b\x0c\x1a\x1c\x1d\x1e\x1f" * 20, "text"), ("\x02" * 30 + "a" * 600, "text"),
])  # fmt: skip
def test_more_than_ten_control_characters_that_are_a_twentieth_of_a_text_make_it_none(
    text: str, what: str, tmp_path: Path
) -> None:
    assert of(text.encode(), tmp_path) == what


@pytest.mark.parametrize("key", ["ocid", "releases", "records", "compiledRelease"])
@pytest.mark.parametrize("text", [
    '{"KEY": 1}', '{"id": 1, "KEY": []}\n{"id": 2}', '[{"KEY": 1}]', '[{"KEY": 1}, {"id": 2}]', '{\n  "id": 1,\n  "KEY": []\n}',
    '[\n{"KEY": 1}\n]',
])  # fmt: skip
def test_a_key_of_open_contracting_makes_json_a_package(text: str, key: str, tmp_path: Path) -> None:
    data = text.replace("KEY", key).encode()
    assert of(data, tmp_path) == of(data, tmp_path, ocds=True) == "ocds"
    assert of(data, tmp_path, ocds=False) == "json"


@pytest.mark.parametrize("text", [
    '{"姓名": "甲"}', '[{"姓名": "甲"}]', "[]", "{}", '{\n  "姓名": "甲"\n}', '{"备注": "ocid"}', '[{"id": 1}, {"ocid": 2}]',
    '{"数据": {"ocid": 1}}', '{"id": 1}\n{"ocid": 2}\n', '{\n"备注": "无ocid"\n}',
])  # fmt: skip
def test_json_without_one_is_rows(text: str, tmp_path: Path) -> None:
    """One that holds such a key elsewhere, or as a value, is none either."""
    assert (of(text.encode(), tmp_path), of(text.encode(), tmp_path, ocds=True)) == ("json", "ocds")
