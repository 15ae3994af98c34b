"""A ledger that is missing, empty or old is no trace of a crash: nothing is swept for it, and nothing goes on without it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, payment, write_csv

from xiezhi.kernel.errors import IntegrityError
from xiezhi.lake.lake import Lake


def held(folder: Path) -> dict[str, bytes]:
    """Every file of the lake but the ledger's own and the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("ledger", "lock", ".lock"))
    }


@pytest.fixture
def received(site: Site, tmp_path: Path) -> Path:
    for number in range(3):
        site.receive(write_csv(tmp_path / f"{number}.csv", [payment(number)]))
    site.close()
    return site.lake.paths.root


@pytest.mark.parametrize("left", [None, b""])
def test_without_a_ledger_nothing_is_opened_and_nothing_is_lost(received: Path, left: bytes | None) -> None:
    """A new one was made in its place, and the next delivery swept the lake, with exit code 0."""
    before, ledger = held(received), received / "ledger.sqlite"
    for beside in received.glob("ledger.sqlite*"):
        beside.unlink()
    if left is not None:
        ledger.write_bytes(left)
    for door in (Lake.open, Lake.create):
        with pytest.raises(IntegrityError) as refused:
            door(received)
        assert refused.value.code == "XZ-LAKE-11"
    assert held(received) == before


FORGOTTEN = {
    "the last delivery": "DELETE FROM deliveries WHERE number > 2",
    "all but one delivery": "DELETE FROM deliveries WHERE number > 1",
    "every delivery": "DELETE FROM deliveries",
    "the last state": "DELETE FROM states WHERE state > 2",
    "every file and state": "DELETE FROM files; DELETE FROM state_tables; DELETE FROM states",
}


@pytest.mark.parametrize("forgets", FORGOTTEN.values(), ids=FORGOTTEN)
def test_an_older_ledger_is_refused_before_anything_is_swept(received: Path, forgets: str) -> None:
    before = held(received)
    with sqlite3.connect(received / "ledger.sqlite") as ledger:
        ledger.execute("PRAGMA foreign_keys = OFF")
        ledger.executescript(forgets)
    with Lake.open(received) as lake, pytest.raises(IntegrityError) as refused, lake.writing():
        pass
    assert refused.value.code == "XZ-LAKE-10"
    assert held(received) == before


def test_a_lake_of_before_marks_goes_by_its_papers(received: Path) -> None:
    (received / "committed.json").unlink()
    with Lake.open(received) as lake, lake.writing():
        pass
    before = held(received)
    with sqlite3.connect(received / "ledger.sqlite") as ledger:
        ledger.execute("PRAGMA foreign_keys = OFF")
        ledger.execute("DELETE FROM deliveries WHERE number > 1")
    with Lake.open(received) as lake, pytest.raises(IntegrityError), lake.writing():
        pass
    assert held(received) == before


def test_a_mark_behind_the_ledger_is_the_trace_of_a_crash(received: Path) -> None:
    (received / "committed.json").write_text('{"delivery": 1, "state": 1}')
    with Lake.open(received) as lake, lake.writing():
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}'])
def test_a_marker_that_cannot_be_read_is_said(received: Path, content: bytes) -> None:
    (received / "lake.json").write_bytes(content)
    with pytest.raises(IntegrityError) as refused:
        Lake.open(received)
    assert refused.value.code == "XZ-LAKE-12"


def test_a_lake_whose_making_was_cut_off_is_made(tmp_path: Path) -> None:
    """The ledger is there before the marker: a marker without one was damaged."""
    Lake.create(tmp_path / "lake").close()
    (tmp_path / "lake" / "lake.json").unlink()
    Lake.create(tmp_path / "lake").close()
    shutil.rmtree(tmp_path / "lake")
