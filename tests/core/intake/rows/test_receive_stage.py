"""Staging: columns coded or not, the values are the same; memory is bounded; a broken stream is the stream's own error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from tests.core.intake.receiving import HEADER, Site, contracts, payment, write_csv

from xiezhi.contracts.header_matching import map_header
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Admission, Settings
from xiezhi.intake.receive import receive
from xiezhi.intake.rows import coding
from xiezhi.intake.rows.filling import fill
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.intake.sheets.sheet import Limits
from xiezhi.kernel.errors import RefusedDelivery

CELLS = [f"c{number}" for number in range(len(HEADER))]


def batches(rows: list[list[str]], size: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(rows), size):
        block = rows[start : start + size]
        columns = [pa.array([row[number] for row in block], pa.string()) for number in range(len(HEADER))]
        yield pa.record_batch([*columns, pa.array(range(start + 2, start + 2 + len(block)), pa.int64())], names=[*CELLS, "_row"])


def staged(engine: DuckDB, rows: list[list[str]], size: int) -> Stage:
    table = contracts().get("subsidy_payment").table()
    header = map_header(table, HEADER)
    stage = Stage(engine, "s", table, Source(CELLS, {name: CELLS[place] for name, place in header.columns.items()}))
    fill(stage, batches(rows, size))
    return stage


def content(stage: Stage) -> list[dict[str, object]]:
    names = [field.name for field in stage.table.fields]
    raw = {f"raw_{cell}": stage.raw(cell) for cell in CELLS}
    rows = stage.engine.rows(stage.select({name: stage.text(name) for name in names} | raw, sound=False) + " ORDER BY s._row")
    marks = stage.engine.rows(f"SELECT * FROM {stage.marks} ORDER BY _row")
    return [*rows, *marks]


@pytest.mark.parametrize("most", [0, 3, 500])
def test_coded_or_not_the_stage_says_the_same(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    rows = [payment(n % 7, 姓名=f"王{'一二三四五六'[n % 6]} ", 补贴金额=("1,000", "x", "5")[n % 3]) for n in range(40)]
    with DuckDB(memory="256MB") as engine:
        expected = content(staged(engine, rows, 40))
    monkeypatch.setattr(coding, "MOST_CODES", most)
    with DuckDB(memory="256MB") as engine:
        assert content(staged(engine, rows, 5)) == expected
    assert [row[f"raw_{CELLS[1]}"] for row in expected[:40]] == [row[1] for row in rows]


def test_an_error_in_the_stream_comes_out_as_itself() -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        yield from batches([payment(1)], 1)
        raise RefusedDelivery("x", zh="坏", en="broken")

    table = contracts().get("subsidy_payment").table()
    with DuckDB(memory="256MB") as engine, pytest.raises(RefusedDelivery):
        fill(Stage(engine, "s", table, Source(CELLS, {"payment_id": "c0"})), broken())


def test_sixty_thousand_rows_of_few_persons_are_received(tmp_path: Path) -> None:
    site = Site(tmp_path, Keyring.fresh())
    rows = [
        payment(n % 2000, 流水号=f"P{n:06d}{'x' * 30}", 收款人姓名="王" + "一二三四五六七八九十"[n % 10]) for n in range(60_000)
    ]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert receipt.accepted == 60_000
    site.close()


def test_what_is_derived_from_a_name_stands_beside_it() -> None:
    table = contracts().get("bid_deposit").table()
    [payer] = [field for field in table.fields if field.derive == ("holder",)]
    with DuckDB(memory="256MB") as engine:
        stage = Stage(engine, "s", table, Source(["c0"], {payer.name: "c0"}))
        names = pa.array(["栖萤建设有限公司", "王小明"])
        fill(stage, iter([pa.record_batch([names, pa.array([2, 3], pa.int64())], names=["c0", "_row"])]))
        found = engine.rows(stage.select({"holder": stage.lake(f"{payer.name}_holder")}) + " ORDER BY s._row")
        with pytest.raises(KeyError):
            stage.lake("holder")
    assert [row["holder"] for row in found] == ["单位", "个人"]


def test_the_scratch_space_of_a_file_that_breaks_is_given_back_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    begun, closed = Admission.engine, DuckDB.close

    def begin(admission: Admission) -> DuckDB:
        events.append("begun")
        return begun(admission)

    def close(engine: DuckDB) -> None:
        events.append("closed")
        closed(engine)

    site = Site(tmp_path, Keyring.fresh())
    paths = [write_csv(tmp_path / f"{at}.csv", [payment(at, 发放单位="局" * at)]) for at in (500, 600)]
    settings = Settings(memory="256MB", threads=1, limits=Limits(max_record_bytes=512))
    with Vault.open(site.lake.paths.vault, site.keyring, memory="256MB") as vault:
        monkeypatch.setattr(Admission, "engine", begin)
        monkeypatch.setattr(DuckDB, "close", close)
        receipts = receive(paths, site.lake, contracts(), vault, settings)
        monkeypatch.undo()
    site.close()
    assert [one.refusal and one.refusal.code for one in receipts] == ["record_too_long"] * 2
    assert events == ["begun", "closed"] * 2
