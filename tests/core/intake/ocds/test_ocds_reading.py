"""Releases in the engine's scratch space: how they stand there, how they are judged, which texts wait there to go back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.core.intake.receiving import citizen, contracts
from tests.core.intake.releasing import Json, release, tender

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.ocds.reading import judge_releases, read_units
from xiezhi.intake.ocds.unwrap import Unit, contained
from xiezhi.kernel.clock import standing_at


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB") as opened:
        yield opened


def waiting(engine: DuckDB, *units: Json) -> list[int]:
    """The rows of which a text is kept after the judging."""
    block = [Unit(row, json.dumps(unit), contained(unit)) for row, unit in enumerate(units, start=1)]
    counted: list[int] = []
    assert read_units(engine, [block], "read", "notes", "texts", counted.append) == len(units) == counted[-1]
    judge_releases(engine, "read", "texts", contracts().get("ocds_release").table("ocds_tender"))
    return [row["_row"] for row in engine.rows("SELECT _row FROM texts ORDER BY _row")]


def compiled(ocid: str, **parts: object) -> Json:
    return {"ocid": ocid, "compiledRelease": release(ocid, tender=tender()) | parts}


def test_a_sound_record_does_not_go_back_and_its_text_is_dropped(engine: DuckDB) -> None:
    assert waiting(engine, compiled("a"), compiled("b", date="yesterday"), compiled("c")) == [2]


def test_what_may_still_contradict_another_release_of_its_process_waits(engine: DuckDB) -> None:
    assert waiting(engine, release("a", tender=tender()), compiled("b"), compiled("c"), compiled("c")) == [1, 3, 4]


def put(engine: DuckDB, *blocks: list[Json]) -> list[int]:
    """Read blocks of units, counted through from 1; what was watched, and at last what was returned."""
    counted: list[int] = []
    found: list[list[Unit]] = []
    for block in blocks:
        before = sum(map(len, found))
        found.append([Unit(row, f"text {row}", contained(one)) for row, one in enumerate(block, start=before + 1)])
    total = read_units(engine, found, "read", "notes", "texts", counted.append)
    return [*counted, total]


def test_releases_stand_in_scratch_space_with_their_notes_and_texts(engine: DuckDB) -> None:
    """Members are in one order, however they were delivered: what is the same is known by its text."""
    first = {"tag": ["tender"], "tender": {"title": "修路", "status": "active"}, "id": "r1", "ocid": " a ", "date": "2025-01-01"}
    second = {"ocid": "b", "awards": "pending", "buyer": {"name": "乙", "id": "B"}}
    record = {"ocid": "c", "releases": [{"date": True, "id": ""}, {"url": "u"}, {"ocid": "d", "date": "2025-02-01", "id": "r4"}]}
    twice = {"ocid": "e", "date": "", "bids": {"details": [{"id": "1"}, {"id": "1", "status": "valid"}]}}
    assert put(engine, [first, second], [], [record, twice]) == [2, 2, 4, 4]
    columns = "_row, part, ocid, release_id, date_text, compiled, body, contradicted"
    bids = '{"bids":{"details":[{"_shared":"1","id":"1"},{"_shared":"1","id":"1 (2)","status":"valid"}]}}'
    assert [tuple(row.values()) for row in engine.rows(f"SELECT {columns} FROM read ORDER BY _row, part")] == [
        (1, 0, "a", "r1", "2025-01-01", False, '{"id":"r1","tender":{"status":"active","title":"修路"}}', None),
        (2, 0, "b", None, "", False, '{"buyer":{"id":"B","name":"乙"}}', None),
        (3, 0, "c", None, "", False, '{"id":""}', None),
        (3, 1, "d", "r4", "2025-02-01", False, '{"id":"r4"}', None),
        (4, 0, "e", None, "", False, bids, "ocds_bid.bid_id=key_conflict"),
    ]
    assert [tuple(row.values()) for row in engine.rows("SELECT * FROM notes ORDER BY _row, rowid")] == [
        (2, "ocds_tender.release_date", "undated", None),
        (2, "awards", "wrong_type", "pending"),
        (3, "releases[]", "linked_only", "u"),
        (3, "date", "wrong_type", "True"),
        (3, "ocds_tender.release_date", "undated", None),
        (4, "ocds_tender.release_date", "undated", None),
        (4, "ocds_bid.bid_id", "key_conflict", "1"),
    ]
    assert engine.rows("SELECT * FROM texts ORDER BY _row") == [{"_row": row, "text": f"text {row}"} for row in range(1, 5)]
    assert put(engine, [second]) == [1, 1]
    assert engine.value("SELECT (SELECT count(*) FROM read) + (SELECT count(*) FROM notes) + (SELECT count(*) FROM texts)") == 4


def test_releases_are_dated_or_set_aside_whole(engine: DuckDB) -> None:
    dated = ["2025-05-01T08:00:00+08:00", "2025-06-02T12:00:00Z", "2025-06-02T12:00:01Z", "昨天", None]
    record = {"ocid": "r", "releases": [{"date": "2025-05-02T00:00:00Z"}, {"date": "昨天"}]}
    twice = release("t", bids={"details": [{"id": "1"}, {"id": "1", "status": "valid"}]})
    singles = [release(f"d{place}") | {"date": date} for place, date in enumerate(dated)]
    moment = datetime(2025, 6, 1, 12, tzinfo=UTC)
    with standing_at(moment):
        put(engine, [*singles, record, twice, release("110101"), release(citizen(7)) | {"date": "昨天"}])
        judge_releases(engine, "read", "texts", contracts().get("ocds_release").table("ocds_tender"))
    rows = engine.rows("SELECT _row, ocid, release_date, fault, received_at FROM read ORDER BY _row, part")
    assert {row["received_at"] for row in rows} == {moment.replace(tzinfo=None)}
    day, date_fault = datetime(2025, 5, 1), "ocds_tender.release_date=date_malformed"
    assert [(row["_row"], row["ocid"], row["release_date"], row["fault"]) for row in rows] == [
        (1, "d0", day, None),
        (2, "d1", datetime(2025, 6, 2, 12), None),
        (3, "d2", datetime(2025, 6, 2, 12, 0, 1), "ocds_tender.release_date=in_the_future"),
        (4, "d3", None, date_fault),
        (5, "d4", None, None),
        (6, "r", datetime(2025, 5, 2), date_fault),
        (6, "r", None, date_fault),
        (7, "t", datetime(2025, 1, 1), "ocds_bid.bid_id=key_conflict"),
        (8, "110101", datetime(2025, 1, 1), None),
        (9, citizen(7), None, "ocds_tender.ocid=identity_in_text"),
    ]
