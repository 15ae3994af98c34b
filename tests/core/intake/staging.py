"""A delivered file as a judged stage, without a lake: for what looks at the stage alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.core.intake.receiving import contracts

from xiezhi.contracts.header_matching import map_header
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.rows.filling import fill
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.intake.sheets.sheet import Sheet


@contextmanager
def staged(path: Path, contract: str = "subsidy_payment") -> Iterator[tuple[DuckDB, Stage, Sheet]]:
    """A file of text, read and judged as a contract's table."""
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    table, delivered = contracts().get(contract).table(), open_delivered(path, Limits(), scratch)
    sheet = next(delivered)
    cells = [f"c{place}" for place in range(len(sheet.header))]
    fields = {name: cells[place] for name, place in map_header(table, sheet.header).columns.items()}
    with DuckDB(memory="256MB", threads=1) as engine:
        stage = Stage(engine, "s", table, Source(cells, fields, comma_separated=sheet.delimiter == ","))
        fill(stage, sheet.batches())
        yield engine, stage, sheet
