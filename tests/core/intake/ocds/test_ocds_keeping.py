"""Releases between deliveries: merged into texts of tables, kept sealed, and those set aside until they come anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest
from tests.core.intake.receiving import contracts
from tests.core.intake.releasing import Json

from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.crypto import INTERNATIONAL
from xiezhi.identity.sealing import SealingKey, TextSealer
from xiezhi.intake.loading.numbering import number_identities
from xiezhi.intake.loading.releases_aside import keep_aside
from xiezhi.intake.ocds import kept
from xiezhi.intake.ocds.tables import NOTES, MergedTables
from xiezhi.intake.rows.filling import fill_from
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.writer import Change

KEY = SealingKey(INTERNATIONAL, b"k" * 32)


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as opened:
        yield opened


def tables() -> list[Table]:
    return list(contracts().get("ocds_release").tables)


def rows(engine: DuckDB, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in engine.rows(sql)]


def stand(engine: DuckDB, *standing: tuple[str, str | None, int, Json, bool, int, int]) -> None:
    """Table `standing` of (ocid, release_id, source, body, stands, slice, place), each of the day of its place."""
    names = ("ocid", "release_id", "source", "body", "stands", "slice", "place")
    table = pa.table({name: [json.dumps(one) if name == "body" else one for one in column]
                      for name, column in zip(names, zip(*standing, strict=True), strict=True)})  # fmt: skip
    engine.register("given", table)
    engine.run(
        "CREATE TEMP TABLE standing AS SELECT *, TIMESTAMP '2025-01-01' + to_days(place::INTEGER) AS release_date FROM given"
    )
    engine.run("CREATE TEMP TABLE notes (" + ", ".join(f'"{name}" {kind}' for name, kind in NOTES.items()) + ")")


def test_standing_releases_become_texts_a_slice_at_a_time(engine: DuckDB) -> None:
    fine = {"tender": {"value": {"amount": "1.234"}}}
    stand(
        engine,
        ("b", "b-1", -4, {"tender": {"title": "旧", "status": "active"}}, True, 1, 1),
        ("b", "b-2", 9, {"tender": {"title": "新"}, "awards": [{"id": "a"}]}, True, 1, 2),
        ("b", "b-0", 8, {"tender": {"title": "不算"}}, False, 1, 3),
        ("a", None, 1, fine, True, 0, 1),
        ("c", "c-1", -1, fine, True, 1, 1),
    )
    merged = MergedTables(engine, "m", tables())
    assert merged.text("ocds_bid") == "m_ocds_bid_text"
    merged.fill("standing", "notes", by="ocid")
    said = "ocid, release_id, release_date, title, status, value_amount, _row"
    assert rows(engine, f"SELECT {said} FROM m_ocds_tender_text ORDER BY ocid") == [
        ("a", "", "2025-01-02T00:00:00Z", "", "", "1.23", 1),
        ("b", "b-2", "2025-01-03T00:00:00Z", "新", "active", "", 9),
        ("c", "c-1", "2025-01-02T00:00:00Z", "", "", "1.23", -1),
    ]
    assert rows(engine, "SELECT ocid, award_id, status, amount, _row FROM m_ocds_award_text") == [("b", "a", "", "", 9)]
    assert rows(engine, "SELECT count(*) FROM m_ocds_bid_text") == [(0,)]
    assert rows(engine, "SELECT * FROM notes") == [(1, "ocds_tender.value_amount", "amount_rounded", "1.234")]


def test_releases_set_aside_are_added_each_by_itself(engine: DuckDB) -> None:
    stand(
        engine,
        ("a", "a-1", 2, {"tender": {"title": "一"}}, True, 0, 0),
        ("a", "a-2", 1, {"tender": {"status": "active"}}, True, 0, 0),
    )
    merged = MergedTables(engine, "m", tables())
    merged.fill("standing", "notes", by="source")
    merged.fill("standing", "notes", by="ocid")
    found = rows(engine, "SELECT release_id, title, status, _row FROM m_ocds_tender_text")
    assert found[:2] == [("a-2", "", "active", 1), ("a-1", "一", "", 2)]
    assert len(found) == 3
    engine.run("DELETE FROM standing")
    again = MergedTables(engine, "m", tables())
    again.fill("standing", "notes", by="ocid")
    assert rows(engine, "SELECT count(*) FROM m_ocds_tender_text") == [(0,)]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6])
def test_releases_are_sealed_and_opened_however_many(
    count: int, engine: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is sealed already stays as it is; one of another process is not fetched."""
    monkeypatch.setattr(kept, "_SLICE", 2)
    keeper, sealer = kept.KeptReleases(engine, KEY), TextSealer(KEY)
    columns = {**kept.COLUMNS, "body": "VARCHAR"}
    engine.run(f"CREATE TEMP TABLE fresh ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    bodies = [(f"o{number}", f'{{"id":"r{number}","title":"修路"}}') for number in range(count)]
    for ocid, body in bodies:
        engine.run("INSERT INTO fresh (ocid, body) VALUES ($ocid, $body)", {"ocid": ocid, "body": body})
    engine.run("UPDATE fresh SET sealed = 'before' WHERE ocid = 'o3'")
    keeper.seal("fresh")
    sealed = [(ocid, "before" if ocid == "o3" else sealer.seal(body, ocid), body) for ocid, body in bodies]
    assert rows(engine, "SELECT ocid, sealed, body FROM fresh ORDER BY ocid") == sealed
    path = tmp_path / "kept.parquet"
    engine.write_parquet(f"SELECT {', '.join(kept.COLUMNS)} FROM fresh WHERE sealed <> 'before'", path)
    keeper.fetch(TableRef("ocds_kept_release", (path,), kept.COLUMNS), "SELECT ocid FROM fresh WHERE ocid <> 'o1'", "back")
    expected = [(ocid, f"r{ocid[1:]}", body) for ocid, body in bodies if ocid not in ("o1", "o3")]
    assert rows(engine, "SELECT ocid, release_id, body FROM back ORDER BY ocid") == expected


class Counted:
    """Numbers from 1, in place of the vault's."""

    def number(self, kind: IdentityKind, values: pa.Array) -> pa.Array:
        assert kind is IdentityKind.PARTY_ID
        return pa.array(range(1, len(values) + 1), pa.int32())


class Lake:
    """A change of a lake whose tables lie in the engine, one after the other as `keep_aside` makes them."""

    def __init__(self, engine: DuckDB, folder: Path) -> None:
        self._engine, self._folder, self.tables = engine, folder, set[str]()

    def live_files(self, table: str) -> bool:
        return table in self.tables

    def delete_rows(self, engine: DuckDB, table: str, where: str) -> int:
        found: int = engine.value(f"SELECT count(*) FROM {table} AS t WHERE {where}")
        engine.run(f"DELETE FROM {table} AS t WHERE {where}")
        return found

    def new_file(self, table: str) -> Path:
        return self._folder / f"{table}.parquet"

    def append(self, table: str, columns: dict[str, str], path: Path) -> None:
        named = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self._engine.run(f"CREATE TABLE IF NOT EXISTS {table} ({named})")
        self._engine.run(f"INSERT INTO {table} BY NAME SELECT * FROM read_parquet('{path}')")
        self.tables.add(table)

    def rows(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        return rows(self._engine, f"SELECT {columns}, _delivery, _row FROM {table} ORDER BY _delivery, _row")


def staged(engine: DuckDB, table: Table, texts: list[dict[str, Any]]) -> Stage:
    names = [field.name for field in table.fields]
    stage = Stage(engine, f"s_{table.name}", table, Source(names, {name: name for name in names}))
    engine.register("given", pa.Table.from_pylist([dict.fromkeys(names, "") | one for one in texts], pa.schema(
        [*((name, pa.string()) for name in names), ("_row", pa.int64())])))  # fmt: skip
    fill_from(stage, "given")
    engine.unregister("given")
    return stage


def test_what_is_set_aside_stays_until_its_process_comes_anew(engine: DuckDB, tmp_path: Path) -> None:
    """Of a process with a bad date and an award with another all else is kept; of a broken text its ocid, if it has one."""
    tender, bid, award = (contracts().get("ocds_release").table(f"ocds_{name}") for name in ("tender", "bid", "award"))
    said = [
        {"ocid": "wrong", "title": "修路", "_row": 1},
        {"ocid": "held", "title": "架桥", "_row": 5},
        {"ocid": "sound", "_row": 6},
    ]
    awards = [{"ocid": "wrong", "award_id": "a", "award_date": "昨天", "amount": "1.5", "_row": 1}, {"ocid": "sound", "_row": 6}]
    stages = [staged(engine, tender, said), staged(engine, bid, []), staged(engine, award, awards)]
    number_identities(engine, Counted(), stages)
    engine.run("CREATE TABLE broken (_row BIGINT, reason VARCHAR, cells VARCHAR[])")
    lake = Lake(engine, tmp_path)

    def keep(delivery: int, rows: str, broken: dict[int, str], delivered: str) -> bool:
        engine.run("DELETE FROM broken")
        for row, text in broken.items():
            engine.run("INSERT INTO broken VALUES ($row, 'x', [$text])", {"row": row, "text": text})
        return keep_aside(engine, cast("Change", lake), stages, f"SELECT unnest([{rows}])", "broken", delivered, delivery)

    linked = '{"ocid": " linked ", "releases": [{"url": "u"}]}'
    assert keep(1, "1", {2: "{x", 3: linked, 4: '{"id": "no ocid"}'}, "SELECT 'wrong' UNION SELECT 'sound'")
    nobody = [(None, None, 1, 2), (None, None, 1, 4)]
    aside = "ocds_tender__set_aside"
    assert lake.rows(aside, "ocid, title") == [("wrong", "修路", 1, 1), nobody[0], ("linked", None, 1, 3), nobody[1]]
    assert lake.rows("ocds_award__set_aside", "award_id, award_date, amount") == [("a", None, 150, 1, 1)]
    assert lake.tables == {aside, "ocds_award__set_aside"}
    assert not keep(2, "", {}, "SELECT 'held'"), "of a process of which nothing is set aside"
    assert keep(3, "5", {2: linked}, "SELECT 'held'")
    assert lake.rows(aside, "ocid, title") == [
        ("wrong", "修路", 1, 1), *nobody, ("linked", None, 3, 2), ("held", "架桥", 3, 5),
    ]  # fmt: skip
    assert keep(4, "", {}, "SELECT 'held'"), "its one row is gone"
    assert lake.rows(aside, "ocid, title") == [("wrong", "修路", 1, 1), *nobody, ("linked", None, 3, 2)]
    assert keep(5, "", {}, "SELECT 'wrong'")
    assert lake.rows(aside, "ocid, title") == [*nobody, ("linked", None, 3, 2)]
    assert lake.rows("ocds_award__set_aside", "award_id") == []
