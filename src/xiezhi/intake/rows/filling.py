"""Filling a stage: rows stream by once, are tested for "sound as it stands", and the few others are judged afterwards.

Texts are coded where they repeat themselves, so that each is judged once; doubtful texts of other columns are judged
once each too. What remains per row is narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa

from xiezhi.intake.rows.became_dates import became_dates
from xiezhi.intake.rows.chronology import out_of_order
from xiezhi.intake.rows.coding import Coder, TooManyCodes
from xiezhi.intake.rows.contradictions import contradicted
from xiezhi.intake.rows.judge import (
    A_GLANCE,
    DOUBTFUL,
    EMPTY,
    PLAIN,
    UNJUDGED,
    at_once,
    fault,
    one_by_one,
    plain,
    settle,
    stored_type,
)  # fmt: skip
from xiezhi.intake.rows.short_months import short_months
from xiezhi.intake.rows.split_amounts import split_amounts
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.rows.void_rows import void_rows


def fill(stage: Stage, batches: Iterator[pa.RecordBatch]) -> None:
    """Read and judge delivered batches: text columns (never NULL) and `_row`.

    Raises whatever `batches` raises; then the stage is not to be used.
    """
    _Filling(stage).from_batches(batches)


def fill_from(stage: Stage, relation: str) -> None:
    """The same for a relation of the engine: text columns, never NULL, and `_row`."""
    _Filling(stage).from_relation(relation)


class _Filling:
    """Fills one stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._engine, self._fields = stage, stage.engine, stage.fields
        self._begun = False

    def from_batches(self, batches: Iterator[pa.RecordBatch]) -> None:
        stage, coder = self._stage, Coder(self._stage.source.columns, batches)
        stage.coded = set(coder.coded)
        while True:
            try:
                self._stream(coder)
                break
            except TooManyCodes as found:
                self._decode(found.column, coder.give_up(found.column))
        for column, texts in coder.coded.items():
            self._look_up_codes(column, texts)
        self._judge_codes()
        self._finish()

    def from_relation(self, relation: str) -> None:
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE {self._stage.rows_table} AS {self._streaming_sql(relation)}")
        self._finish()

    def _stream(self, coder: Coder) -> None:
        """The stream, up to its end or its failure. An error inside it would come out as the engine's, so it waits."""
        failures: list[Exception] = []
        schema = coder.schema(self._stage.source.columns)
        self._engine.register("delivered", pa.RecordBatchReader.from_batches(schema, _until_failure(coder.encode(), failures)))
        try:
            self._engine.run(self._writing(self._streaming_sql("delivered")))
        finally:
            self._engine.unregister("delivered")
        if failures:
            raise failures[0]

    def _writing(self, rows: str) -> str:
        table, more = self._stage.rows_table, self._begun
        self._begun = True
        return f"INSERT INTO {table} BY NAME {rows}" if more else f"CREATE OR REPLACE TEMP TABLE {table} AS {rows}"

    def _streaming_sql(self, relation: str) -> str:
        """What is kept of each row as it passes; tested in an inner layer, so that each cell is tested once."""
        texts = [column for column in self._stage.source.columns if column not in self._stage.coded and column in self._fields]
        others = [column for column in self._stage.source.columns if column not in texts]
        inner = [*others, *texts, *(self._test(column) for column in texts)]
        outer = [*others, *(part for column in texts for part in self._kept(column))]
        return f"SELECT {', '.join(('_row', *outer))} FROM (SELECT {', '.join(('_row', *inner))} FROM {relation})"

    def _test(self, column: str) -> str:
        return f"{plain(self._fields[column], column, self._stage.unit(column)).test} AS p_{column}"

    def _kept(self, column: str) -> Iterator[str]:
        """Which of PLAIN, EMPTY, DOUBTFUL the text is; the text; and its value, where that is not the text itself."""
        field = self._fields[column]
        state = f"CASE WHEN p_{column} THEN {PLAIN} WHEN {column} = '' THEN {EMPTY} ELSE {DOUBTFUL} END"
        yield f"CAST({state} AS UTINYINT) AS s_{column}"
        yield f"{column} AS x_{column}"
        if stored_type(field) != "VARCHAR":
            value = plain(field, column, self._stage.unit(column)).value
            yield f"CAST(CASE WHEN p_{column} THEN {value} END AS {stored_type(field)}) AS v_{column}"

    def _decode(self, column: str, texts: list[str]) -> None:
        """A column that was coded is text after all: rewrite what is staged already."""
        stage = self._stage
        stage.coded.discard(column)
        if not self._begun:
            return
        self._engine.register("texts", _numbered(texts))
        if column in self._fields:
            inner = f"SELECT s.* EXCLUDE ({column}), raw AS {column} FROM {stage.rows_table} AS s JOIN texts ON k = s.{column}"
            tested = f"SELECT *, {self._test(column)} FROM ({inner})"
            rows = f"SELECT * EXCLUDE ({column}, p_{column}), {', '.join(self._kept(column))} FROM ({tested})"
        else:
            rows = f"SELECT s.* REPLACE (raw AS {column}) FROM {stage.rows_table} AS s JOIN texts ON k = s.{column}"
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE {stage.rows_table} AS {rows}")
        self._engine.unregister("texts")

    def _look_up_codes(self, column: str, texts: list[str]) -> None:
        """The dictionary of a coded column: `k, raw`, and where it is a field `v, j, r, n`."""
        engine, field = self._engine, self._fields.get(column)
        by_hand = field is not None and len(texts) <= A_GLANCE
        looked_up = "SELECT k, raw FROM texts"
        if field is not None and field.identity and by_hand:
            graded = one_by_one(field.identity, texts)
            engine.register("texts", graded.append_column("k", _codes(texts)))
            looked_up = "SELECT k, raw, v, j, r, CAST(NULL AS INTEGER) AS n FROM texts"
        elif field is not None:
            engine.register("texts", _numbered(texts))
            tested = at_once(field, self._stage.unit(column), "texts", texts if by_hand else None)
            looked_up = f"SELECT k, raw, v, j, CAST(NULL AS VARCHAR) AS r, CAST(NULL AS INTEGER) AS n FROM ({tested})"
        else:
            engine.register("texts", _numbered(texts))
        engine.run(f"CREATE OR REPLACE TEMP TABLE {self._stage.dictionary(column)} AS {looked_up}")
        engine.unregister("texts")

    def _judge_codes(self) -> None:
        """Judge the doubtful texts of coded columns."""
        engine, stage = self._engine, self._stage
        coded = [column for column in self._fields if column in stage.coded]
        for column in self._those(coded, lambda column: f"FROM {stage.dictionary(column)} WHERE j = '{UNJUDGED}'"):
            name = stage.dictionary(column)
            texts = f"SELECT raw FROM {name} WHERE j = '{UNJUDGED}'"
            settle(engine, self._fields[column], stage.unit(column), texts, "settled")
            engine.run(f"UPDATE {name} AS c SET v = d.v, j = d.j, r = d.r FROM settled AS d WHERE d.raw = c.raw")

    def _finish(self) -> None:
        """Judge the doubtful texts of text columns, then mark faulty and repaired rows."""
        stage = self._stage
        texts = [column for column in self._fields if column not in stage.coded]
        for column in self._those(texts, lambda column: f"FROM {stage.rows_table} WHERE s_{column} = {DOUBTFUL}"):
            doubtful = f"SELECT DISTINCT x_{column} AS raw FROM {stage.rows_table} WHERE s_{column} = {DOUBTFUL}"
            settle(self._engine, self._fields[column], stage.unit(column), doubtful, stage.settled_table(column))
            stage.settled.add(column)
        beside = (out_of_order, contradicted, became_dates, short_months, split_amounts)
        marks = [self._marks(column) for column in self._those(list(self._fields), self._marked)]
        marks += [select for column in self._fields for judge in beside for select in judge(stage, column)]
        marks += void_rows(stage)
        self._engine.run(
            f"CREATE OR REPLACE TEMP TABLE {stage.marks} AS SELECT _row, string_agg(fault, '|' ORDER BY place) AS _faults,"
            f" string_agg(repair, '|' ORDER BY place) AS _repairs FROM ({' UNION ALL '.join(marks) or NOTHING}) GROUP BY _row"
        )

    def _those(self, columns: Sequence[str], some: Callable[[str], str]) -> list[str]:
        """The columns of which there is some row: a FROM clause with its condition. All are asked in one statement."""
        asked = [f"(SELECT '{column}' AS name {some(column)} LIMIT 1)" for column in columns]
        found = {row["name"] for row in self._engine.rows(" UNION ALL ".join(asked))} if asked else set()
        return [column for column in columns if column in found]

    def _marked(self, column: str) -> str:
        why, repairs = self._said(column)
        return f"{self._stage.judged_from(column)} WHERE {why} IS NOT NULL OR {repairs} IS NOT NULL"

    def _marks(self, column: str) -> str:
        """SELECT of the rows in which a column is at fault or was repaired."""
        stage, name = self._stage, self._fields[column].name
        why, repairs = self._said(column)
        place = stage.source.columns.index(column)
        said = f"'{name}=' || {why} AS fault, '{name}=' || {repairs} AS repair, {place} AS place"
        return stage.joined(f"SELECT s._row, {said}", f"{why} IS NOT NULL OR {repairs} IS NOT NULL")

    def _said(self, column: str) -> tuple[str, str]:
        """Why a column's cell sets its row aside, and what was repaired in it; NULL where nothing."""
        stage = self._stage
        return f"({fault(self._fields[column], stage.part(column, 'j'))})", f"({stage.part(column, 'r')})"


NOTHING = "SELECT 0 AS _row, NULL::VARCHAR AS fault, NULL::VARCHAR AS repair, 0 AS place WHERE false"


def _numbered(texts: list[str]) -> pa.Table:
    return pa.table({"k": _codes(texts), "raw": pa.array(texts, pa.string())})


def _codes(texts: list[str]) -> pa.Array:
    return pa.array(range(len(texts)), pa.int32())


def _until_failure(batches: Iterator[pa.RecordBatch], failures: list[Exception]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except Exception as error:
        failures.append(error)
