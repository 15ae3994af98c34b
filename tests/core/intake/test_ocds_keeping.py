"""Releases between deliveries: merged into texts of tables, kept sealed, and those set aside until they come anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.core.intake.receiving import contracts
from tests.core.intake.releasing import Json, award, lines, release

from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.identity.crypto import INTERNATIONAL
from xiezhi.identity.kinds import IdentityKind
from xiezhi.identity.sealing import SealingKey, TextSealer
from xiezhi.intake.delivered import Limits, OcdsSheet, open_delivered
from xiezhi.intake.numbering import number_identities
from xiezhi.intake.ocds import kept
from xiezhi.intake.ocds.tables import NOTES, MergedTables
from xiezhi.intake.recognise import recognise
from xiezhi.intake.releases import PreparedReleases
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.lake import Lake

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


class Aside:
    """A lake to which releases are delivered, and what of it is set aside."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lake = folder, Lake.create(folder / "lake")
        self._delivery = 0

    def deliver(self, *values: Json | str) -> bool:
        """Whether the lake changed."""
        self._delivery += 1
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        sheet = next(open_delivered(lines(self.folder / f"{self._delivery}.jsonl", values), Limits(), scratch))
        assert isinstance(sheet, OcdsSheet)
        with self.lake.writing() as writer, DuckDB(memory="256MB", threads=1) as engine:
            prepared = PreparedReleases(engine, "x", sheet, recognise(sheet, contracts(), None), lambda rows: None, KEY)
            change = writer.change()
            prepared.meet(change)
            number_identities(engine, Counted(), prepared.stages)
            changed = prepared.load(change, self._delivery)
            if changed:
                change.commit("delivery")
        return changed

    def rows(self, table: str, columns: str) -> list[tuple[Any, ...]] | None:
        """None: there is no such table."""
        found = self.lake.snapshot().tables.get(table)
        if found is None:
            return None
        with DuckDB(memory="256MB", threads=1) as engine:
            return rows(engine, f"SELECT {columns}, _delivery, _row FROM ({scan_sql(found)}) ORDER BY _delivery, _row")


def test_what_is_set_aside_stays_until_its_process_comes_anew(tmp_path: Path) -> None:
    aside = Aside(tmp_path)
    wrong = release("wrong", awards=[award("a", "A", date="昨天"), award("b")]) | {"date": "昨天"}
    linked, held = {"ocid": " linked ", "releases": [{"url": "u"}]}, release("held", tender={"title": "修路"})
    assert aside.deliver(wrong, "{x", linked, {"id": "no ocid", "tag": []}, held)
    tender = "ocds_tender__set_aside"
    first = [("wrong", "wrong-1", 1, 1), (None, None, 1, 2), (None, None, 1, 4)]
    assert aside.rows(tender, "ocid, release_id") == sorted([*first, ("linked", None, 1, 3)], key=lambda row: row[-1])
    assert aside.rows("ocds_award__set_aside", "award_id, award_date, amount") == [
        ("a", None, 10000, 1, 1),
        ("b", None, 10000, 1, 1),
    ]
    assert aside.rows("ocds_award_supplier__set_aside", "award_id, supplier") == [("a", 1, 1, 1)]
    assert aside.rows("ocds_bid__set_aside", "bid_id") is None
    assert not aside.deliver(held), "the same once more changes nothing"
    assert aside.deliver(held | {"date": "昨天"}, linked)
    assert aside.rows(tender, "ocid, release_id") == [*first, ("held", "held-1", 3, 1), ("linked", None, 3, 2)]
    assert aside.deliver(held), "what was set aside of it is gone"
    assert aside.rows(tender, "ocid, release_id") == [*first, ("linked", None, 3, 2)]
    assert aside.rows("ocds_tender", "ocid, title") == [("held", "修路", 1, 5)]
    aside.lake.close()
