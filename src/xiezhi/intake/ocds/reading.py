"""Delivered releases into the engine's scratch space: shaped, dated, with their notes and the texts that may go back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from xiezhi.contracts.judge import judge_texts
from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.ocds.notes import Note, Notes
from xiezhi.intake.ocds.shape import shaped
from xiezhi.intake.ocds.tables import NOTES, as_notes, insert
from xiezhi.intake.ocds.unwrap import Unit
from xiezhi.kernel.clock import now

_READ = {
    "_row": ("BIGINT", pa.int64()),
    "part": ("INTEGER", pa.int32()),
    "ocid": ("VARCHAR", pa.string()),
    "release_id": ("VARCHAR", pa.string()),
    "date_text": ("VARCHAR", pa.string()),
    "compiled": ("BOOLEAN", pa.bool_()),
    "body": ("VARCHAR", pa.string()),
    "contradicted": ("VARCHAR", pa.string()),
}


def read_units(
    engine: DuckDB, blocks: Iterable[list[Unit]], into: str, notes: str, texts: str, watch: Callable[[int], None]
) -> int:
    """Fill table `into` (a row a release; `part` counts those of one record), `notes` and `texts`. Returns how many units."""
    total = 0
    engine.run(f"CREATE OR REPLACE TEMP TABLE {into} ({', '.join(f'{name} {kind}' for name, (kind, _) in _READ.items())})")
    engine.run(f"CREATE OR REPLACE TEMP TABLE {notes} ({', '.join(f'{quoted(name)} {kind}' for name, kind in NOTES.items())})")
    engine.run(f"CREATE OR REPLACE TEMP TABLE {texts} (_row BIGINT, text VARCHAR)")
    schema = pa.schema([(name, kind) for name, (_, kind) in _READ.items()])
    for block in blocks:
        told: list[tuple[int, Note]] = []
        releases = [release for unit in block for release in _shaped(unit, told)]
        insert(engine, into, pa.Table.from_pylist(releases, schema))
        insert(engine, notes, as_notes(told))
        insert(engine, texts, pa.table({"_row": [unit.row for unit in block], "text": [unit.text for unit in block]}))
        total += len(block)
        watch(total)
    return total


def judge_releases(engine: DuckDB, read: str, texts: str, table: Table) -> None:
    """Add `release_date`, `received_at` (UTC) and `fault` to the releases read, and drop the texts that cannot go back.

    The ocid becomes what the contract makes of it, as in every table of the process. A date that cannot be read sets the
    whole unit aside: where a release belongs among others is then unknown. So does one of a day to come: it would overtake
    whatever is published until then. (A day's grace: publishers write local times as if they were UTC.)
    """
    dates = judge_texts(table.field("release_date"), f"(SELECT DISTINCT date_text AS raw FROM {read} WHERE date_text <> '')")
    ocids = judge_texts(table.field("ocid"), f"(SELECT DISTINCT ocid AS raw FROM {read})")
    here = f"TIMESTAMP '{now():%Y-%m-%d %H:%M:%S}'"
    faults = (
        "CASE WHEN o.j IS NOT NULL THEN 'ocds_tender.ocid=' || o.j"
        " WHEN m.j IS NOT NULL THEN 'ocds_tender.release_date=' || m.j"
        f" WHEN m.v > {here} + INTERVAL 1 DAY THEN 'ocds_tender.release_date=in_the_future'"
        " ELSE contradicted END"
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {read} AS WITH"
        f" moments AS ({dates}), ocids AS ({ocids})"
        f" SELECT r.* REPLACE (coalesce(o.v, r.ocid) AS ocid), m.v AS release_date,"
        f" {here} AS received_at, max({faults}) OVER (PARTITION BY _row) AS fault"
        f" FROM {read} AS r JOIN ocids AS o ON o.raw = r.ocid LEFT JOIN moments AS m ON m.raw = r.date_text"
    )
    engine.run(
        f"DELETE FROM {texts} WHERE _row NOT IN (SELECT _row FROM {read} WHERE fault IS NOT NULL OR NOT compiled)"
        f" AND _row NOT IN (SELECT _row FROM {read} QUALIFY count(*) OVER (PARTITION BY ocid) > 1)"
    )


def _shaped(unit: Unit, told: list[tuple[int, Note]]) -> list[dict[str, Any]]:
    found = []
    notes = Notes(unit.contained.notes)
    for part, release in enumerate(unit.contained.releases):
        date = release.get("date")
        if date is not None and not isinstance(date, str):
            notes.add("date", "wrong_type", date)
            date = None
        if not date:
            notes.add("ocds_tender.release_date", "undated")
        body = shaped(release, notes)
        twice = next((note.column for note in notes if note.word == "key_conflict"), None)
        found.append(
            {
                "_row": unit.row,
                "part": part,
                "ocid": release["ocid"].strip(),
                "release_id": body.get("id") or None,
                "date_text": date or "",
                "compiled": unit.contained.compiled,
                "body": json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
                "contradicted": f"{twice}=key_conflict" if twice else None,
            }
        )
    told += [(unit.row, note) for note in notes]
    return found
