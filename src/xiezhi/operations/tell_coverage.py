"""The coverage of one run, row by row, with what each unit is numbered by: what a map of the city is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule
from xiezhi.runs import content_copy
from xiezhi.runs.record import CONTENT, COVERAGE, RunFolders


@dataclass(frozen=True)
class CoverageTold:
    """`outcome`: evaluated, why not, or outside.

    `unit_identity`: the identity kind whose number `unit` is, None where it is a text.
    """

    rule: str
    unit: str | None
    unit_identity: str | None
    month: date | None
    outcome: str
    rows: int


def tell_coverage(config: CoreConfig, lake: Path, run: int) -> list[CoverageTold]:
    """Raises UserError for an unknown run."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    folders.record(run)
    rules, facts = content_copy.read(folders.folder(run) / CONTENT)
    identities = {code: _identity(rule, facts) for code, rule in rules.items()}
    rows = pq.read_table(folders.folder(run) / COVERAGE).to_pylist()
    return [
        CoverageTold(row["rule"], row["unit"], identities.get(row["rule"]), row["month"], row["outcome"], row["rows"])
        for row in rows
    ]


def _identity(rule: Rule, facts: Mapping[str, Fact]) -> str | None:
    """A fact that could not be built is not among the run's copy; then there is no unit either."""
    fact = facts.get(rule.population.fact)
    column = fact.columns.get(rule.population.unit) if fact else None
    return column.identity if column else None
