"""(a) A whole run, with hits, coverage and standing rows, against the same rules as bare SQL one by one on the same Parquet.

The bare statements in `sql/` are what an analyst would write by hand over the lake's tables: thresholds inlined, no
coverage, no provenance. Each must find as many hits as its rule, or the comparison is void.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.cities import City
from benchmarks.measure import medians
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.runs import run_rules

SQL = Path(__file__).parent / "sql"
CODES = tuple(sorted(path.stem for path in SQL.glob("*.sql")))
MEMORY = "2GB"

BARE_MEMORY = "12GB"
"""At ten million payments the bare statements do not finish within 2 GB."""


def measure(city: City) -> dict[str, Any]:
    """Seconds of both, their ratio, the run's own stages and peak memory (MB, of a process that does nothing else)."""
    found: dict[str, int] = {}
    tasks = {"run": lambda: _run(city), "bare": lambda: found.update(bare(city))}
    seconds = medians(tasks)
    record = _run(city)
    hits = {rule.code: rule.hits for rule in record.rules}
    unequal = {code: (hits[code], found[code]) for code in CODES if hits[code] != found[code]}
    return {
        "seconds": seconds["run"],
        "bare_seconds": seconds["bare"],
        "ratio": seconds["run"] / seconds["bare"],
        "stages": record.seconds,
        "hits": hits,
        "unequal": unequal,
        "peak_mb": peak_mb(city),
    }


def bare(city: City) -> dict[str, int]:
    """Run each statement on its own connection over the same files; rule code → rows."""
    with Lake.open(city.lake) as lake:
        tables = list(lake.snapshot().tables.values())
    found = {}
    for code in CODES:
        with DuckDB(memory=BARE_MEMORY, spill=city.folder / "spill") as engine:
            engine.open_tables(tables)
            found[code] = engine.query((SQL / f"{code}.sql").read_text("utf-8")).num_rows
    return found


def _run(city: City) -> Any:
    shutil.rmtree(city.lake / "runs", ignore_errors=True)
    return run_rules(CoreConfig(memory=MEMORY), city.lake, codes=CODES)


def peak_mb(city: City) -> float:
    """Peak resident memory of `xiezhi run` in a process of its own."""
    shutil.rmtree(city.lake / "runs", ignore_errors=True)
    command = [sys.executable, "-m", "xiezhi", "run", "--lake", str(city.lake), "--memory", MEMORY, "--format", "json"]
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    measured = subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True, text=True)
    return int(measured.stdout) / 1024
