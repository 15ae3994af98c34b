"""What a reader sees: states, whole and as of any moment."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.builders.lake import build_lake
from tests.builders.lake import deliver as deliver_rows
from tests.core.lake.conftest import COLUMNS, deliver, held, record

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.lake import catalogue
from xiezhi.lake.lake import Lake


def test_an_empty_lake_has_a_state_without_tables(lake: Lake) -> None:
    assert (lake.snapshot().state, dict(lake.snapshot().tables)) == (0, {})


def test_the_past_stays_readable(lake: Lake, engine: DuckDB) -> None:
    first = deliver(lake, engine, {"payment": [(1, 100)]})
    between = datetime.now(UTC)
    deliver(lake, engine, {"payment": [(2, 200)]})
    assert held(engine, lake.snapshot()) == [(1, 100), (2, 200)]
    assert held(engine, lake.snapshot(as_of=between)) == [(1, 100)]
    assert lake.snapshot_of_state(first).id == lake.snapshot(as_of=between).id != lake.snapshot().id


def test_several_tables_become_visible_together(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"bid": [(1, 1)], "award": [(2, 2), (3, 3)]})
    snapshot = lake.snapshot()
    assert {name: table.rows for name, table in snapshot.tables.items()} == {"award": 2, "bid": 1}
    assert lake.delivery(1).state == snapshot.state


def test_iceberg_itself_plans_the_same_files(lake: Lake, engine: DuckDB) -> None:
    for amount in range(4):
        deliver(lake, engine, {"payment": [(1, amount), (2, amount)]})
    with lake.writing() as writer:
        change = writer.change()
        assert change.delete_rows(engine, "payment", "t.person = 2 AND t.amount >= 2") == 2
        change.commit("test")
    with lake.writing() as writer:
        assert writer.catalogue.files("payment") == sorted(lake.snapshot().tables["payment"].files)
    assert held(engine, lake.snapshot()) == [(1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1)]


def test_deleting_every_row_of_a_table_leaves_an_empty_table(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    with lake.writing() as writer:
        change = writer.change()
        change.delete_rows(engine, "payment", "true")
        change.commit("test")
    assert lake.snapshot().tables["payment"].files == ()
    assert held(engine, lake.snapshot()) == []


def test_a_new_column_is_added_and_old_rows_read_null(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    with lake.writing() as writer:
        change = writer.change()
        path = change.new_file("payment")
        engine.write_parquet(
            "SELECT 2::INTEGER AS person, 2::BIGINT AS amount, 'A' AS item, 2::INTEGER AS _delivery,"
            " 2::BIGINT AS _row, 'x' AS note",
            path,
        )
        change.append("payment", COLUMNS | {"note": "VARCHAR"}, path)
        change.commit("test", record(2))
    engine.open_tables(lake.snapshot().tables.values())
    assert [row["note"] for row in engine.rows("SELECT note FROM payment ORDER BY person")] == [None, "x"]
    assert "note" not in lake.snapshot_of_state(1).tables["payment"].columns


def test_an_altered_or_missing_file_is_named(lake: Lake, engine: DuckDB) -> None:
    deliver(lake, engine, {"payment": [(1, 1)], "bid": [(1, 1)]})
    snapshot = lake.snapshot()
    assert lake.altered(snapshot) == []
    victim = snapshot.tables["payment"].files[0]
    content = bytearray(victim.read_bytes())
    content[40] ^= 1
    victim.write_bytes(content)
    snapshot.tables["bid"].files[0].unlink()
    assert [(file.table, file.found is None) for file in lake.altered(snapshot)] == [("bid", True), ("payment", False)]


def test_one_writer_at_a_time(lake: Lake) -> None:
    with lake.writing(), Lake.open(lake.paths.root) as other, pytest.raises(RetryableError, match="XZ-LAKE-02"), other.writing():
        pass


def test_a_moved_lake_reads_and_writes_on(lake: Lake, engine: DuckDB, tmp_path: Path) -> None:
    deliver(lake, engine, {"payment": [(1, 1)]})
    lake.close()
    shutil.move(lake.paths.root, tmp_path / "moved")
    with Lake.open(tmp_path / "moved") as moved:
        assert held(engine, moved.snapshot()) == [(1, 1)]
        deliver(moved, engine, {"payment": [(2, 2)]})
        assert held(engine, moved.snapshot()) == [(1, 1), (2, 2)]
        with moved.writing() as writer:
            assert writer.catalogue.files("payment") == sorted(moved.snapshot().tables["payment"].files)


def test_what_is_not_a_lake_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="XZ-LAKE-01"):
        Lake.open(tmp_path / "nothing")
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(UserError, match="XZ-LAKE-04"):
        Lake.create(tmp_path)


def test_states_keep_their_order_when_the_clock_goes_back(lake: Lake, engine: DuckDB, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIEZHI_NOW", "2030-01-01T00:00:00+00:00")
    deliver(lake, engine, {"payment": [(1, 1)]})
    monkeypatch.setenv("XIEZHI_NOW", "2029-01-01T00:00:00+00:00")
    deliver(lake, engine, {"payment": [(2, 2)]})
    assert lake.snapshot().taken_at > lake.snapshot_of_state(1).taken_at


def test_the_catalogue_stays_short_while_the_past_stays_readable(
    lake: Lake, engine: DuckDB, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_SNAPSHOTS", 3)
    monkeypatch.setattr(catalogue, "FEWEST_SNAPSHOTS", 2)
    for amount in range(7):
        deliver(lake, engine, {"payment": [(1, amount)]})
    assert held(engine, lake.snapshot_of_state(1)) == [(1, 0)]
    with lake.writing() as writer:
        assert writer.catalogue.files("payment") == sorted(lake.snapshot().tables["payment"].files)
        assert writer.catalogue.snapshots("payment") <= 4


def test_a_lake_lives_in_a_folder_of_any_name(tmp_path: Path) -> None:
    lake = build_lake(tmp_path / "数据 湖 100%", {"death_registry": [{"person": 1, "source": "火化"}]})
    deliver_rows(lake, "death_registry", [{"person": 2, "source": "法院"}])
    assert lake.snapshot().tables["death_registry"].rows == 2
    assert lake.altered(lake.snapshot()) == []
