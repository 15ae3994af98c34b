"""Why a hit vanished: what differs between the run it stood in and the run in which it no longer did.

Looked at in this order, all of it said: the same matter under another variant; the rule, its parameters, the facts it reads;
a table that is not there; delivered rows that were withdrawn, replaced or added, with file and line; and what the
conditions give now. Nothing is guessed: where none of these differs, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.engines.stored import read_stored
from xiezhi.evidence.definitions import Definition, changed_definitions
from xiezhi.evidence.moved_rows import moved_rows
from xiezhi.evidence.rejudged import open_facts, rejudged
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.runs import content_copy
from xiezhi.runs.changes import STANDING_COLUMNS, hit_rows, hits_starting
from xiezhi.runs.hit import Hit
from xiezhi.runs.plan import facts_of
from xiezhi.runs.record import CONTENT, STANDING, RunFolders, RunRecord

Kind = Literal["variant", "rule", "parameter", "fact", "table", "withdrawn", "corrected", "added", "not_yet", "judged", "unknown"]

MOST_ROWS = 3
"""Rows of one hit of which each is told; of more their number."""


@dataclass(frozen=True)
class Cause:
    """One thing that is not as it was. `by`: who ran it so, where a person changed it; `delivery`, `row`: where a row stands."""

    kind: Kind
    words: Words
    by: str = ""
    delivery: int | None = None
    row: int | None = None


def in_one_line(causes: Sequence[Cause]) -> Words:
    """All causes in one line."""
    return Words(zh="；".join(cause.words.zh for cause in causes), en="; ".join(cause.words.en for cause in causes))


def before(folders: RunFolders, record: RunRecord, code: str) -> RunRecord | None:
    """The newest run before `record` that evaluated the rule: the one its vanished hits stood in."""
    earlier = [
        one for one in folders.complete() if one.run < record.run and (ending := one.rule(code)) and ending.ending == "done"
    ]
    return earlier[-1] if earlier else None


def causes_of(
    lake: Lake, contracts: ContractCatalogue, record: RunRecord, code: str, fingerprints: Sequence[str] = (), memory: str = "2GB"
) -> dict[str, list[Cause]]:
    """Why the hits of a rule that a run found gone (only `fingerprints`, where given) are gone, by fingerprint."""
    folders = RunFolders(lake.paths.runs)
    rows = hit_rows(folders, record.run, code)
    gone = [
        Hit.from_row(row, record.run)
        for row in rows
        if row["state"] == "gone" and (not fingerprints or row["fingerprint"] in fingerprints)
    ]
    past = before(folders, record, code) if gone else None
    if past is None:
        return {}
    return _Comparison(lake, contracts, folders, past, record, code).causes(gone, rows, memory)


def last_seen(folders: RunFolders, fingerprint: str) -> tuple[dict[str, Any], RunRecord] | None:
    """The row of the newest run that found the hit gone, where no run has it any more; `fingerprint` may be its beginning."""
    for record in reversed(folders.complete()):
        rows = hits_starting(folders, record.run, fingerprint)
        if rows:
            return rows[0], record
    return None


class _Comparison:
    """Two runs of one rule."""

    def __init__(
        self, lake: Lake, contracts: ContractCatalogue, folders: RunFolders, past: RunRecord, now: RunRecord, code: str
    ) -> None:
        self.lake, self.contracts, self.folders = lake, contracts, folders
        self.past, self.now, self.code = past, now, code
        rules, self.facts_before = content_copy.read(folders.folder(past.run) / CONTENT)
        rules_now, self.facts_now = content_copy.read(folders.folder(now.run) / CONTENT)
        self.rule_before, self.rule = rules[code], rules_now[code]

    def causes(self, gone: Sequence[Hit], rows: Sequence[Mapping[str, Any]], memory: str) -> dict[str, list[Cause]]:
        shared = [*self._definitions(), *self._tables()]
        found = {hit.fingerprint: [*self._variants(hit, rows), *shared] for hit in gone}
        with DuckDB(memory=memory) as engine:
            now, past = (self.lake.snapshot_of_state(record.state) for record in (self.now, self.past))
            open_facts(engine, now, past, self.facts_now, self.rule)
            for fingerprint, moved in self._rows(engine, gone).items():
                found[fingerprint] += moved
            parameters = self.now.parameters[self.code]
            for fingerprint, words in rejudged(engine, self.rule, parameters, self.facts_now, self.contracts, gone).items():
                found[fingerprint].append(Cause("judged", words))
        nothing = Cause("unknown", Words(zh="两次运行之间没有发现差别", en="no difference between the two runs was found"))
        return {fingerprint: causes or [nothing] for fingerprint, causes in found.items()}

    def _definitions(self) -> list[Cause]:
        facts = _closure(facts_of(self.rule), self.facts_now)
        changed = changed_definitions(
            (self.rule_before, self.past.parameters[self.code], self.facts_before),
            (self.rule, self.now.parameters[self.code], self.facts_now),
            facts,
        )
        return [self._by(definition) for definition in changed]

    def _by(self, definition: Definition) -> Cause:
        """What a person changed is put down to whoever ran it so; who proposed and approved it, the web's changes say."""
        words = Words(
            zh=f"{definition.words.zh}（自第 {self.now.run} 次运行，{self.now.actor}）",
            en=f"{definition.words.en} (since run {self.now.run}, by {self.now.actor})",
        )
        return Cause(definition.kind, words, self.now.actor)

    def _tables(self) -> list[Cause]:
        """Tables stay in a lake; a run that looks at it as it stood earlier finds it without those that came since."""
        was, now = (self.lake.snapshot_of_state(record.state).tables for record in (self.past, self.now))
        read = {table for name in _closure(facts_of(self.rule), self.facts_now) for table in self.facts_now[name].tables}
        return [
            Cause(
                "table",
                Words(
                    zh=f"第 {self.now.run} 次运行所用的数据中没有数据表 {self._title(table).zh}",
                    en=f"the data that run {self.now.run} looked at has no table {self._title(table).en}",
                ),
            )
            for table in sorted(read)
            if table in was and table not in now
        ]

    def _title(self, table: str) -> Words:
        titles = {held.name: held.title for contract in self.contracts for held in contract.tables}
        return titles.get(table, Words(zh=table, en=table))

    def _variants(self, hit: Hit, rows: Sequence[Mapping[str, Any]]) -> list[Cause]:
        """The same matter, told as another variant: another level, another fingerprint."""
        key = [str(hit.candidate.get(name)) for name in self.rule.hit.key]
        for row in rows:
            if row["state"] == "gone" or row["subject"] != str(hit.subject):
                continue
            other = Hit.from_row(dict(row), self.now.run)
            if [str(other.candidate.get(name)) for name in self.rule.hit.key] == key:
                words = Words(
                    zh=f"同一事项现为 {self.code}/{other.variant}（命中 {other.fingerprint[:8]}）",
                    en=f"the same matter is now {self.code}/{other.variant} (hit {other.fingerprint[:8]})",
                )
                return [Cause("variant", words)]
        return []

    def _rows(self, engine: DuckDB, gone: Sequence[Hit]) -> dict[str, list[Cause]]:
        """The rows each stood on that are there no more, those that took their place, and those that came beside them."""
        wanted = {hit.fingerprint for hit in gone}
        refs = read_stored(
            self.folders.folder(self.past.run) / STANDING, STANDING_COLUMNS, [("rule", "=", self.code)]
        ).to_pylist()
        stood = [ref for ref in refs if ref["fingerprint"] in wanted]
        moved = moved_rows(
            engine,
            self.lake,
            self.contracts,
            (self.past.state, self.now.state),
            self.facts_now,
            self.rule_before,
            self.past.parameters[self.code],
            gone,
            stood,
        )
        return {
            fingerprint: [Cause(one.kind, one.words, "", one.delivery, one.row) for one in rows[:MOST_ROWS]] + _more(len(rows))
            for fingerprint, rows in moved.items()
        }


def _more(number: int) -> list[Cause]:
    if number <= MOST_ROWS:
        return []
    rest = number - MOST_ROWS
    return [Cause("corrected", Words(zh=f"另有 {rest} 行变化", en=f"{rest} more rows changed"))]


def _closure(names: set[str], facts: Mapping[str, Any]) -> list[str]:
    """Facts and all they read."""
    found: set[str] = set()
    waiting = [name for name in names if name in facts]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in facts[name].facts if other in facts]
    return sorted(found)
