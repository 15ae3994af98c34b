"""Delivered files are kept sealed under their hash: once, whole, and on the disk before they are named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from xiezhi.identity.crypto import INTERNATIONAL
from xiezhi.identity.sealing import SealingKey, open_sealed, seal_stream
from xiezhi.intake.files import originals
from xiezhi.intake.files.originals import SEALED, SEALING, Originals
from xiezhi.lake.layout import LakeLayout

KEY = SealingKey(INTERNATIONAL, bytes(range(32)))
TABLE = "姓名,金额\n张三,1\n".encode()


@pytest.fixture
def kept(layout: LakeLayout) -> Iterator[Originals]:
    made = Originals(layout, KEY, layout.scratch)
    yield made
    made.close()


def file(folder: Path, name: str, data: bytes = TABLE) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def content(layout: LakeLayout, digest: str) -> bytes:
    with open_sealed(layout.original(digest), KEY) as opened:
        return opened.read()


@pytest.mark.parametrize("begun", [False, True])
def test_a_file_is_kept_under_its_hash_whether_sealing_was_begun_or_not(
    begun: bool, kept: Originals, layout: LakeLayout, tmp_path: Path
) -> None:
    path = file(tmp_path, "a.csv", TABLE * 50_000)
    if begun:
        kept.begin(path, "11")
    kept.keep(path, "11")
    assert content(layout, "11") == TABLE * 50_000
    assert [one.name for one in layout.originals.iterdir()] == ["11.sealed"]
    assert not list(layout.scratch.iterdir())


def test_the_file_begun_last_is_the_one_that_is_kept(kept: Originals, layout: LakeLayout, tmp_path: Path) -> None:
    one, other = file(tmp_path, "a.csv", b"a\n1\n"), file(tmp_path, "b.csv", b"b\n2\n")
    kept.begin(one, "11")
    kept.begin(other, "22")
    kept.keep(other, "22")
    kept.keep(one, "11")
    assert (content(layout, "11"), content(layout, "22")) == (b"a\n1\n", b"b\n2\n")


def test_a_file_is_sealed_once_for_all_its_sheets_and_the_same_bytes_not_again(
    kept: Originals, layout: LakeLayout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, same = file(tmp_path, "a.csv"), file(tmp_path, "b.csv")
    sealed: list[str] = []

    def noted(source: BinaryIO, target: BinaryIO, key: SealingKey) -> int:
        sealed.append(source.name)
        return seal_stream(source, target, key)

    monkeypatch.setattr(originals, "seal_stream", noted)
    kept.begin(one, "11")
    kept.begin(one, "11")
    kept.keep(one, "11")
    before = layout.original("11").read_bytes()
    for path in (same, one):
        kept.begin(path, "11")
        kept.keep(path, "11")
    kept.close()
    assert sealed == [str(one)]
    assert layout.original("11").read_bytes() == before
    assert not list(layout.scratch.iterdir())


def test_what_sealing_raised_is_raised_by_keeping(kept: Originals, layout: LakeLayout, tmp_path: Path) -> None:
    kept.begin(tmp_path, "11")
    with pytest.raises(IsADirectoryError):
        kept.keep(tmp_path, "11")
    assert not list(layout.originals.iterdir())


def test_a_kept_file_is_on_the_disk_before_it_is_named_and_its_name_before_it_is_told(
    kept: Originals, layout: LakeLayout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves the whole file or none."""
    done: list[tuple[str, bool]] = []
    named = layout.original("11")
    monkeypatch.setattr(originals, "sync", lambda path: done.append((path.name, named.exists())))
    monkeypatch.setattr(originals, "reach", lambda point: done.append((point, named.exists())))
    kept.keep(file(tmp_path, "a.csv"), "11")
    assert done == [(SEALING, False), ("original.sealed", False), ("originals", True), (SEALED, True)]


def test_closed_it_holds_no_thread(layout: LakeLayout, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    closed = Originals(layout, KEY, layout.scratch)
    closed.keep(file(tmp_path, "a.csv"), "11")
    closed.close()
    assert set(threading.enumerate()) <= before
