"""A lake that can only be read, as a mounted backup is: what is in it can be seen, and nothing is recorded."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from tests.builders.lake import build_lake
from tests.core.runs.world import world

from xiezhi.kernel.storage import refused_by_the_disk
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
    assert said.code == "DISK-RIGHTS"
    monkeypatch.undo()
    with Lake.open(tmp_path / "lake") as again:
        assert dict(again.snapshot().tables) == tables
