"""Delivered rows behind hits that moved between two states of the lake: withdrawn, corrected, or new beside them.

A later run may look at the lake as it stood earlier; rows it misses were then not there yet, and nobody took them out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.engines.duckdb_engine import DuckDB, EngineError, quoted, scan_sql
from xiezhi.evidence.values import shown_values
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.rules.fact import Fact
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import candidates_sql
from xiezhi.rules.rule import Rule
from xiezhi.runs.hit import Hit
from xiezhi.runs.standing import standing_select

Ref = tuple[int, int]
"""Delivery and row."""


@dataclass(frozen=True)
class MovedRow:
    """`delivery` and `row`: where what is new stands, or where what is gone stood."""

    kind: Literal["withdrawn", "corrected", "added", "not_yet"]
    words: Words
    delivery: int
    row: int


def moved_rows(
    engine: DuckDB,
    lake: Lake,
    contracts: ContractCatalogue,
    states: tuple[int, int],
    facts: Mapping[str, Fact],
    rule: Rule,
    parameters: Mapping[str, Any],
    gone: Sequence[Hit],
    stood: Sequence[Mapping[str, Any]],
) -> dict[str, list[MovedRow]]:
    """Fingerprint → its moved rows. `engine` has the facts of the later state; `stood`: the rows the hits stood on before."""
    found: dict[str, list[MovedRow]] = defaultdict(list)
    was, now = (lake.snapshot_of_state(state).tables for state in states)
    backwards = states[1] < states[0]
    for name in sorted({str(ref["fact"]) for ref in stood} & set(facts)):
        table = facts[name].principal
        refs = {(int(ref["delivery"]), int(ref["row"])) for ref in stood if ref["fact"] == name}
        left = _Left(engine, lake, contracts, table, was.get(table), now.get(table), backwards).told(refs)
        for ref in stood:
            moved = left.get((int(ref["delivery"]), int(ref["row"]))) if ref["fact"] == name else None
            if moved is not None:
                found[str(ref["fingerprint"])].append(moved)
    taken = {(fingerprint, one.delivery, one.row) for fingerprint, rows in found.items() for one in rows}
    for fingerprint, one in _added(engine, lake, contracts, facts, rule, parameters, gone, stood, was):
        if (fingerprint, one.delivery, one.row) not in taken:  # what took a row's place is told with it
            found[fingerprint].append(one)
    return found


class _Left:
    """Rows of one table that the second state does not have, and what took their place. `backwards`: it is the earlier one."""

    def __init__(
        self,
        engine: DuckDB,
        lake: Lake,
        contracts: ContractCatalogue,
        table: str,
        was: TableRef | None,
        now: TableRef | None,
        backwards: bool,
    ) -> None:
        self.engine, self.lake, self.contracts, self.table = engine, lake, contracts, table
        self.was, self.now, self.backwards = was, now, backwards

    def told(self, refs: set[Ref]) -> dict[Ref, MovedRow]:
        if self.was is None:
            return {}
        kept = {_ref(row) for row in self._read(self.now, refs)} if self.now is not None else set()
        absent = {_ref(row): row for row in self._read(self.was, refs - kept)}
        return {ref: self._one(ref, row) for ref, row in absent.items()}

    def _read(self, table: TableRef, refs: set[Ref]) -> list[dict[str, Any]]:
        if not refs:
            return []
        listed = ", ".join(f"({delivery}, {row})" for delivery, row in sorted(refs))
        return self.engine.rows(f"SELECT * FROM ({scan_sql(table)}) WHERE (_delivery, _row) IN (VALUES {listed})")

    def _one(self, ref: Ref, row: Mapping[str, Any]) -> MovedRow:
        place = _place(self.lake, *ref)
        if self.backwards:
            words = Words(
                zh=f"{place.zh}在这次运行所看的数据中还没有",
                en=f"{place.en} was not there yet in the data that this run looked at",
            )
            return MovedRow("not_yet", words, *ref)
        successor = self._successor(row)
        if successor is None:
            words = Words(
                zh=f"{place.zh}已被撤回或不在新的交付中", en=f"{place.en} was withdrawn, or is not in the newer delivery"
            )
            return MovedRow("withdrawn", words, *ref)
        there = _ref(successor)
        changes = self._changes(row, successor)
        newer = _place(self.lake, *there)
        words = Words(
            zh=f"{place.zh}由{newer.zh}更正" + (f"：{changes.zh}" if changes.zh else ""),
            en=f"{place.en} was corrected by {newer.en}" + (f": {changes.en}" if changes.en else ""),
        )
        return MovedRow("corrected", words, *there)

    def _successor(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """The row of the later state that has the same key by the contract."""
        key = self._key()
        if self.now is None or not key or any(row.get(name) is None for name in key):
            return None
        asked = " AND ".join(f"CAST({quoted(name)} AS VARCHAR) = $k{place}" for place, name in enumerate(key))
        values = {f"k{place}": str(row[name]) for place, name in enumerate(key)}
        found = self.engine.rows(
            f"SELECT * FROM ({scan_sql(self.now)}) WHERE {asked} ORDER BY _delivery DESC, _row LIMIT 1", values
        )
        return found[0] if found else None

    def _key(self) -> tuple[str, ...]:
        for contract in self.contracts:
            for held in contract.tables:
                if held.name == self.table:
                    return contract.key_of(held)
        return ()

    def _changes(self, row: Mapping[str, Any], successor: Mapping[str, Any]) -> Words:
        """Column by column, from what to what. Of identities only that they changed: their numbers tell a reader nothing."""
        one, other = (self._shown(values) for values in (row, successor))
        parts = []
        for column in dict.fromkeys((*one, *other)):
            title, identity = (one.get(column) or other[column])[:2]
            before, after = (cells[column][2] if column in cells else Words(zh="空", en="empty") for cells in (one, other))
            if before == after:
                continue
            if identity:
                parts.append(Words(zh=f"{title.zh}已改", en=f"{title.en} changed"))
            else:
                parts.append(Words(zh=f"{title.zh} {before.zh} → {after.zh}", en=f"{title.en} {before.en} → {after.en}"))
        return Words(zh="，".join(part.zh for part in parts), en=", ".join(part.en for part in parts))

    def _shown(self, values: Mapping[str, Any]) -> dict[str, tuple[Words, str | None, Words]]:
        cells = {name: value for name, value in values.items() if name not in ("_delivery", "_row")}
        return {cell.column: (cell.title, cell.identity, cell.value) for cell in shown_values(self.contracts, self.table, cells)}


def _added(
    engine: DuckDB,
    lake: Lake,
    contracts: ContractCatalogue,
    facts: Mapping[str, Fact],
    rule: Rule,
    parameters: Mapping[str, Any],
    gone: Sequence[Hit],
    stood: Sequence[Mapping[str, Any]],
    was: Mapping[str, TableRef],
) -> Iterable[tuple[str, MovedRow]]:
    """Rows the hits would stand on today that the earlier state did not have: a reversal, a later register, a new death."""
    values = parameter_values(rule, parameters)
    try:
        types = engine.columns(candidates_sql(rule, values))
    except EngineError:
        return
    texts = [[None if (value := hit.candidate.get(name)) is None else str(value) for hit in gone] for name in types]
    engine.register("_gone_texts", pa.table([pa.array(column, pa.string()) for column in texts], names=list(types)))
    typed = ", ".join(f"TRY_CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in types.items())
    variants = pa.array([hit.variant for hit in gone], pa.string())
    engine.register("_gone_variants", pa.table({"_variant": variants}))
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE _gone AS SELECT {typed}, _variant "
        "FROM (SELECT *, row_number() OVER () AS n FROM _gone_texts) AS t "
        "JOIN (SELECT *, row_number() OVER () AS n FROM _gone_variants) AS v USING (n)"
    )
    try:
        today = engine.rows(standing_select(rule, "_gone", {}, values))
    except EngineError:
        return
    before = {(str(ref["fingerprint"]), str(ref["fact"]), int(ref["delivery"]), int(ref["row"])) for ref in stood}
    newest = max((_newest(engine, table) for table in was.values()), default=0)
    for row in sorted(today, key=lambda row: (row["fact"], row["delivery"], row["row"])):
        key = (row["fingerprint"], row["fact"], row["delivery"], row["row"])
        if key in before or row["delivery"] <= newest or row["fact"] not in facts:
            continue
        place = _place(lake, row["delivery"], row["row"])
        title = facts[row["fact"]].title
        words = Words(zh=f"新交付的“{title.zh}”{place.zh}", en=f'newly delivered "{title.en}": {place.en}')
        yield row["fingerprint"], MovedRow("added", words, row["delivery"], row["row"])


def _newest(engine: DuckDB, table: TableRef) -> int:
    return int(engine.value(f"SELECT max(_delivery) FROM ({scan_sql(table)})") or 0)


def _place(lake: Lake, delivery: int, row: int) -> Words:
    one = lake.delivery(delivery)
    file = " › ".join(part for part in (one.file, one.member, one.sheet) if part)
    return Words(zh=f"{file} 第 {row} 行（第 {delivery} 号交付）", en=f"{file} line {row} (delivery {delivery})")


def _ref(row: Mapping[str, Any]) -> Ref:
    return int(row["_delivery"]), int(row["_row"])
