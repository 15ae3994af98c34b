"""Rules that need not run again: nothing they read has changed since they last ran to their end.

What a rule finds hangs on its own words and values, on the facts it touches, and on the files of the tables behind these, also
of rows set aside. Where all are as they were, its hits, the rows they stand on and its coverage are taken over; only the seals
are made anew, since they name the snapshot. The result is the one that running it would have given.

Rejected so far: to look again only at the people a delivery brings (`scope`). Facts and coverage are two thirds of a run, and
are needed whole for either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, file_literal, quoted
from xiezhi.engines.stored import read_stored
from xiezhi.kernel.errors import XiezhiError
from xiezhi.kernel.hashing import canonical
from xiezhi.kernel.tables import SET_ASIDE, TableRef
from xiezhi.lake.snapshot import Snapshot
from xiezhi.rules.fact import Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.rule import Rule
from xiezhi.runs import content_copy
from xiezhi.runs.changes import HIT_COLUMNS, STANDING_COLUMNS
from xiezhi.runs.coverage import SCHEMA
from xiezhi.runs.plan import RunPlan, facts_of
from xiezhi.runs.record import CONTENT, COVERAGE, HITS, STANDING, RuleEnding, RunFolders, RunRecord

Past = Callable[[int], Snapshot]
"""The snapshot of an earlier state of the lake. Raises UserError where it was erased."""


@dataclass(frozen=True)
class Unchanged:
    """A rule whose last result stands: how it ended, in which run, and the folder of that run."""

    ending: RuleEnding
    run: int
    folder: Path


def find_unchanged(plan: RunPlan, folders: RunFolders, past: Past) -> dict[str, Unchanged]:
    """Rule code → its last result, of those rules of the plan that would give it again. A run that was altered gives none."""
    latest = {code: record for code, record in folders.latest_by_rule().items() if record.engine == plan.engine}
    found: dict[str, Unchanged] = {}
    for run in sorted({record.run for record in latest.values()}):
        record = folders.record(run)
        rules = [rule for rule in plan.computable if rule.code in latest and latest[rule.code].run == run]
        if rules and not folders.altered(record):
            found |= _of_run(plan, rules, record, folders.folder(run), past)
    return found


def _of_run(plan: RunPlan, rules: Iterable[Rule], record: RunRecord, folder: Path, past: Past) -> dict[str, Unchanged]:
    try:
        before = past(record.state).tables
        _, facts = content_copy.read(folder / CONTENT)
    except XiezhiError:  # that state was erased, or its content would be refused today: nobody can say that all is as it was
        return {}
    return {
        rule.code: Unchanged(ending, record.run, folder)
        for rule in rules
        if (ending := record.rule(rule.code))
        and ending.digest == rule.digest
        and canonical(record.parameters[rule.code]) == canonical(plan.parameters[rule.code])
        and _read(rule, {fact.name: fact for fact in plan.facts}, plan.snapshot.tables) == _read(rule, facts, before)
    }


def _read(rule: Rule, facts: Mapping[str, Fact], tables: Mapping[str, TableRef]) -> tuple[object, ...]:
    """All that the rule reads: its facts as written, and the files and columns of each table behind them."""
    behind = facts_in_order(facts, facts_of(rule) & facts.keys())
    names = sorted({name for fact in behind for table in fact.tables for name in (table, table + SET_ASIDE)})
    return (
        sorted((fact.name, fact.digest) for fact in behind),
        [(name, tables[name].files, sorted(tables[name].columns.items())) for name in names if name in tables],
    )


def open_results(engine: DuckDB, code: str, unchanged: Unchanged) -> None:
    """Make the tables `hits_<code>` and `standing_<code>` of a result that stands, as evaluating the rule would have."""
    for name, file, columns, where in (
        ("hits", HITS, [column for column in HIT_COLUMNS if column != "seal"], " AND state <> 'gone'"),
        ("standing", STANDING, [column for column in STANDING_COLUMNS if column != "rule"], ""),
    ):
        listed = ", ".join(map(quoted, columns))
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE {quoted(f'{name}_{code}')} AS SELECT {listed}"
            f" FROM read_parquet({file_literal(unchanged.folder / file)}) WHERE rule = '{code}'{where}"
        )


def coverage_of(unchanged: Mapping[str, Unchanged]) -> pa.Table:
    """The coverage of rules whose result stands, with the columns of SCHEMA."""
    kept = [
        read_stored(folder / COVERAGE, SCHEMA.names, [("rule", "in", sorted(codes))])
        for folder, codes in _by_folder(unchanged).items()
    ]
    return pa.concat_tables([SCHEMA.empty_table(), *(table.cast(SCHEMA) for table in kept)])


def _by_folder(unchanged: Mapping[str, Unchanged]) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = {}
    for code, one in unchanged.items():
        found.setdefault(one.folder, []).append(code)
    return found
