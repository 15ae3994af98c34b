"""The hits as they stand: for each rule those of the newest run that evaluated it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xiezhi.kernel.level import Level
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.hit import Hit
from xiezhi.runs.record import RunFolders

PUBLIC = (
    "rule",
    "version",
    "variant",
    "fingerprint",
    "level",
    "subject_kind",
    "subject_identity",
    "subject",
    "counterpart_kind",
    "counterpart_identity",
    "counterpart",
    "unit",
    "region",
    "period_from",
    "period_to",
    "amount",
    "shown",
    "state",
    "seal",
    "run",
    "first_run",
)


def read_hits(config: CoreConfig, lake: Path, *, rule: str | None = None, gone: bool = False) -> list[dict[str, Any]]:
    """Hits as dictionaries (keys PUBLIC; amounts in fen), gravest first; those gone only where asked for."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    hits = [
        Hit.from_row(row, record.run)
        for code, record in sorted(folders.latest_by_rule().items())
        if rule in (None, code)
        for row in hit_rows(folders, record.run, code)
        if gone or row["state"] != "gone"
    ]
    hits.sort(key=lambda hit: (-Level(hit.level).rank, hit.rule, -(hit.amount or 0), hit.fingerprint))
    return [{name: getattr(hit, name) for name in PUBLIC} for hit in hits]
