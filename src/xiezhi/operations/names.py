"""What people know by a name instead of a number: organisations, places, and persons by a name that stays masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.places import place_names
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force
from xiezhi.operations.identities import open_vault
from xiezhi.rules.lake_sql import lake_sql
from xiezhi.runs.facts import open_lake

ORGANISATIONS = "company"
"""The fact that says what an organisation with a credit code is called."""

PERSONS = "person"
"""The fact that says who a person is called, when they were born and where they are registered."""


@dataclass(frozen=True)
class MaskedPerson:
    """A person as those know them who deal with them: 王**, of a year, of a village. What no register says is empty.

    `village`: its name, with its town's. `tail`: the last two characters of the citizen id, which tell two neighbours of one
    surname and one year apart. Never four: with village and year, four would leave some thirty ids to choose from.
    """

    name: str
    born: int | None
    village: str
    tail: str


def name_organisations(config: CoreConfig, lake: Path, numbers: Sequence[int]) -> dict[int, str]:
    """Number of a credit code → registered name; those not in the register are left out, and so are all where it is missing."""
    found = _registered(config, lake, ORGANISATIONS, numbers, "max(company_name) AS name")
    return {row["number"]: row["name"] for row in found if row["name"]}


def name_persons(config: CoreConfig, lake: Path, numbers: Sequence[int]) -> dict[int, MaskedPerson]:
    """Number of a citizen id → the person, masked; those not in the register are left out, and so are all where it is missing.

    Names leave the vault masked, as ids do, so this needs no purpose. RetryableError while another process has the vault.
    """
    # All of one row: a name of one delivery and a village of another would be somebody who does not exist.
    told = "arg_max(struct_pack(name := name, born := year(birth_date), village := village), _delivery) AS told"
    found = {row["number"]: row["told"] for row in _registered(config, lake, PERSONS, numbers, told)}
    if not found:
        return {}
    villages = name_places(config, lake, {told["village"] for told in found.values()})
    with open_vault(config, lake) as vault:
        ids = vault.masked(IdentityKind.CITIZEN_ID, list(found))
        names = vault.masked(IdentityKind.NAME, [told["name"] for told in found.values() if told["name"] is not None])
    return {
        number: MaskedPerson(names.get(told["name"], ""), told["born"], villages.get(str(told["village"]), ""), ids[number][-2:])
        for number, told in found.items()
        if number in ids
    }


def _registered(config: CoreConfig, lake: Path, name: str, numbers: Sequence[int], told: str) -> list[dict[str, Any]]:
    """`number` and what is `told` of each of its subjects by a fact; nothing where the fact or one of its tables is missing."""
    if not numbers:
        return []
    with Lake.open(lake) as opened:
        fact, snapshot = content_in_force(config).facts.get(name), opened.snapshot()
        if fact is None or any(table not in snapshot.tables for table in fact.tables):
            return []
        with DuckDB(memory=config.memory) as engine:
            open_lake(engine, snapshot.tables, [fact])
            engine.register("asked", pa.table({"number": pa.array(sorted(set(numbers)), pa.int32())}))
            return engine.rows(
                f"SELECT {fact.subject} AS number, {told} FROM ({lake_sql(fact)}) "
                f"WHERE {fact.subject} IN (SELECT number FROM asked) GROUP BY ALL"
            )


def name_places(config: CoreConfig, lake: Path, codes: Iterable[Any]) -> dict[str, str]:
    """Code → name by the newest register of divisions in the lake; what is no code, or is not in it, is left out."""
    with Lake.open(lake) as opened:
        return place_names(opened.snapshot().tables, codes, config.memory)
