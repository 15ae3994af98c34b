"""Delivered OCDS releases: six tables that come and go together. The row of accounting is the release, or the record.

Releases of one process are merged, across files as within one (`ocds.standing`, `ocds.merge`); a process's rows are replaced
as a whole, each with the delivery and row of the release that said it last. What is wrong with a part of a release costs
that part and is noted; only a release that cannot be told apart, dated or merged is set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiezhi.contracts.model import PROVENANCE, Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted, scan_sql
from xiezhi.identity.sealing import SealingKey
from xiezhi.intake.loading.load import WRITING, WRITTEN
from xiezhi.intake.loading.releases_aside import keep_aside
from xiezhi.intake.ocds import kept
from xiezhi.intake.ocds.notes import Note
from xiezhi.intake.ocds.reading import judge_releases, read_units
from xiezhi.intake.ocds.standing import decide_fates, find_aside, find_missing, find_standing
from xiezhi.intake.ocds.tables import MergedTables, as_notes, insert
from xiezhi.intake.prepared import Prepared, keep_broken
from xiezhi.intake.receipts.account import Judgements, set_aside_rows
from xiezhi.intake.receipts.receipt import ColumnMap, ExpectationResult, Profile
from xiezhi.intake.receipts.returned import ReturnedRow, Shape
from xiezhi.intake.receipts.words import REPAIRS, as_shown, shown
from xiezhi.intake.recognise import Recognised
from xiezhi.intake.rows.filling import fill_from
from xiezhi.intake.rows.judge import fault
from xiezhi.intake.rows.profile import expectations, profile
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.intake.sheets.sheet import OcdsSheet
from xiezhi.intake.tabular import Watch
from xiezhi.kernel.faultpoints import reach
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.writer import Change

RELEASE = "ocds_tender"
"""The table with one row a process."""


class PreparedReleases(Prepared):
    """One file of releases or records."""

    def __init__(
        self, engine: DuckDB, name: str, sheet: OcdsSheet, recognised: Recognised, watch: Watch, key: SealingKey
    ) -> None:
        super().__init__(engine, sheet, recognised)
        self._name, self._tables = name, {table.name: table for table in recognised.contract.tables}
        self._read_table, self._notes, self._texts = f"{name}_read", f"{name}_notes", f"{name}_texts"
        self._kept, self._fates, self._standing, self._aside = (
            f"{name}_{part}" for part in ("kept", "fates", "standing", "aside")
        )
        self._keeper = kept.KeptReleases(engine, key)
        self.stages = []
        total = read_units(engine, sheet.units(), self._read_table, self._notes, self._texts, watch)
        keep_broken(engine, sheet, f"{name}_broken")
        judge_releases(engine, self._read_table, self._texts, self._tables[RELEASE])
        self.judgements = Judgements(total, f"{name}_marks", f"{name}_broken", self._show, self._notes)

    def meet(self, change: Change) -> None:
        """Merge with what the lake keeps, and stage the processes that change."""
        held = change.table(kept.TABLE, kept.COLUMNS)
        self._keeper.fetch(held, f"SELECT ocid FROM {self._read_table}", self._kept)
        tenders = scan_sql(change.table(RELEASE, self._tables[RELEASE].lake_columns()))
        find_missing(self.engine, self._read_table, self._kept, f"SELECT ocid FROM ({tenders})")
        decide_fates(self.engine, self._read_table, self._kept, self._fates)
        find_standing(self.engine, self._read_table, self._kept, self._fates, self._standing)
        find_aside(self.engine, self._read_table, self._aside)
        merged = MergedTables(self.engine, self._name, list(self._tables.values()))
        merged.fill(self._standing, self._notes, by="ocid")
        merged.fill(self._aside, self._notes, by="source")
        self.stages = [self._staged(table, merged.text(table.name)) for table in self._tables.values()]
        self._note_cells()
        self._note_merging()
        self._mark()

    def decide(self, held: Mapping[str, TableRef]) -> None:
        """`outcome`: by delivered release or record."""
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE outcome AS SELECT _row, fate FROM {self._fates}_units WHERE fate IS NOT NULL"
            f" AND _row NOT IN (SELECT _row FROM {self.judgements.marks} WHERE _faults IS NOT NULL)"
        )

    def load(self, change: Change, delivery: int) -> bool:
        rows, delivered = f"SELECT source FROM {self._aside}", f"SELECT ocid FROM {self._read_table}"
        aside = keep_aside(self.engine, change, self.stages, rows, self.judgements.broken, delivered, delivery)
        if not self.engine.value(f"SELECT count(*) FROM {self._standing}"):
            return aside
        reach(WRITING)
        for stage in self.stages:
            self._forget(change, stage.table.name)
            content = [name for name in stage.table.lake_columns() if name not in PROVENANCE]
            rows = stage.select({column: stage.lake(column) for column in content}, sound=False)
            columns = ", ".join(map(quoted, content))
            origin = f"SELECT source, any_value(_delivery) AS d, any_value(_row) AS r FROM {self._standing} GROUP BY source"
            self._write(
                change,
                stage.table.name,
                stage.table.lake_columns(),
                f"SELECT {columns}, coalesce(o.d, {delivery})::INTEGER AS _delivery, o.r AS _row"
                f" FROM ({rows}) AS s JOIN ({origin}) AS o ON o.source = s._row ORDER BY _delivery, _row",
            )
        self._keeper.seal(self._standing)
        self._forget(change, kept.TABLE)
        columns = ", ".join(name for name in kept.COLUMNS if name not in PROVENANCE)
        self._write(
            change,
            kept.TABLE,
            kept.COLUMNS,
            f"SELECT {columns}, coalesce(_delivery, {delivery})::INTEGER AS _delivery, _row FROM {self._standing} WHERE stands"
            " ORDER BY _delivery, _row, part",
        )
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
            f"SELECT b._row AS row, b.reasons, coalesce(t.text, k.cells[1]) AS text FROM ({set_aside_rows(self.judgements)}) AS b"
            f" LEFT JOIN {self._texts} AS t USING (_row) LEFT JOIN {self.judgements.broken} AS k USING (_row)"
            " ORDER BY b._row"
        )
        return (ReturnedRow(row["row"], [row["text"]], row["reasons"]) for row in rows)

    def _staged(self, table: Table, text: str) -> Stage:
        names = [field.name for field in table.fields]
        stage = Stage(self.engine, f"{self._name}_{table.name}", table, Source(names, {name: name for name in names}))
        fill_from(stage, text)
        return stage

    def _note_cells(self) -> None:
        """What could not be read of a sound release is NULL in the lake, and noted."""
        for stage in self.stages:
            if not self.engine.value(f"SELECT count(*) FROM {stage.marks} WHERE _faults IS NOT NULL AND _row > 0"):
                continue
            told: list[tuple[int, Note]] = []
            for one in stage.table.fields:
                why = fault(one, stage.part(one.name, "j"))
                cells = {"cell": stage.raw(one.name), "why": why}
                for row in self.engine.rows(stage.select(cells, f"({why}) IS NOT NULL AND s._row > 0", sound=False)):
                    seen = shown(row["cell"], hidden=one.identity is not None)
                    told.append((row["_row"], Note(f"{stage.table.name}.{one.name}", row["why"], seen and as_shown(seen))))
            insert(self.engine, self._notes, as_notes(told))

    def _note_merging(self) -> None:
        """Which releases met others of their process, and which were overtaken by a compiled one."""
        several = f"SELECT ocid FROM {self._standing} WHERE stands GROUP BY ocid HAVING count(*) > 1"
        self.engine.run(
            f"INSERT INTO {self._notes} SELECT _row, 'ocds_tender.ocid',"
            " CASE WHEN stands THEN 'merged' ELSE 'superseded' END, ocid"
            f" FROM {self._standing} WHERE own AND (NOT stands OR ocid IN ({several}))"
        )

    def _mark(self) -> None:
        """Marks per release: why it is set aside; what was repaired in it, in columns named `table.field`."""
        words = ", ".join(f"'{word}'" for word in REPAIRS)
        repairs = [
            f"SELECT _row, NULL, '{stage.table.name}.' || unnest(string_split(_repairs, '|')) FROM {stage.marks}"
            " WHERE _repairs IS NOT NULL AND _row > 0"
            for stage in self.stages
        ]
        parts = [
            f"SELECT _row, fault AS f, NULL AS r FROM {self._read_table} WHERE fault IS NOT NULL",
            f"SELECT _row, NULL, \"column\" || '=' || word FROM {self._notes} WHERE word IN ({words})",
            *repairs,
        ]
        self.engine.run(
            f"CREATE OR REPLACE TEMP TABLE {self.judgements.marks} AS SELECT _row,"
            " string_agg(DISTINCT f, '|' ORDER BY f) AS _faults,"
            f" string_agg(DISTINCT r, '|' ORDER BY r) AS _repairs FROM ({' UNION ALL '.join(parts)}) GROUP BY _row"
        )
        self.engine.run(
            f"DELETE FROM {self._notes} WHERE word IN ({words})"
            f" OR _row IN (SELECT _row FROM {self._read_table} WHERE fault IS NOT NULL)"
            f" OR _row IN (SELECT _row FROM {self._fates}_units WHERE fate = 'conflict')"
        )

    def _show(self, column: str, rows: Sequence[int]) -> Mapping[int, str | None]:
        """Delivered dates or ocids, as a receipt may show them."""
        cell = "date_text" if column.endswith("release_date") else "ocid"
        wanted = f"_row IN ({', '.join(map(str, rows))})"
        found = self.engine.rows(f"SELECT _row, any_value({cell}) AS cell FROM {self._read_table} WHERE {wanted} GROUP BY _row")
        return {row["_row"]: as_shown(row["cell"]) for row in found}

    def _forget(self, change: Change, table: str) -> None:
        changed = f"t.ocid IN (SELECT ocid FROM {self._standing})"
        if change.live_files(table):
            change.delete_rows(self.engine, table, changed)

    def _write(self, change: Change, table: str, columns: dict[str, str], rows: str) -> None:
        path = change.new_file(table)
        self.engine.write_parquet(rows, path)
        change.append(table, columns, path)
