"""How much could be evaluated and why the rest could not: summed up, and row by row of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xiezhi.engines.stored import read_stored
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.coverage_reasons import EVALUATED, OUTSIDE, REASONS
from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule
from xiezhi.runs import content_copy
from xiezhi.runs.record import CONTENT, COVERAGE, RunFolders

COLUMNS = ("rule", "unit", "month", "outcome", "rows")
"""Of a run's stored coverage."""


@dataclass(frozen=True)
class CoverageSummary:
    """`evaluated` of `population` rows, and `reasons` for the rest ({reason: rows}). `outside`: rows that are no part of it.

    `unit` and `month` None where all of them are summed up.
    """

    rule: str
    unit: str | None
    month: date | None
    population: int
    evaluated: int
    reasons: dict[str, int]
    outside: int


def summarise_coverage(config: CoreConfig, lake: Path, *, rule: str | None = None, by: str = "rule") -> list[CoverageSummary]:
    """One per rule (`by='rule'`), or per rule, unit and month (`by='month'`), each of its newest run. `rule`: only its own."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    complete = folders.complete()
    if not complete:
        return []
    newest: dict[str, int] = {rule.code: record.run for record in complete for rule in record.rules}
    found: dict[tuple[str, Any, Any], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for run in sorted(set(newest.values())):
        for row in read_stored(folders.folder(run) / COVERAGE, COLUMNS).to_pylist():
            if newest[row["rule"]] == run and rule in (None, row["rule"]):
                place = (row["unit"], row["month"]) if by == "month" else (None, None)
                found[row["rule"], *place][row["outcome"]] += row["rows"]
    return [_counted(*key, outcomes) for key, outcomes in sorted(found.items(), key=lambda item: [str(part) for part in item[0]])]


def reason_words(reason: str) -> Words:
    """Why a row could not be evaluated, in words. KeyError for a word that no coverage has."""
    return REASONS[reason]


def _counted(rule: str, unit: str | None, month: date | None, outcomes: dict[str, int]) -> CoverageSummary:
    outside = outcomes.pop(OUTSIDE, 0)
    reasons = {outcome: rows for outcome, rows in sorted(outcomes.items()) if outcome != EVALUATED}
    return CoverageSummary(rule, unit, month, sum(outcomes.values()), outcomes.get(EVALUATED, 0), reasons, outside)


@dataclass(frozen=True)
class CoverageRow:
    """`outcome`: evaluated, why not, or outside.

    `unit_identity`: the identity kind whose number `unit` is, None where it is a text.
    """

    rule: str
    unit: str | None
    unit_identity: str | None
    month: date | None
    outcome: str
    rows: int


def list_coverage(config: CoreConfig, lake: Path, run: int) -> list[CoverageRow]:
    """Raises UserError for an unknown run."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    folders.record(run)
    rules, facts = content_copy.read(folders.folder(run) / CONTENT)
    identities = {code: _identity(rule, facts) for code, rule in rules.items()}
    rows = read_stored(folders.folder(run) / COVERAGE, COLUMNS).to_pylist()
    return [
        CoverageRow(row["rule"], row["unit"], identities.get(row["rule"]), row["month"], row["outcome"], row["rows"])
        for row in rows
    ]


def _identity(rule: Rule, facts: Mapping[str, Fact]) -> str | None:
    """A fact that could not be built is not among the run's copy; then there is no unit either."""
    fact = facts.get(rule.population.fact)
    column = fact.columns.get(rule.population.unit) if fact else None
    return column.identity if column else None
