"""Releases in the engine's scratch space: which texts wait there to go back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.core.intake.receiving import contracts
from tests.core.intake.releasing import Json, release, tender

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.ocds.reading import judge_releases, read_units
from xiezhi.intake.ocds.unwrap import Unit, contained


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
