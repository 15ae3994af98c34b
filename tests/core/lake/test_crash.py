"""A commit killed at any of its fault points leaves the state before it or the state after it, nothing between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.core.lake.conftest import deliver, held

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.lake import recovery, retention, writer
from xiezhi.lake.lake import Lake

COMMIT = """
import sys
from pathlib import Path
from tests.core.lake.conftest import deliver
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.lake.lake import Lake
with Lake.open(Path(sys.argv[1])) as lake, DuckDB() as engine:
    deliver(lake, engine, {"payment": [(2, 2)], "bid": [(3, 3)]})
"""

ERASE = """
import sys
from pathlib import Path
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.lake.lake import Lake
from xiezhi.lake.retention import Erasure, erase_delivery
with Lake.open(Path(sys.argv[1])) as lake, DuckDB() as engine, lake.writing() as writer:
    erase_delivery(lake, writer, engine, 1, Erasure("a", "b"))
"""


def killed(script: str, lake: Path, point: str) -> None:
    """Run a script in a process of its own that dies at a fault point."""
    environment = os.environ | {"XIEZHI_KILL_AT": point, "PYTHONPATH": f"src{os.pathsep}."}
    done = subprocess.run([sys.executable, "-c", script, str(lake)], env=environment, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "point", [writer.FILES_WRITTEN, writer.TABLE_COMMITTED, f"{writer.TABLE_COMMITTED}:2", writer.LEDGER_NEXT]
)
def test_before_the_ledger_nothing_happened(lake: Lake, engine: DuckDB, point: str) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    before = lake.snapshot()
    killed(COMMIT, lake.paths.root, point)
    assert lake.snapshot() == before
    with lake.writing() as again:
        assert again.catalogue.files("payment") == sorted(before.tables["payment"].files)
        assert again.catalogue.files("bid") == []
        assert sorted(lake.paths.tables.glob("*/data/*")) == sorted(before.tables["payment"].files)
    deliver(lake, engine, {"payment": [(2, 2)], "bid": [(3, 3)]})
    assert (held(engine, lake.snapshot()), held(engine, lake.snapshot(), "bid")) == ([(1, 1), (2, 2)], [(3, 3)])


def test_after_the_ledger_everything_happened(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    killed(COMMIT, lake.paths.root, writer.LEDGER_DONE)
    assert (held(engine, lake.snapshot()), held(engine, lake.snapshot(), "bid")) == ([(1, 1), (2, 2)], [(3, 3)])
    assert lake.delivery(2).state == 2


def test_an_erasure_cut_short_is_finished_by_the_next_writer(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    doomed = lake.snapshot().tables["payment"].files[0]
    killed(ERASE, lake.paths.root, retention.ERASURE_COMMITTED)
    assert doomed.exists()
    assert held(engine, lake.snapshot()) == []
    with lake.writing():
        assert not doomed.exists()


@pytest.mark.parametrize("point", [recovery.METADATA_GONE, recovery.TABLE_REGISTERED, f"{recovery.TABLE_REGISTERED}:2"])
def test_a_moved_lake_is_written_on_although_coming_home_was_cut_off(
    lake: Lake, engine: DuckDB, tmp_path: Path, point: str
) -> None:
    """As on a full disk: the first writer after a move died, and the next found tables of which the ledger had other names."""
    deliver(lake, engine, {"payment": [(1, 1)], "bid": [(1, 1)]})
    lake.close()
    shutil.move(lake.paths.root, tmp_path / "moved")
    killed(COMMIT, tmp_path / "moved", point)
    with Lake.open(tmp_path / "moved") as moved:
        assert held(engine, moved.snapshot()) == [(1, 1)]
        deliver(moved, engine, {"payment": [(2, 2)]})
        assert held(engine, moved.snapshot()) == [(1, 1), (2, 2)]
        with moved.writing() as again:
            for table in ("payment", "bid"):
                assert again.catalogue.files(table) == sorted(moved.snapshot().tables[table].files)
