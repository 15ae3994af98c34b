"""Stage: one delivered table, judged, in the engine's scratch space; what every later step of intake asks.

Rows lie in `<stage>_rows`. A coded column (see `coding`) is an integer there, and its distinct texts lie judged in
`<stage>_<column>` (`k` code, `raw`, `v` value, `j` verdict, `r` repairs, `n` vault number). A text column keeps its value
`v_`, verdict `j_` and repairs `r_<column>`, and in `x_<column>` the raw text where the value does not show it. While rows
stream by, only the short test "sound as it stands" is asked; texts that fail it are judged afterwards, all at once and each
once. So nothing delivered is lost, and little is written per row. Rows that are faulty or repaired lie in `<stage>_marks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from xiezhi.contracts.kinds import Kind, Unit
from xiezhi.contracts.model import DERIVED_TYPES, Field, Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.identity.grading import agreement_sql, derive_sql
from xiezhi.identity.kinds import IdentityKind
from xiezhi.intake.coding import Coder, TooManyCodes
from xiezhi.intake.judge import Judged, fault, judged, stored_type
from xiezhi.intake.words import shown

REGION6 = 10**6
"""A citizen id spells six digits of a region; the lake's region codes have twelve."""

DOUBTFUL = "?"
"""Verdict of a text that is not sound as it stands, until it is judged."""

Batches = Callable[[], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Source:
    """Where a table's cells stand: `columns` of the delivered batches in order, `fields`: field → column, units of headers."""

    columns: Sequence[str]
    fields: Mapping[str, str]
    units: Mapping[str, Unit] = field(default_factory=dict)


class Stage:
    """A staged table. Build it with `fill`; `select` then reads it as the lake will see it."""

    def __init__(self, engine: DuckDB, name: str, table: Table, source: Source) -> None:
        self.engine, self.name, self.table, self.source = engine, name, table, source
        self.rows_table, self.marks = f"{name}_rows", f"{name}_marks"
        self.coded: set[str] = set()
        self._fields = {column: table.field(name) for name, column in source.fields.items()}
        self._dictionaries: dict[IdentityKind, str] = {}

    # — filling —

    def fill(self, batches: Batches) -> None:
        """Read the batches once (again, where a column turns out to be no code) and judge them."""
        uncoded: set[str] = set()
        while True:
            coder = Coder(self.source.columns, uncoded)
            try:
                self._stream(coder, batches())
                break
            except TooManyCodes as found:
                uncoded.add(found.column)
        for column, texts in coder.coded.items():
            self._judge_codes(column, texts)
        self.coded = set(coder.coded)
        self._settle()

    def _settle(self) -> None:
        """Judge what was doubtful, and mark faulty and repaired rows."""
        for column, one in self._fields.items():
            if column not in self.coded:
                names = {"raw": f"x_{column}", "v": f"v_{column}", "j": f"j_{column}", "r": f"r_{column}"}
                self._judge_doubtful(one, self.rows_table, names)
        self._mark()

    def fill_from(self, relation: str) -> None:
        """Judge a relation of the engine instead: text columns (never NULL) and `_row`."""
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE {self.rows_table} AS {self._streaming_sql(relation)}")
        self._settle()

    def _stream(self, coder: Coder, batches: Iterator[pa.RecordBatch]) -> None:
        first = next(batches, None)
        if first is not None:
            coder.decide(first)
        self.coded = set(coder.coded)
        failures: list[Exception] = []
        names = (*self.source.columns, "_row")
        coded = _until_failure(coder.encode(_chain(first, batches)), failures)
        self.engine.register("delivered", pa.RecordBatchReader.from_batches(coder.schema(names), coded))
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE {self.rows_table} AS {self._streaming_sql('delivered')}")
        self.engine.unregister("delivered")
        if failures:
            raise failures[0]

    def _streaming_sql(self, relation: str) -> str:
        """What is kept of each row as it passes; tested in an inner layer, so that each cell is tested once."""
        inner, outer = ["_row"], ["_row"]
        for column in self.source.columns:
            one = self._fields.get(column)
            if column in self.coded or one is None:
                inner.append(column)
                outer.append(column)
                continue
            inner += [column, f"{self._judged(one, column).plain} AS p_{column}"]
            raw = f"CASE WHEN p_{column} THEN NULL ELSE {column} END" if stored_type(one) == "VARCHAR" else column
            parts = self._at_once(one, column, f"p_{column}")
            outer += [*(f"{sql} AS {letter}_{column}" for letter, sql in parts.items()), f"{raw} AS x_{column}"]
        return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {relation})"

    def _judge_codes(self, column: str, texts: Sequence[str | None]) -> None:
        name, one = self._dictionary(column), self._fields.get(column)
        self.engine.register(
            "texts", pa.table({"k": pa.array(range(len(texts)), pa.int32()), "raw": pa.array(texts, pa.string())})
        )
        parts = self._at_once(one, "raw", self._judged(one, "raw").plain) if one else {}
        columns = "".join(f", {sql} AS {letter}" for letter, sql in parts.items())
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT k, raw{columns}, CAST(NULL AS INTEGER) AS n FROM texts")
        self.engine.unregister("texts")
        if one:
            self._judge_doubtful(one, name, {"raw": "raw", "v": "v", "j": "j", "r": "r"})

    def _at_once(self, one: Field, raw: str, plain: str) -> dict[str, str]:
        """Value, verdict and repairs of a text that is sound as it stands, or empty; any other is marked DOUBTFUL."""
        result = self._judged(one, raw)
        empty = "'required_empty'" if one.required and not one.identity else "NULL"
        return {
            "v": f"CAST(CASE WHEN {plain} THEN {result.plain_value} END AS {stored_type(one)})",
            "j": f"CAST(CASE WHEN {plain} THEN {result.plain_verdict} WHEN {raw} = '' THEN {empty} ELSE '{DOUBTFUL}' END AS VARCHAR)",
            "r": "CAST(NULL AS VARCHAR)",
        }

    def _judge_doubtful(self, one: Field, table: str, names: Mapping[str, str]) -> None:
        """The slow way, for texts that were not sound as they stood. `names`: what raw, v, j and r are called in `table`."""
        raw, v, j, r = (names[letter] for letter in ("raw", "v", "j", "r"))
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE doubtful AS SELECT DISTINCT {raw} AS raw FROM {table} WHERE {j} = '{DOUBTFUL}'"
        )
        if not self.engine.value("SELECT count(*) FROM doubtful"):
            return
        result = self._judged(one, "raw")
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE settled AS SELECT raw, CAST({result.value} AS {stored_type(one)}) AS v,"
            f" {result.verdict} AS j, {result.repairs} AS r FROM doubtful"
        )
        self.engine.run(
            f"UPDATE {table} AS s SET {v} = d.v, {j} = d.j, {r} = d.r FROM settled AS d WHERE s.{j} = '{DOUBTFUL}' AND s.{raw} = d.raw"
        )

    def _judged(self, one: Field, raw: str) -> Judged:
        return judged(one, raw, self.source.units.get(one.name))

    def _mark(self) -> None:
        """`<stage>_marks`: `_row`, `_faults` and `_repairs` (as `field=word;word|field=word`) of the rows that have any."""
        faults, repairs = [], []
        for column, one in self._fields.items():
            verdict, made = self._parts(column, "j"), self._parts(column, "r")
            if self._occurs(column, fault(one, verdict)):
                faults.append(f"'{one.name}=' || {fault(one, verdict)}")
            if self._occurs(column, made):
                repairs.append(f"'{one.name}=' || {made}")
        both = [
            f"nullif(concat_ws('|', {', '.join(words)}), '')" if words else "CAST(NULL AS VARCHAR)" for words in (faults, repairs)
        ]
        test = " OR ".join(f"({word}) IS NOT NULL" for word in (*faults, *repairs)) or "false"
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE {self.marks} AS {self._joined(f'SELECT s._row, {both[0]} AS _faults, {both[1]} AS _repairs', test)}"
        )

    def _occurs(self, column: str, expression: str) -> bool:
        """Whether a verdict occurs at all: most do not, and need not be asked row by row."""
        alias = f"d_{column}"
        source = f"{self._dictionary(column)} AS {alias}" if column in self.coded else f"{self.rows_table} AS s"
        return bool(self.engine.value(f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE ({expression}) IS NOT NULL LIMIT 1)"))

    # — reading —

    @property
    def total(self) -> int:
        """How many rows were staged."""
        return int(self.engine.value(f"SELECT count(*) FROM {self.rows_table}"))

    def sound(self) -> str:
        """A condition on alias `s`: the row is not set aside by a cell."""
        return f"s._row NOT IN (SELECT _row FROM {self.marks} WHERE _faults IS NOT NULL)"

    def select(self, columns: Mapping[str, str], where: str = "true", *, sound: bool = True) -> str:
        """SELECT of `_row` and named expressions (see `text`, `lake`), joining only what they need."""
        named = "".join(f", {expression} AS {quoted(name)}" for name, expression in columns.items())
        return self._joined(f"SELECT s._row{named}", f"({where}) AND {self.sound()}" if sound else where)

    def text(self, name: str) -> str:
        """A field's value before identities become numbers; any other lake column as it is."""
        column = self.source.fields.get(name)
        if name not in {one.name for one in self.table.fields}:
            return self.lake(name)
        return self._parts(column, "v") if column else f"CAST(NULL AS {stored_type(self.table.field(name))})"

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
        return f"coalesce(s.x_{column}, CAST(s.v_{column} AS VARCHAR))" if column in self._fields else f"s.{column}"

    def show(self, name: str, rows: Sequence[int]) -> dict[int, str | None]:
        """Delivered cells of a field in some rows, as a receipt may show them: identities masked."""
        cells = self.select({"cell": self.raw(self.source.fields[name])}, f"s._row IN ({', '.join(map(str, rows))})", sound=False)
        hidden = self.table.field(name).kind is Kind.IDENTITY
        return {row["_row"]: shown(row["cell"], hidden=hidden) for row in self.engine.rows(cells)}

    def identities(self) -> Iterator[tuple[IdentityKind, str, str | None]]:
        """(kind, SELECT of the texts `v` to number, the code table to write numbers into) per delivered identity."""
        for column, one in self._fields.items():
            if one.identity and column in self.coded:
                table = self._dictionary(column)
                yield IdentityKind(one.identity), f"SELECT v FROM {table} WHERE v IS NOT NULL", table
            elif one.identity:
                value = f"s.v_{column}"
                yield (
                    IdentityKind(one.identity),
                    f"SELECT {value} AS v FROM {self.rows_table} AS s WHERE {value} IS NOT NULL AND {self.sound()}",
                    None,
                )

    def use_numbers(self, kind: IdentityKind, table: str) -> None:
        """Identities of a kind are numbered by `table` (`v`, `n`) from here on."""
        self._dictionaries[kind] = table

    def _lake(self, one: Field, name: str) -> str:
        column = self.source.fields.get(one.name)
        if column is None:
            return f"CAST(NULL AS {one.lake_columns()[name]})"
        if name == one.name:
            numbered = f"d_{column}.n" if column in self.coded else f"n_{column}.n"
            return numbered if one.kind is Kind.IDENTITY else self._parts(column, "v")
        if name == one.grade_column:
            return f"CAST({self._parts(column, 'j')} AS VARCHAR)"
        value = self._parts(column, "v")
        if one.compare and name == one.compare.column:
            other = self.source.fields.get(one.compare.with_)
            return f"CAST({agreement_sql(value, self._parts(other, 'v')) if other else 'NULL'} AS VARCHAR)"
        what = name.removeprefix(f"{one.name}_")
        said = derive_sql(value)
        return f"CAST({said['region6'] + f' * {REGION6}' if what == 'region' else said[what]} AS {DERIVED_TYPES[what]})"

    def _parts(self, column: str, letter: str) -> str:
        return f"d_{column}.{letter}" if column in self.coded else f"s.{letter}_{column}"

    def _dictionary(self, column: str) -> str:
        return f"{self.name}_{column}"

    def _joined(self, select: str, where: str) -> str:
        """The SELECT over the rows and whatever dictionaries its text names."""
        used = sorted(set(re.findall(r"\b[dn]_\w+(?=\.)", f"{select} {where}")))
        joins = []
        for alias in used:
            letter, column = alias.split("_", 1)
            if letter == "d":
                joins.append(f"JOIN {self._dictionary(column)} AS {alias} ON {alias}.k = s.{column}")
            else:
                kind = IdentityKind(str(self._fields[column].identity))
                joins.append(f"LEFT JOIN {self._dictionaries[kind]} AS {alias} ON {alias}.v = s.v_{column}")
        return f"{select} FROM {self.rows_table} AS s {' '.join(joins)} WHERE {where}"


def _chain(first: pa.RecordBatch | None, rest: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    if first is not None:
        yield first
    yield from rest


def _until_failure(batches: Iterator[pa.RecordBatch], failures: list[Exception]) -> Iterator[pa.RecordBatch]:
    """An error inside the stream would reach us as the engine's: end the stream, keep the error, raise it afterwards."""
    try:
        yield from batches
    except Exception as error:  # noqa: BLE001 - raised again by the caller
        failures.append(error)
