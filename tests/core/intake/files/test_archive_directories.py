"""A zip's directory is looked at before a library loads it, and its sizes before anything is unpacked."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from tests.core.intake.files.test_unpack import ROWS, TABLE, bytes_of, packed
from tests.core.intake.reading import read

from xiezhi.intake.files.delivered import Limits

ENTRY = 400
"""Directory bytes that one entry may take."""


def with_directory_of(path: Path, length: int) -> Path:
    """A zip of one file whose directory takes so many bytes."""
    entry = zipfile.ZipInfo("a.csv")
    entry.comment = b"x" * (length - 46 - len(entry.filename))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, TABLE)
    return path


def widened(path: Path) -> Path:
    """The same zip with its directory's length and place in 64 bits, as of archives over 4 GB."""
    data = path.read_bytes()
    at = data.rindex(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<HII", data, at + 10)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(data[:at] + record + locator + end)
    return path


def test_a_directory_as_long_as_allowed_is_loaded_and_a_longer_one_is_not(tmp_path: Path) -> None:
    limits = Limits(max_entries=1)
    assert read(with_directory_of(tmp_path / "a.zip", ENTRY), tmp_path, limits).rows == [ROWS]
    longer = read(with_directory_of(tmp_path / "b.zip", ENTRY + 1), tmp_path, limits)
    assert (longer.codes, longer.rows) == (["archive_entries"], [])


def test_the_same_holds_of_a_directory_told_in_64_bits(tmp_path: Path) -> None:
    limits = Limits(max_entries=1)
    short = with_directory_of(tmp_path / "a.zip", ENTRY)
    assert read(widened(short), tmp_path, limits).rows == [ROWS]
    longer = read(widened(with_directory_of(tmp_path / "b.zip", ENTRY + 1)), tmp_path, limits)
    assert (longer.codes, longer.rows) == (["archive_entries"], [])


@pytest.mark.parametrize("held", [{}, {"folder/": b""}, {"__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}])
def test_an_archive_of_nothing_is_refused(held: dict[str, bytes], tmp_path: Path) -> None:
    found = read(packed(tmp_path / "a.zip", held), tmp_path)
    assert (found.codes, found.rows) == (["archive_empty"], [])


def test_a_directory_that_is_none_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": TABLE})
    path.write_bytes(path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x00"))
    found = read(path, tmp_path)
    assert (found.codes, found.rows) == (["archive_damaged"], [])


def test_files_that_are_small_each_may_not_unpack_to_much_together(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {f"{n}.csv": TABLE + b"0" * 800 for n in range(2)})
    assert read(path, tmp_path, Limits(ratio_free_bytes=1000, max_ratio=1)).codes == ["archive_ratio"]
    assert read(path, tmp_path, Limits(ratio_free_bytes=2000, max_ratio=1)).codes == []


def test_an_archive_in_a_compressed_file_is_one_within_another(tmp_path: Path) -> None:
    path = tmp_path / "a.zip.gz"
    path.write_bytes(gzip.compress(bytes_of({"a.csv": TABLE})))
    assert read(path, tmp_path).rows == [ROWS]
    path.write_bytes(gzip.compress(bytes_of({"b.zip": bytes_of({"a.csv": TABLE})})))
    assert read(path, tmp_path).codes == ["archive_nested"]


def test_an_archive_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pdf", b"%PDF" + bytes(24 << 20))
    tracemalloc.start()
    try:
        assert read(path, tmp_path).codes == ["unknown_format"]
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()
