"""What people know by a name instead of a number: organisations and places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.places import place_names
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.lake_sql import lake_sql
from xiezhi.rules.loader import load_content
from xiezhi.runs.facts import open_lake

REGISTER = "company"
"""The fact that says what an organisation with a credit code is called."""


def name_organisations(config: CoreConfig, lake: Path, numbers: Sequence[int]) -> dict[int, str]:
    """Number of a credit code → registered name; those not in the register are left out, and so are all where it is missing."""
    with Lake.open(lake) as opened:
        fact, snapshot = load_content(config.content_roots).facts.get(REGISTER), opened.snapshot()
        if not numbers or fact is None or any(table not in snapshot.tables for table in fact.tables):
            return {}
        with DuckDB(memory=config.memory) as engine:
            open_lake(engine, snapshot.tables, [fact])
            engine.register("asked", pa.table({"company": pa.array(sorted(set(numbers)), pa.int32())}))
            found = engine.rows(
                f"SELECT company, max(company_name) AS name FROM ({lake_sql(fact)}) "
                "WHERE company IN (SELECT company FROM asked) GROUP BY company"
            )
    return {row["company"]: row["name"] for row in found if row["name"]}


def name_places(config: CoreConfig, lake: Path, codes: Iterable[Any]) -> dict[str, str]:
    """Code → name by the newest register of divisions in the lake; what is no code, or is not in it, is left out."""
    with Lake.open(lake) as opened:
        return place_names(opened.snapshot().tables, codes, config.memory)
