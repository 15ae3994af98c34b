"""How much could be evaluated, and why the rest could not, for each rule, unit and month."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.outcomes import EVALUATED, OUTSIDE
from xiezhi.runs.record import COVERAGE, RunFolders


def read_coverage(config: CoreConfig, lake: Path, *, rule: str | None = None, by: str = "rule") -> list[dict[str, Any]]:
    """One row per rule (`by='rule'`) or per rule, unit and month (`by='month'`) of the newest run.

    Keys: rule, unit, month, population, evaluated, reasons ({reason: rows}), outside (rows that are no part of the population).
    """
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    complete = folders.complete()
    if not complete:
        return []
    newest: dict[str, int] = {rule.code: record.run for record in complete for rule in record.rules}
    found: dict[tuple[str, Any, Any], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for run in sorted(set(newest.values())):
        for row in pq.read_table(folders.folder(run) / COVERAGE).to_pylist():
            if newest[row["rule"]] == run and rule in (None, row["rule"]):
                place = (row["unit"], row["month"]) if by == "month" else (None, None)
                found[row["rule"], *place][row["outcome"]] += row["rows"]
    return [_counted(*key, outcomes) for key, outcomes in sorted(found.items(), key=lambda item: [str(part) for part in item[0]])]


def _counted(rule: str, unit: str | None, month: Any, outcomes: dict[str, int]) -> dict[str, Any]:
    outside = outcomes.pop(OUTSIDE, 0)
    reasons = {outcome: rows for outcome, rows in sorted(outcomes.items()) if outcome != EVALUATED}
    return {
        "rule": rule,
        "unit": unit,
        "month": month,
        "population": sum(outcomes.values()),
        "evaluated": outcomes.get(EVALUATED, 0),
        "reasons": reasons,
        "outside": outside,
    }
