"""A lake that can only be read, as a mounted backup is: what is in it can be seen, and nothing is recorded."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from tests.builders.lake import build_lake
from tests.core.runs.world import world

from xiezhi.kernel.storage import refused_by_the_disk
from xiezhi.lake import ledger
from xiezhi.lake.lake import Lake


def test_it_is_read_from_a_copy_and_records_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = build_lake(tmp_path / "lake", world())
    tables = dict(lake.snapshot().tables)
    lake.close()
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not Path(path).is_relative_to(tmp_path) and may(path, mode))
    with Lake.open(tmp_path / "lake") as shown:
        assert dict(shown.snapshot().tables) == tables
        with pytest.raises(sqlite3.OperationalError) as refused, shown.ledger.transaction() as connection:
            connection.execute("DELETE FROM states")
    said = refused_by_the_disk(refused.value)
    assert said is not None
    assert said.code == "XZ-DISK-02"
    monkeypatch.undo()
    with Lake.open(tmp_path / "lake") as again:
        assert dict(again.snapshot().tables) == tables


def test_on_a_full_disk_it_is_read_too_and_says_why_it_records_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = build_lake(tmp_path / "lake", world())
    tables = dict(lake.snapshot().tables)
    lake.close()
    opened = ledger._opened

    def full(path: Path) -> sqlite3.Connection:
        if path.is_relative_to(tmp_path):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
            raise error
        return opened(path)

    monkeypatch.setattr(ledger, "_opened", full)
    with Lake.open(tmp_path / "lake") as shown:
        assert dict(shown.snapshot().tables) == tables
        with pytest.raises(sqlite3.OperationalError) as refused, shown.writing():
            pass
    said = refused_by_the_disk(refused.value)
    assert said is not None
    assert (said.code, said.exit_code) == ("XZ-DISK-01", 6)


def test_another_fault_of_the_disk_is_not_taken_for_a_full_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_lake(tmp_path / "lake", world()).close()

    def broken(path: Path) -> sqlite3.Connection:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR_READ"
        raise error

    monkeypatch.setattr(ledger, "_opened", broken)
    with pytest.raises(sqlite3.OperationalError) as failed:
        Lake.open(tmp_path / "lake")
    assert refused_by_the_disk(failed.value) is None
