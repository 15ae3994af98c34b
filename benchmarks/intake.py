"""(c) Receiving, with every check, number and receipt, against DuckDB's plain CSV → Parquet copy of the same files.

The files are one county's monthly payments of a city: UTF-8, with faults in about one row of fifty.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from benchmarks.measure import medians
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.operations.city import build_city
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery

MEMORY = "2GB"
COUNTIES = 3

LENIENT = "delim = ',', quote = '\"', strict_mode = false, null_padding = true, ignore_errors = true"
"""Without these the plain copy stops at the first row that is a cell short."""


def measure(folder: Path, *, rows: int) -> dict[str, Any]:
    """Seconds of both, their ratio, rows and megabytes a second of the receiving."""
    files = _files(folder, rows)
    counted = {"rows": 0}
    seconds = medians(
        {"receive": lambda: counted.update(rows=_receive(folder, files)), "copy": lambda: _copy(folder, files)}, rounds=2
    )
    size = sum(file.stat().st_size for file in files) / 1e6
    return {
        "seconds": seconds,
        "ratio": seconds["receive"] / seconds["copy"],
        "rows": counted["rows"],
        "rows_a_second": counted["rows"] / seconds["receive"],
        "mb_a_second": size / seconds["receive"],
    }


def _files(folder: Path, rows: int) -> list[Path]:
    """The UTF-8 payment files of a city big enough for one county to have `rows` payments."""
    city = folder / "city"
    if not city.exists():
        build_city(city, persons=max(5_000, rows * COUNTIES // 4), seed=5, payments=rows * COUNTIES)
    found = [path for path in sorted((city / "finance").glob("*.csv")) if "一卡通" in path.name]
    return [path for path in found if path.read_bytes()[:3] == b"\xef\xbb\xbf"]


def _receive(folder: Path, files: list[Path]) -> int:
    lake = folder / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    receipts = receive_delivery(CoreConfig(memory=MEMORY), files, lake, contract="subsidy_payment")
    return sum(receipt.delivered for receipt in receipts)


def _copy(folder: Path, files: list[Path]) -> None:
    for place, file in enumerate(files):
        with DuckDB(memory=MEMORY, spill=folder / "spill") as engine:
            engine.write_parquet(
                f"SELECT * FROM read_csv('{file}', all_varchar = true, header = true, {LENIENT})", folder / f"{place}.parquet"
            )
