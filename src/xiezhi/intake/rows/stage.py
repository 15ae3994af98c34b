"""Stage: one delivered table, judged, in the engine's scratch space; what every later step of intake asks.

Rows lie in `<stage>_rows`. A coded column (see `coding`) is an integer there, and its distinct texts lie judged in
`<stage>_<column>` (`k` code, `raw`, `v` value, `j` verdict, `r` repairs, `n` vault number). A text column keeps its text
`x_<column>`, what the short test said of it `s_<column>`, and its value `v_<column>` where that is not the text; its doubtful
texts lie judged in `<stage>_<column>_settled`. So nothing delivered is lost, and little is written per row. Rows that are
faulty or repaired lie in `<stage>_marks` (`_row`, `_faults` and `_repairs` as `field=word;word|field=word`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.contracts.model import DERIVED_TYPES, Field, Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.identity.grading import agreement_sql, derive_sql, holder_sql
from xiezhi.intake.receipts.words import shown
from xiezhi.intake.rows.judge import DOUBTFUL, EMPTY, PLAIN, empty_verdict, stored_type
from xiezhi.kernel.identity_kind import IdentityKind

REGION6 = 10**6
"""A citizen id spells six digits of a region; the lake's region codes have twelve."""

LOOKED_UP_AT_ONCE = 32
"""Columns of a row that one statement reads as they were delivered."""


@dataclass(frozen=True)
class Source:
    """Where a table's cells stand: `columns` of the delivered batches in order, `fields`: field → column, units of headers.

    `titles`: what each column is called by its sender, where a header says it.
    `codes`: the fields that number things, see `ContractCatalogue.codes_of`. `comma_separated`: cells end at commas, so that one
    inside an unquoted amount makes two of it.
    """

    columns: Sequence[str]
    fields: Mapping[str, str]
    units: Mapping[str, Unit] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    comma_separated: bool = False


class Stage:
    """A staged table. Fill it (`filling`), number its identities, then `select` reads it as the lake will."""

    def __init__(self, engine: DuckDB, name: str, table: Table, source: Source) -> None:
        self.engine, self.name, self.table, self.source = engine, name, table, source
        self.rows_table, self.marks = f"{name}_rows", f"{name}_marks"
        self.fields = {column: table.field(name) for name, column in source.fields.items()}
        self.coded: set[str] = set()
        self.settled: set[str] = set()
        self._dictionaries: dict[IdentityKind, tuple[str, bool]] = {}

    @cached_property
    def total(self) -> int:
        """How many rows were staged."""
        return int(self.engine.value(f"SELECT count(*) FROM {self.rows_table}"))

    @cached_property
    def faulty(self) -> int:
        """How many rows are set aside by a cell. Most files have none, and need not be looked through for them."""
        return int(self.engine.value(f"SELECT count(*) FROM {self.marks} WHERE _faults IS NOT NULL"))

    def sound(self) -> str:
        """A condition on alias `s`: the row is not set aside by a cell."""
        return f"s._row NOT IN (SELECT _row FROM {self.marks} WHERE _faults IS NOT NULL)"

    def select(self, columns: Mapping[str, str], where: str = "true", *, sound: bool = True) -> str:
        """SELECT of `_row` and named expressions (see `text`, `lake`), joining only what they need."""
        named = "".join(f", {expression} AS {quoted(name)}" for name, expression in columns.items())
        return self.joined(f"SELECT s._row{named}", f"({where}) AND {self.sound()}" if sound else where)

    def rows_as_delivered(self, where: str) -> str:
        """SELECT of `_row` and `cells`, the list of its delivered texts, of the rows that meet `where`.

        A wide table's are read by groups of columns and put together: a coded cell is looked up in a table of its own, and
        planning some hundred lookups in one statement took minutes and gigabytes.
        """
        columns = self.source.columns
        groups = [columns[at : at + LOOKED_UP_AT_ONCE] for at in range(0, len(columns), LOOKED_UP_AT_ONCE)]
        selects = [self.select({"cells": f"[{', '.join(map(self.raw, group))}]"}, where, sound=False) for group in groups]
        if len(selects) == 1:
            return selects[0]
        for place, select in enumerate(selects):
            self.engine.run(f"CREATE OR REPLACE TEMP TABLE {self.name}_cells{place} AS {select}")
        whole = "list_concat(cells, more)"
        return reduce(
            lambda so_far, place: (
                f"SELECT _row, {whole} AS cells FROM ({so_far}) JOIN (SELECT _row, cells AS more FROM"
                f" {self.name}_cells{place}) USING (_row)"
            ),
            range(1, len(selects)),
            f"SELECT _row, cells FROM {self.name}_cells0",
        )

    def text(self, name: str) -> str:
        """A field's value before identities become numbers; any other lake column as it is."""
        if name not in {one.name for one in self.table.fields}:
            return self.lake(name)
        column = self.source.fields.get(name)
        return self.part(column, "v") if column else f"CAST(NULL AS {stored_type(self.table.field(name))})"

    def lake(self, name: str) -> str:
        """A lake column: a value or number, a grade, something derived from an id, how two names agree."""
        for one in self.table.fields:
            if name in one.lake_columns():
                return self._lake(one, name)
        raise KeyError(name)

    def raw(self, column: str) -> str:
        """A delivered cell as it was delivered."""
        if column in self.coded:
            return f"d_{column}.raw"
        return f"s.x_{column}" if column in self.fields else f"s.{column}"

    def show(self, name: str, rows: Sequence[int]) -> dict[int, str | None]:
        """Delivered cells of a field in some rows, as a receipt may show them: personal and restricted values masked."""
        cells = self.select({"cell": self.raw(self.source.fields[name])}, f"s._row IN ({', '.join(map(str, rows))})", sound=False)
        hidden = not self.table.field(name).may_be_shown
        return {row["_row"]: shown(row["cell"], hidden=hidden) for row in self.engine.rows(cells)}

    def identities(self) -> Iterator[tuple[IdentityKind, str, str | None]]:
        """(kind, SELECT of the texts `v` to number, the code table to write numbers into) per delivered identity.

        Those of rows set aside for another cell, too: by them a mended row is known again.
        """
        for column, one in self.fields.items():
            if one.identity and column in self.coded:
                table = self.dictionary(column)
                yield one.identity, f"SELECT v FROM {table} WHERE v IS NOT NULL", table
            elif one.identity:
                value = self.part(column, "v")
                yield one.identity, self.joined(f"SELECT {value} AS v", f"{value} IS NOT NULL"), None

    def use_numbers(self, kind: IdentityKind, table: str, *, by_hash: bool) -> None:
        """Identities of a kind are numbered by `table` (`v`, `h`, `n`) from here on.

        `by_hash`: its hashes `h` are all different. It holds every text of the stage, so a hash finds the text itself, and
        joining integers takes a third of the time that joining texts does.
        """
        self._dictionaries[kind] = table, by_hash

    def unit(self, column: str) -> Unit | None:
        """The unit that the delivered header states for a field's column."""
        return self.source.units.get(self.fields[column].name)

    def part(self, column: str, letter: str) -> str:
        """`v`, `j` or `r` of a field's column, wherever it lies."""
        if column in self.coded:
            return f"d_{column}.{letter}"
        one, kind = self.fields[column], {"v": stored_type(self.fields[column])}.get(letter, "VARCHAR")
        doubtful = f"q_{column}.{letter}" if column in self.settled else "NULL"
        if letter == "r":
            return f"CAST({doubtful} AS VARCHAR)"
        plain = {"v": f"s.{'x' if kind == 'VARCHAR' else 'v'}_{column}", "j": "'sound'" if one.identity else "NULL"}[letter]
        empty = {"v": "NULL", "j": empty_verdict(one)}[letter]
        return f"CAST(CASE s.s_{column} WHEN {PLAIN} THEN {plain} WHEN {EMPTY} THEN {empty} ELSE {doubtful} END AS {kind})"

    def dictionary(self, column: str) -> str:
        """The judged texts of a coded column."""
        return f"{self.name}_{column}"

    def settled_table(self, column: str) -> str:
        """The judged doubtful texts of a text column."""
        return f"{self.name}_{column}_settled"

    def judged_from(self, column: str) -> str:
        """FROM clause over whatever a column's verdicts can be read from without asking every row twice."""
        if column in self.coded:
            return f"FROM {self.dictionary(column)} AS d_{column}"
        return f"FROM {self.rows_table} AS s {self._join(f'q_{column}') if column in self.settled else ''}"

    def joined(self, select: str, where: str) -> str:
        """The SELECT over the rows and whatever dictionaries its text names."""
        used = sorted(set(re.findall(r"\b[dnq]_\w+(?=\.)", f"{select} {where}")))
        numbered = {f"q_{alias[2:]}" for alias in used if alias.startswith("n_") and alias[2:] in self.settled}
        joins = [self._join(alias) for alias in sorted(numbered.union(used), key=lambda alias: "dqn".index(alias[0]))]
        return f"{select} FROM {self.rows_table} AS s {' '.join(joins)} WHERE {where}"

    def _join(self, alias: str) -> str:
        letter, column = alias.split("_", 1)
        if letter == "d":
            return f"JOIN {self.dictionary(column)} AS {alias} ON {alias}.k = s.{column}"
        if letter == "q":
            doubtful = f"CASE WHEN s.s_{column} = {DOUBTFUL} THEN s.x_{column} END"
            return f"LEFT JOIN {self.settled_table(column)} AS {alias} ON {alias}.raw = {doubtful}"
        table, by_hash = self._dictionaries[IdentityKind(str(self.fields[column].identity))]
        value = self.part(column, "v")
        return f"LEFT JOIN {table} AS {alias} ON {f'{alias}.h = hash({value})' if by_hash else f'{alias}.v = {value}'}"

    def _lake(self, one: Field, name: str) -> str:
        column = self.source.fields.get(one.name)
        if column is None:
            return f"CAST(NULL AS {one.lake_columns()[name]})"
        value = self.part(column, "v")
        if name == one.name:
            if one.kind is not FieldKind.IDENTITY:
                return value
            return f"d_{column}.n" if column in self.coded else f"CASE WHEN {value} IS NOT NULL THEN n_{column}.n END"
        if name == one.grade_column:
            return self.part(column, "j")
        if one.compare and name == one.compare.column:
            other = self.source.fields.get(one.compare.with_)
            return f"CAST({agreement_sql(value, self.part(other, 'v')) if other else 'NULL'} AS VARCHAR)"
        what = name.removeprefix(f"{one.name}_")
        if what == "holder":
            return f"CAST({holder_sql(value)} AS VARCHAR)"
        said = derive_sql(value)
        derived = f"CAST({said['region6']} AS BIGINT) * {REGION6}" if what == "region" else said[what]
        return f"CAST({derived} AS {DERIVED_TYPES[what]})"
