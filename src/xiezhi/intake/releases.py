"""Delivered OCDS releases: six tables that come and go together. The row of accounting is the release.

A release replaces every row of its ocid; an identical one is a duplicate. Identity of content is a sum of row hashes per
table, taken of the staged and of the held rows alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.contracts.model import PROVENANCE, Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted, scan_sql
from xiezhi.intake.account import Judgements, set_aside_rows
from xiezhi.intake.load import WRITING, WRITTEN
from xiezhi.intake.prepared import Prepared, keep_broken
from xiezhi.intake.profile import expectations, profile
from xiezhi.intake.receipt import ColumnMap, ExpectationResult, Profile
from xiezhi.intake.recognise import Recognised
from xiezhi.intake.returned import ReturnedRow, Shape
from xiezhi.intake.sheet import OcdsSheet
from xiezhi.intake.stage import Source, Stage
from xiezhi.intake.tabular import Watch
from xiezhi.intake.words import explain_all
from xiezhi.kernel.faultpoints import reach
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.writer import Change

RELEASE = "ocds_tender"
"""The table with one row a release."""


NUMBERED = {"ocds_bid": "bid_id", "ocds_award": "award_id"}
"""Tables whose rows others of the release refer to by number."""


class PreparedReleases(Prepared):
    """One file of releases or records."""

    def __init__(self, engine: DuckDB, name: str, sheet: OcdsSheet, recognised: Recognised, watch: Watch) -> None:
        super().__init__(engine, sheet, recognised)
        self._name, self._tables = name, {table.name: table for table in recognised.contract.tables}
        self._read(sheet, watch)
        self.stages = [self._staged(table) for table in self._tables.values()]
        self._release = next(stage for stage in self.stages if stage.table.name == RELEASE)
        keep_broken(engine, sheet, f"{name}_broken")
        self._mark()
        self._keep_texts(sheet)
        self.judgements = Judgements(self._release.total, f"{name}_marks", f"{name}_broken", self._show)

    def decide(self, held: Mapping[str, TableRef]) -> None:
        """`outcome`, and `fresh`: the rows (releases) that are written."""
        staged = self._signatures([self._staged_rows(stage) for stage in self.stages])
        kept = self._signatures([self._held_rows(table, held[table.name]) for table in self._tables.values()])
        releases = self._release.select({"ocid": self._release.text("ocid")}, self._sound())
        self.engine.run(
            "CREATE OR REPLACE TEMP TABLE rival AS SELECT r._row, r.ocid, s.signature,"
            " coalesce(s.signature = h.signature, false) AS same, h.ocid IS NOT NULL AS known"
            f" FROM ({releases}) AS r JOIN ({staged}) AS s ON s.ocid = r.ocid AND s._row = r._row"
            f" LEFT JOIN ({kept}) AS h ON h.ocid = r.ocid"
        )
        self.engine.run(
            "CREATE OR REPLACE TEMP TABLE outcome AS SELECT * FROM (SELECT _row, ocid, CASE"
            " WHEN signature <> first_value(signature) OVER w THEN 'conflict'"
            " WHEN same OR first_value(_row) OVER w <> _row THEN 'duplicate' WHEN known THEN 'replaces' END AS fate"
            " FROM rival WINDOW w AS (PARTITION BY ocid ORDER BY same DESC, _row)) WHERE fate IS NOT NULL"
        )
        self.engine.run(
            "CREATE OR REPLACE TEMP TABLE fresh AS SELECT _row FROM rival"
            " WHERE _row NOT IN (SELECT _row FROM outcome WHERE fate <> 'replaces')"
        )

    def load(self, change: Change, delivery: int) -> bool:
        if not self.engine.value("SELECT count(*) FROM fresh"):
            return False
        reach(WRITING)
        for stage in self.stages:
            name = stage.table.name
            if self.engine.value("SELECT count(*) FROM outcome WHERE fate = 'replaces'"):
                change.delete_rows(self.engine, name, "t.ocid IN (SELECT ocid FROM outcome WHERE fate = 'replaces')")
            content = _content(stage.table)
            rows = stage.select(
                {column: stage.lake(column) for column in content}, "s._row IN (SELECT _row FROM fresh)", sound=False
            )
            path = change.new_file(name)
            columns = ", ".join(map(quoted, content))
            self.engine.write_parquet(
                f"SELECT {columns}, {delivery}::INTEGER AS _delivery, _row FROM ({rows}) ORDER BY _row", path
            )
            change.append(name, stage.table.lake_columns(), path)
        reach(WRITTEN)
        return True

    def columns(self) -> list[ColumnMap]:
        return []

    def profile(self) -> list[Profile]:
        found = [(stage, one) for stage in self.stages for one in profile(self.engine, stage)]
        return [one.model_copy(update={"field": f"{stage.table.name}.{one.field}"}) for stage, one in found]

    def expectations(self, delivered: int) -> list[ExpectationResult]:
        return [one for stage in self.stages for one in expectations(self.engine, stage, delivered)]

    def shape(self) -> Shape:
        return Shape("ocds", ())

    def set_aside(self) -> Iterator[ReturnedRow]:
        rows = self.engine.rows(
            f"SELECT b.reasons, coalesce(t.text, k.cells[1]) AS text FROM ({set_aside_rows(self.judgements)}) AS b"
            f" LEFT JOIN {self._name}_texts AS t USING (_row) LEFT JOIN {self.judgements.broken} AS k USING (_row)"
            " ORDER BY b._row"
        )
        return (ReturnedRow([row["text"]], explain_all(row["reasons"])) for row in rows)

    def _read(self, sheet: OcdsSheet, watch: Watch) -> None:
        """The delivered text of each table, NULL made empty, as `<name>_<table>_text`."""
        releases = 0
        for table in self._tables.values():
            columns = ", ".join(f"{quoted(field.name)} VARCHAR" for field in table.fields)
            self.engine.run(f"CREATE OR REPLACE TEMP TABLE {self._text(table)} ({columns}, _row BIGINT)")
        for name, batch in sheet.tables():
            table = self._tables[name]
            filled = ", ".join(f"coalesce({quoted(field.name)}, '')" for field in table.fields)
            self.engine.register("block", pa.Table.from_batches([batch]))
            self.engine.run(f"INSERT INTO {self._text(table)} SELECT {filled}, _row FROM block")
            self.engine.unregister("block")
            if name == RELEASE:
                releases += batch.num_rows
                watch(releases)

    def _staged(self, table: Table) -> Stage:
        names = [field.name for field in table.fields]
        stage = Stage(self.engine, f"{self._name}_{table.name}", table, Source(names, {name: name for name in names}))
        stage.fill_from(self._text(table))
        return stage

    def _mark(self) -> None:
        """Marks per release: the faults and repairs of all its rows, columns named `table.field`."""
        parts = [
            f"SELECT _row, {_prefixed('_faults', stage.table.name)} AS _faults,"
            f" {_prefixed('_repairs', stage.table.name)} AS _repairs FROM {stage.marks}"
            for stage in self.stages
        ]
        parts += [self._twice(stage) for stage in self.stages if stage.table.name in NUMBERED]
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE {self._name}_marks AS SELECT _row, string_agg(DISTINCT _faults, '|') AS _faults,"
            f" string_agg(DISTINCT _repairs, '|') AS _repairs FROM ({' UNION ALL '.join(parts)}) GROUP BY _row"
        )

    def _twice(self, stage: Stage) -> str:
        """Marks of releases in which two bids, or two awards, bear one number: whose tenderers and prices are whose?"""
        column = NUMBERED[stage.table.name]
        rows = stage.select({"number": stage.text(column)}, sound=False)
        return (
            f"SELECT _row, '{stage.table.name}.{column}=key_conflict' AS _faults, CAST(NULL AS VARCHAR) AS _repairs"
            f" FROM ({rows}) WHERE number IS NOT NULL GROUP BY _row, number HAVING count(*) > 1"
        )

    def _keep_texts(self, sheet: OcdsSheet) -> None:
        """The lines that may go back: faulty releases, and releases that share their ocid."""
        ocid = self._release.text("ocid")
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE wanted AS SELECT _row FROM {self._name}_marks WHERE _faults IS NOT NULL UNION"
            f" SELECT _row FROM ({self._release.select({'ocid': ocid})}) QUALIFY count(*) OVER (PARTITION BY ocid) > 1"
        )
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE {self._name}_texts (_row BIGINT, text VARCHAR)")
        wanted = self.engine.query("SELECT _row FROM wanted").column("_row").combine_chunks()
        if not len(wanted):
            return
        for batch in sheet.batches():
            kept = batch.filter(pc.is_in(batch.column("_row"), value_set=wanted)).select(["_row", "c2"])
            self.engine.register("block", pa.Table.from_batches([kept]))
            self.engine.run(f"INSERT INTO {self._name}_texts SELECT _row, c2 FROM block")
            self.engine.unregister("block")

    def _show(self, column: str, rows: Sequence[int]) -> Mapping[int, str | None]:
        table, _, field = column.partition(".")
        return next(stage for stage in self.stages if stage.table.name == table).show(field, rows)

    def _sound(self) -> str:
        return f"s._row NOT IN (SELECT _row FROM {self._name}_marks WHERE _faults IS NOT NULL)"

    def _staged_rows(self, stage: Stage) -> str:
        columns = {name: stage.lake(name) for name in _compared(stage.table)}
        rows = stage.select(columns | {"ocid": stage.text("ocid")}, self._sound())
        return f"SELECT ocid, _row, {_hash(stage.table)} AS h FROM ({rows})"

    def _held_rows(self, table: Table, held: TableRef) -> str:
        ocids = f"SELECT ocid FROM {self._text(self._tables[RELEASE])}"
        added = "".join(
            f", CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in table.lake_columns().items() if name not in held.columns
        )
        return (
            f"SELECT ocid, 0 AS _row, {_hash(table)} AS h FROM (SELECT *{added} FROM ({scan_sql(held)})) WHERE ocid IN ({ocids})"
        )

    def _signatures(self, parts: Sequence[str]) -> str:
        """One value per ocid (and release): the sums of its rows' hashes, table by table."""
        tagged = " UNION ALL ".join(f"SELECT {number} AS part, * FROM ({part})" for number, part in enumerate(parts))
        per_table = f"SELECT ocid, _row, part, sum(h::HUGEINT) AS total, count(*) AS n FROM ({tagged}) GROUP BY ocid, _row, part"
        signature = "string_agg(part || ':' || n || ':' || total, ' ' ORDER BY part)"
        return f"SELECT ocid, _row, {signature} AS signature FROM ({per_table}) GROUP BY ocid, _row"

    def _text(self, table: Table) -> str:
        return f"{self._name}_{table.name}_text"


def _content(table: Table) -> list[str]:
    return [name for name in table.lake_columns() if name not in PROVENANCE]


def _compared(table: Table) -> list[str]:
    """As for tables: the same number delivered untidily is the same number, so grades do not count."""
    grades = {field.grade_column for field in table.fields}
    return [name for name in _content(table) if name not in grades]


def _hash(table: Table) -> str:
    return f"hash({', '.join(map(quoted, _compared(table)))})"


def _prefixed(marks: str, table: str) -> str:
    """`field=word|…` as `table.field=word|…`; NULL stays NULL."""
    return f"'{table}.' || replace({marks}, '|', '|{table}.')"
