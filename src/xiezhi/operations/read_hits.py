"""The hits as they stand: for each rule those of the newest run that evaluated it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xiezhi.kernel.level import Level
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.tell_hits import unit_identity_of
from xiezhi.runs import content_copy
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.hit import Hit
from xiezhi.runs.record import CONTENT, RunFolders, RunRecord

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
    "unit_identity",
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
    """Hits as dictionaries (keys PUBLIC; amounts in fen), gravest first; those gone only where asked for.

    `unit_identity`: the identity kind whose number `unit` is; None where it is a text.
    """
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    latest = {code: record for code, record in sorted(folders.latest_by_rule().items()) if rule in (None, code)}
    hits = [
        Hit.from_row(row, record.run)
        for code, record in latest.items()
        for row in hit_rows(folders, record.run, code)
        if gone or row["state"] != "gone"
    ]
    hits.sort(key=lambda hit: (-Level(hit.level).rank, hit.rule, -(hit.amount or 0), hit.fingerprint))
    units = _unit_identities(folders, latest)
    return [_public(hit, units.get(hit.rule)) for hit in hits]


def _public(hit: Hit, unit_identity: str | None) -> dict[str, Any]:
    if unit_identity is None and hit.unit is not None and hit.unit == str(hit.subject):
        unit_identity = hit.subject_identity
    return {name: unit_identity if name == "unit_identity" else getattr(hit, name) for name in PUBLIC}


def _unit_identities(folders: RunFolders, latest: Mapping[str, RunRecord]) -> dict[str, str | None]:
    """Rule → what its unit column is numbered by, as the content of its run says."""
    found: dict[str, str | None] = {}
    for run in sorted({record.run for record in latest.values()}):
        rules, facts = content_copy.read(folders.folder(run) / CONTENT)
        found |= {code: unit_identity_of(rules[code], facts) for code, record in latest.items() if record.run == run}
    return found
