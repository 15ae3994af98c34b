"""Erasure is real: the bytes are gone, the certificate says so, and the rest of the lake stands."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.core.lake.conftest import deliver, held

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import UserError
from xiezhi.lake.lake import Lake
from xiezhi.lake.retention import Erasure, erase_delivery, erase_person, expire

ORDER = Erasure(by="records office", purpose="retention over")


def test_erasing_a_delivery_removes_its_rows_and_the_states_that_read_them(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    deliver(lake, engine, {"payment": [(2, 2)], "bid": [(3, 3)]})
    doomed = [*lake.snapshot().tables["payment"].files[1:], *lake.snapshot().tables["bid"].files]
    lake.paths.original(lake.delivery(2).sha256).write_bytes(b"sealed")
    with lake.writing() as writer:
        certificate = erase_delivery(lake, writer, engine, 2, ORDER)
        assert writer.catalogue.files("payment") == sorted(lake.snapshot().tables["payment"].files)
    assert held(engine, lake.snapshot()) == [(1, 1)]
    assert held(engine, lake.snapshot(), "bid") == []
    assert not any(path.exists() for path in doomed)
    assert not lake.paths.original(lake.delivery(2).sha256).exists()
    assert lake.snapshot_of_state(1).tables["payment"].rows == 1
    with pytest.raises(UserError, match="XZ-LAKE-07"):
        lake.snapshot_of_state(2)
    assert certificate["rows"] == {"payment": 1, "bid": 1}
    assert json.loads(lake.paths.certificate(1).read_text())["by"] == "records office"


def test_erasing_a_person_reaches_files_that_only_the_past_still_reads(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1), (2, 2), (3, 3)]})
    first = lake.snapshot().tables["payment"].files[0]
    with lake.writing() as writer:
        change = writer.change()
        change.delete_rows(engine, "payment", "t.person = 3")
        change.commit("someone replaced a row")
    with lake.writing() as writer:
        certificate = erase_person(lake, writer, engine, {"payment": ["person"], "never_delivered": ["person"]}, 2, ORDER)
    assert held(engine, lake.snapshot()) == [(1, 1)]
    assert not first.exists()
    assert len(certificate["files_destroyed"]) == 2  # type: ignore[arg-type]
    kept = list(lake.paths.tables.glob("payment/data/*"))
    assert engine.rows("SELECT count(*) AS n FROM read_parquet(?) WHERE person = 2", [[str(path) for path in kept]]) == [{"n": 0}]


def test_only_what_outlived_its_retention_expires(lake: Lake, engine: DuckDB, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    later = datetime.now(UTC).replace(day=1)
    monkeypatch.setenv("XIEZHI_NOW", later.replace(year=later.year + 2).isoformat())
    with lake.writing() as writer:
        assert expire(lake, writer, engine, {"payment": 36}, ORDER) == []
        assert len(expire(lake, writer, engine, {"payment": 12}, ORDER)) == 1
        assert expire(lake, writer, engine, {"payment": 12}, ORDER) == []
    assert held(engine, lake.snapshot()) == []


def test_a_delivery_is_erased_once(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    with lake.writing() as writer:
        erase_delivery(lake, writer, engine, 1, ORDER)
        with pytest.raises(UserError, match="XZ-LAKE-08"):
            erase_delivery(lake, writer, engine, 1, ORDER)


@pytest.mark.parametrize("name", ["a[1]", "a*", "O'Brien"])
def test_erasing_a_person_finds_the_rows_in_any_folder(tmp_path: Path, engine: DuckDB, name: str) -> None:
    """And reads nothing of a copy in the folder that this folder's name means as a pattern."""
    with Lake.create(tmp_path / name, "测试") as lake:
        deliver(lake, engine, {"payment": [(1, 1), (2, 2)]})
        shutil.copytree(lake.paths.tables, tmp_path / "a1" / lake.paths.tables.name)
        for file in (tmp_path / "a1").rglob("*.parquet"):
            engine.write_parquet("SELECT 7::INTEGER AS person, 7::BIGINT AS amount, 9::INTEGER AS _delivery", file)
        with lake.writing() as writer:
            erase_person(lake, writer, engine, {"payment": ["person"]}, 2, ORDER)
        assert held(engine, lake.snapshot()) == [(1, 1)]
