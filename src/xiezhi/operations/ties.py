"""Whom the delivered data ties to a person: kin, and the companies that any of them hold or run. A recusal reaches that far."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.lake.lake import Lake
from xiezhi.lake.snapshot import Snapshot
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force
from xiezhi.rules.fact import Fact
from xiezhi.rules.lake_sql import lake_sql
from xiezhi.runs.facts import open_lake

KIN = ("kin", "household_kin")
ROLES = "company_role"
NO_SAY = "参保"
"""The role of somebody who is merely employed there."""
NOBODY = "SELECT NULL::INTEGER AS person, NULL::INTEGER AS other WHERE false"


def find_ties(config: CoreConfig, lake: Path, persons: Collection[int], *, kin: bool) -> dict[int, set[str]]:
    """Number of a citizen id → keys of whoever is tied to it ("citizen_id:7", "credit_code:12"), as the newest snapshot tells.

    `kin`: also their kin, declared or of one household, and the companies of these. Ties that have ended count too: what is
    found today may be about then. What was never delivered ties nobody.
    """
    with Lake.open(lake) as opened:
        snapshot = opened.snapshot()
    facts = content_in_force(config).facts
    asked = {name: facts[name] for name in (*KIN, ROLES) if name in facts and _delivered(facts[name], snapshot)}
    if not persons or not asked:
        return {}
    relatives = [f"SELECT person, kin AS other FROM {quoted(name)}" for name in KIN if kin and name in asked]
    with DuckDB(memory=config.memory) as engine:
        open_lake(engine, snapshot.tables, asked.values())
        for name, fact in asked.items():
            engine.run(f"CREATE VIEW {quoted(name)} AS {lake_sql(fact)}")
        engine.register("asked", pa.table({"person": pa.array(sorted(set(persons)), pa.int32())}))
        engine.run(
            "CREATE TEMP TABLE them AS SELECT person, person AS other FROM asked UNION "
            f"SELECT person, other FROM ({' UNION ALL '.join(relatives) or NOBODY}) WHERE person IN (SELECT person FROM asked)"
        )
        told = "SELECT DISTINCT person, 'citizen_id:' || other AS key FROM them WHERE other <> person"
        if ROLES in asked:
            told += (
                " UNION SELECT t.person, 'credit_code:' || r.company FROM them AS t "
                f"JOIN {quoted(ROLES)} AS r ON r.person = t.other "
                f"WHERE r.company IS NOT NULL AND r.role IS DISTINCT FROM '{NO_SAY}'"
            )
        found: dict[int, set[str]] = {}
        for row in engine.rows(told):
            found.setdefault(row["person"], set()).add(row["key"])
    return found


def _delivered(fact: Fact, snapshot: Snapshot) -> bool:
    return not fact.facts and all(table in snapshot.tables for table in fact.tables)
