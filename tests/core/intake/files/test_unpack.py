"""Folders and archives: every file in them is read or refused by name, and none leads out."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.reading import read, set_flag

from xiezhi.intake.files.delivered import Limits
from xiezhi.intake.files.unpack import find_parts
from xiezhi.intake.sheets.sheet import Part

TABLE = "姓名,金额\n张三,1\n".encode()
ROWS = [(2, "张三", "1")]


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def bytes_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_folder_in_order_with_its_subfolders(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    for name in ("c.csv", "a.csv", "b/z.csv", "~$lock.xlsx", ".DS_Store"):
        (folder / name).write_bytes(TABLE)
    (folder / "d.csv").write_bytes(b"")
    found = read(folder, tmp_path)
    assert [str(sheet.file.relative_to(folder)) for sheet in found.sheets] == ["a.csv", "b/z.csv", "c.csv"]
    assert found.codes == ["empty_file"]


def test_a_refused_file_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 ...")
    (folder / "b.xlsx").write_bytes(b"PK\x03\x04 not a zip at all")
    (folder / "c.csv").write_bytes(TABLE)
    found = read(folder, tmp_path)
    assert found.codes == ["unknown_format", "workbook_damaged"]
    assert found.rows == [ROWS]


def test_zip_gzip_and_a_workbook_inside(tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(book)) as workbook:
        sheet = workbook.add_worksheet("一")
        sheet.write_row(0, 0, ["姓名", "金额"])
        sheet.write_row(1, 0, ["张三", 1])
    members = {
        "二/a.csv": TABLE,
        "b.csv.gz": gzip.compress(TABLE),
        "x.xlsx": book.read_bytes(),
        "in.zip": bytes_of({"y.csv": TABLE}),
    }
    found = read(packed(tmp_path / "a.zip", members), tmp_path)
    assert [(sheet.member, sheet.sheet) for sheet in found.sheets] == [
        ("b.csv.gz", None), ("in.zip/y.csv", None), ("x.xlsx", "一"), ("二/a.csv", None),
    ]  # fmt: skip
    assert found.rows == [ROWS] * 4
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(TABLE))
    single = read(tmp_path / "a.csv.gz", tmp_path)
    assert (single.sheets[0].member, single.rows) == (None, [ROWS])


def test_archives_nested_too_deep(tmp_path: Path) -> None:
    deep = bytes_of({"two.zip": bytes_of({"three.csv.gz": gzip.compress(TABLE)})})
    assert read(packed(tmp_path / "a.zip", {"one.zip": deep, "b.csv": TABLE}), tmp_path).codes == ["archive_nested"]


def test_names_packed_by_chinese_windows(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"XXXXXXXX.csv": TABLE})
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "发放明细".encode("gbk")))
    assert read(path, tmp_path).sheets[0].member == "发放明细.csv"


@pytest.mark.parametrize("name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv"])
def test_paths_that_lead_out(tmp_path: Path, name: str) -> None:
    found = read(packed(tmp_path / "a.zip", {name: TABLE, "good.csv": TABLE}), tmp_path)
    assert (found.codes, found.rows) == (["path_traversal"], [ROWS])


def test_links(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert read(tmp_path / "a.zip", tmp_path).codes == ["link"]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    (folder / "file.csv").symlink_to(tmp_path / "a.zip")
    assert read(folder, tmp_path).codes == ["link", "link"]


def test_encrypted_and_repeated_members(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": TABLE})
    set_flag(path, 0x1)
    assert read(path, tmp_path).codes == ["encrypted"]
    path = packed(tmp_path / "b.zip", {"a.csv": TABLE, "b.csv": TABLE, "c.csv": TABLE})
    path.write_bytes(path.read_bytes().replace(b"c.csv", b"a.csv"))
    found = read(path, tmp_path)
    assert (found.codes, found.rows) == (["archive_duplicate"] * 2, [ROWS])


def test_damaged_archives(tmp_path: Path) -> None:
    whole = gzip.compress(TABLE * 1000)
    (tmp_path / "a.csv.gz").write_bytes(whole[:-20])
    assert read(tmp_path / "a.csv.gz", tmp_path).codes == ["archive_damaged"]
    path = packed(tmp_path / "a.zip", {"a.csv": TABLE * 1000, "b.csv": TABLE})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(bytes(data))
    found = read(path, tmp_path)
    assert (found.codes, found.rows) == (["archive_damaged"], [ROWS])


def test_an_archive_that_lost_its_directory_is_not_its_last_member(tmp_path: Path) -> None:
    months = {f"{month}月.zip": bytes_of({f"{month}.csv": TABLE}) for month in (1, 2, 3)}
    with zipfile.ZipFile(tmp_path / "year.zip", "w", zipfile.ZIP_STORED) as year:
        for name, data in months.items():
            year.writestr(name, data)
    whole = (tmp_path / "year.zip").read_bytes()
    assert read(tmp_path / "year.zip", tmp_path).rows == [ROWS] * 3
    cut = whole[: whole.index(b"PK\x01\x02", whole.index("3月.zip".encode()) + len(months["3月.zip"]))]
    for name, data in {"cut.zip": cut, "short.zip": whole[:-60], "two.zip": months["1月.zip"] + months["2月.zip"]}.items():
        (tmp_path / name).write_bytes(data)
        found = read(tmp_path / name, tmp_path)
        assert (found.codes, found.rows) == (["archive_damaged"], [])


def test_limits_on_entries_and_sizes(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {f"{n}.csv": TABLE for n in range(9)})
    assert read(path, tmp_path, Limits(max_entries=8)).codes == ["archive_entries"]
    assert read(path, tmp_path, Limits(max_total_bytes=100)).codes == ["archive_size"]
    assert read(path, tmp_path, Limits(max_member_bytes=10)).codes == ["archive_size"] * 9


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert read(tmp_path / "none.csv", tmp_path).codes == ["not_found"]


def test_what_a_folder_says_is_no_delivery_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.csv", "notes.csv"):
        (tmp_path / "in" / name).write_text("x\n1\n", "utf-8")
    (tmp_path / "in" / ".xiezhi-ignore").write_text("notes.csv\n", "utf-8")
    found = list(find_parts(tmp_path / "in", Limits(), tmp_path))
    assert [part.file.name for part in found if isinstance(part, Part)] == ["a.csv"]
