"""What an archive may cost, to the byte, and what in it is a delivery."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from pathlib import Path

import pytest
from tests.core.intake.files.test_archive_directories import ENTRY, widened, with_directory_of
from tests.core.intake.files.test_unpack import TABLE, bytes_of, packed
from tests.core.intake.reading import set_flag

from xiezhi.intake.files.delivered import Limits
from xiezhi.intake.files.unpack import IGNORE, find_parts
from xiezhi.intake.sheets.sheet import Part

SIZE = len(TABLE)


def found(path: Path, limits: Limits | None = None) -> list[tuple[str, str]]:
    """What a path gives in order: `read`, or why it is not, and the member (the file, of what is no member)."""
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    told = []
    for one in find_parts(path, limits or Limits(), scratch):
        if isinstance(one, Part):
            told.append(("read", one.name))
        else:
            assert one.place is not None
            told.append((one.code, one.place.sheet or Path(str(one.place.file)).name))
    assert not list(scratch.iterdir())
    return told


def stored(path: Path, members: dict[str, bytes], comment: bytes = b"") -> Path:
    """A zip that packs nothing smaller."""
    path.write_bytes(bytes_of(members))
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = comment
    return path


def test_as_many_files_as_allowed_are_read_and_one_more_is_not(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.zip", {"1月.csv": TABLE, "2月.csv": TABLE, "3月.csv": TABLE})
    assert found(path, Limits(max_entries=3)) == [("read", "1月.csv"), ("read", "2月.csv"), ("read", "3月.csv")]
    assert found(path, Limits(max_entries=2)) == [("archive_entries", "a.zip")]


def test_a_file_may_unpack_to_as_many_bytes_as_allowed(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.zip", {"1月.csv": TABLE, "2月.csv": TABLE[:-1]})
    assert found(path, Limits(max_member_bytes=SIZE)) == [("read", "1月.csv"), ("read", "2月.csv")]
    assert found(path, Limits(max_member_bytes=SIZE - 1)) == [("archive_size", "1月.csv"), ("read", "2月.csv")]


def test_all_files_may_unpack_to_as_many_bytes_as_allowed(tmp_path: Path) -> None:
    path = stored(tmp_path / "a.zip", {"1月.csv": TABLE, "2月.csv": TABLE})
    assert found(path, Limits(max_total_bytes=2 * SIZE)) == [("read", "1月.csv"), ("read", "2月.csv")]
    assert found(path, Limits(max_total_bytes=2 * SIZE - 1)) == [("archive_size", "a.zip")]


def test_what_an_inner_archive_unpacks_to_counts_with_the_outer(tmp_path: Path) -> None:
    inner = bytes_of({"1月.csv": TABLE})
    path = stored(tmp_path / "a.zip", {"城关镇.zip": inner, "新店镇.zip": inner})
    total = 2 * (len(inner) + SIZE)
    assert found(path, Limits(max_total_bytes=total)) == [("read", "城关镇.zip/1月.csv"), ("read", "新店镇.zip/1月.csv")]
    assert found(path, Limits(max_total_bytes=total - 1)) == [
        ("read", "城关镇.zip/1月.csv"), ("archive_size", "新店镇.zip/1月.csv"),
    ]  # fmt: skip


def test_each_file_of_a_folder_may_unpack_to_that_much(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.csv.gz", "b.csv.gz"):
        (folder / name).write_bytes(gzip.compress(TABLE))
    assert found(folder, Limits(max_total_bytes=SIZE)) == [("read", "a.csv.gz"), ("read", "b.csv.gz")]
    assert found(folder, Limits(max_total_bytes=SIZE - 1)) == [("archive_size", "a.csv.gz"), ("archive_size", "b.csv.gz")]


@pytest.mark.parametrize(("ratio", "more"), [(1, 0), (2, 0), (1, 500)])
def test_a_file_that_is_not_packed_smaller_is_read_however_large(ratio: int, more: int, tmp_path: Path) -> None:
    path = stored(tmp_path / "a.zip", {"a.csv": b"1" * (1000 + more)})
    assert found(path, Limits(max_ratio=ratio, ratio_free_bytes=10)) == [("read", "a.csv")]


def test_a_small_file_may_pack_as_well_as_it_likes_and_a_larger_one_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"1" * 1000))
    assert found(path, Limits(max_ratio=2, ratio_free_bytes=1000)) == [("read", "a.csv.gz")]
    assert found(path, Limits(max_ratio=2, ratio_free_bytes=999)) == [("archive_ratio", "a.csv.gz")]


@pytest.mark.parametrize(("size", "free", "told"), [
    (450, 500, [("read", "1月.csv"), ("read", "2月.csv")]),
    (449, 500, [("archive_ratio", "a.zip")]),
    (449, 899, [("archive_ratio", "a.zip")]),
    (449, 900, [("read", "1月.csv"), ("read", "2月.csv")]),
])  # fmt: skip
def test_all_files_together_may_be_as_many_times_the_archive_as_allowed(
    size: int, free: int, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    """900 bytes at twice the archive's size; a file of 450 is small enough to pack as it likes."""
    path = packed(tmp_path / "a.zip", {"1月.csv": b"1" * 450, "2月.csv": b"1" * 450})
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"x" * (size - path.stat().st_size)
    assert path.stat().st_size == size
    assert found(path, Limits(max_ratio=2, ratio_free_bytes=free)) == told


GZ = gzip.compress(TABLE)
TWICE = gzip.compress(GZ)


@pytest.mark.parametrize(("name", "data", "told"), [
    ("a.csv.gz", TWICE, ("read", "a.csv.gz")),
    ("a.csv.gz", gzip.compress(TWICE), ("archive_nested", "a.csv.gz")),
    ("a.zip", bytes_of({"b.zip": bytes_of({"c.csv": TABLE})}), ("read", "b.zip/c.csv")),
    ("a.zip", bytes_of({"b.zip": bytes_of({"c.csv.gz": GZ})}), ("archive_nested", "b.zip/c.csv.gz")),
    ("a.zip", bytes_of({"b.csv.gz": TWICE}), ("archive_nested", "b.csv.gz")),
])  # fmt: skip
def test_one_archive_within_another_is_opened_and_none_within_that(
    name: str, data: bytes, told: tuple[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(data)
    assert found(folder / name) == [told]
    assert found(folder) == [told], "lying in a folder is not being in an archive"


@pytest.mark.parametrize("lost", [1, 10, 18])
def test_an_archive_whose_last_bytes_are_lost_is_damaged(lost: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bytes_of({"a.csv": TABLE})[:-lost])
    assert found(path) == [("archive_damaged", "a.zip")]


def test_a_directory_of_64_bits_that_is_cut_off_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(b"PK\x03\x04PK\x06\x06" + end)
    assert found(path) == [("archive_entries", "a.zip")]


def test_the_directory_of_an_archive_within_is_not_its_own(tmp_path: Path) -> None:
    inner = widened(with_directory_of(tmp_path / "in.zip", ENTRY + 1)).read_bytes()
    path = stored(tmp_path / "a.zip", {"in.zip": inner})
    assert found(path, Limits(max_entries=1)) == [("archive_entries", "in.zip")]


@pytest.mark.parametrize(("more", "told"), [
    (0, [("read", "a.csv")]),
    (1, [("read", IGNORE), ("read", "a.csv"), ("read", "说明.txt")]),
])  # fmt: skip
def test_a_list_of_what_is_no_delivery_is_read_up_to_its_length(more: int, told: list[tuple[str, str]], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.csv", "说明.txt"):
        (folder / name).write_bytes(TABLE)
    listed = "说明.txt\n".encode()
    (folder / IGNORE).write_bytes(listed + b"x" * (65_536 - len(listed) + more))
    assert found(folder) == told


def test_such_a_list_may_be_saved_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TABLE)
    (tmp_path / "说明.txt").write_bytes(TABLE)
    (tmp_path / IGNORE).write_text("说明.txt\n", "utf-8-sig")
    assert found(tmp_path) == [("read", "a.csv")]


def test_a_folder_packed_with_a_backslash_is_no_empty_file(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"镇\\": b"", "镇\\a.csv": TABLE})
    assert found(path) == [("read", "镇/a.csv")]


def test_a_link_to_such_a_list_is_none_and_a_device_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "list").write_text("a.csv\n", "utf-8")
    (folder / IGNORE).symlink_to(tmp_path / "list")
    (folder / "a.csv").write_bytes(TABLE)
    os.mkfifo(folder / "b.csv")
    assert found(folder) == [("link", IGNORE), ("read", "a.csv"), ("unknown_format", "b.csv")]


def test_what_systems_leave_in_archives_is_passed_over(tmp_path: Path) -> None:
    litter = ["__MACOSX/a.csv", "__macosx/镇/a.csv", "镇/.DS_Store", "Thumbs.db", "镇/desktop.ini", "~$a.xlsx", "镇/._a.csv"]
    kept = ["my__MACOSX/a.csv", "thumbs.db.csv", "镇/a~$.csv"]
    path = packed(tmp_path / "a.zip", dict.fromkeys([*litter, *kept], TABLE))
    assert found(path) == [("read", name) for name in kept]


@pytest.mark.parametrize("name", ["发放明细.csv", "镇/发放明细.csv"])
@pytest.mark.parametrize(("codec", "flag", "told"), [
    ("utf-8", 0, "read"), ("gbk", 0, "read"), ("utf-8", 1, "encrypted"), ("gbk", 1, "encrypted"),
])  # fmt: skip
def test_names_packed_without_their_encoding_are_readable(name: str, codec: str, flag: int, told: str, tmp_path: Path) -> None:
    """Of four Chinese characters UTF-8 makes twelve bytes that GB18030 reads too."""
    path = packed(tmp_path / "a.zip", {"X" * len(name.encode(codec)): TABLE})
    path.write_bytes(path.read_bytes().replace(b"X" * len(name.encode(codec)), name.encode(codec)))
    set_flag(path, flag)
    assert found(path) == [(told, name)]
