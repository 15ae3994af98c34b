"""A delivered table: read, judged, decided, loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice

import pyarrow as pa

from xiezhi.contracts.cell import among, literal
from xiezhi.contracts.header_matching import HeaderMap
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.loading.dedupe import Loading, decide, repeated_inside
from xiezhi.intake.loading.load import load
from xiezhi.intake.loading.overwritten import overwritten
from xiezhi.intake.loading.renumbered import numbered_twice, renumbered
from xiezhi.intake.loading.set_aside import keep_set_aside
from xiezhi.intake.prepared import Prepared, keep_broken, keep_footers
from xiezhi.intake.receipts.account import Judgements, set_aside_rows
from xiezhi.intake.receipts.delivered_again import Back, Brought, origin_of, return_columns
from xiezhi.intake.receipts.receipt import ColumnMap, ExpectationResult, LeftOut, Profile, Remark, Spelling, UnitUsed
from xiezhi.intake.receipts.returned import EXTRA, ReturnedRow, Shape
from xiezhi.intake.receipts.words import as_shown
from xiezhi.intake.recognise import Recognised
from xiezhi.intake.rows.decimal_commas import check_decimal_commas
from xiezhi.intake.rows.filling import fill
from xiezhi.intake.rows.fractions_of_one import fractions_of_one
from xiezhi.intake.rows.lost_digits import check_long_numbers
from xiezhi.intake.rows.profile import expectations, profile
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.intake.rows.unsound import two_names, unsound_identities
from xiezhi.intake.rows.void_rows import SAYS_SO
from xiezhi.intake.rows.zeros import all_zero
from xiezhi.intake.sheets.footers import as_masked
from xiezhi.intake.sheets.rows_above import check_rows_above
from xiezhi.intake.sheets.second_headers import LEAST, NAME, check_second_headers, quick_names
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.intake.stated.above import stated_above
from xiezhi.intake.stated.month import month_note
from xiezhi.intake.stated.totals import stated_totals
from xiezhi.intake.stated.units import check_below, check_unit_column, is_unit_column
from xiezhi.intake.stated.void_lists import check_void_list, void_words
from xiezhi.intake.stated.weights import check_weights
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words
from xiezhi.lake.writer import Change

FORMATS = {"csv": "csv", "tsv": "csv", "xlsx": "xlsx", "xls": "xlsx", "jsonl": "jsonl"}
"""Delivered format → the one in which rows go back."""

_DIFFERENT = 1000
"""Different cells of a column of units that are looked at: it has a handful, or it is none."""

_SPEAKS_OF_UNITS = "单位|币种|币别|元|斤|吨|克|Unit|unit|Currency|currency"
_AMOUNT = r"^[￥¥+\-\s]*[\d,，]+(?:[.]\d+)?\s*[十百千万亿]{0,2}[元圆]\S{0,6}$"
"""100元/月 is a value that cannot be read, and says nothing of other rows."""

MOST_TOLD = 50
"""Footers, and spellings of unknown codes, that a receipt repeats; the account of rows has all."""

NO_ROWS = Words(zh="只有表头,没有数据行:没有任何内容入湖", en="a header and no rows: nothing came into the lake")

Watch = Callable[[int], None]
"""Told how many rows have been read."""


class PreparedTable(Prepared):
    """One sheet of a tabular contract."""

    def __init__(self, engine: DuckDB, name: str, sheet: Sheet, recognised: Recognised, watch: Watch) -> None:
        super().__init__(engine, sheet, recognised)
        assert recognised.header is not None
        self._header: HeaderMap = recognised.header
        self._names, self._format = list(sheet.header), sheet.format
        self._delimiter = sheet.delimiter or ","
        self._cells = [f"c{number}" for number in range(len(sheet.header))]
        fields = {field: self._cells[place] for field, place in self._header.columns.items()}
        table, units = recognised.contract.table(), {used.field: Unit(used.unit) for used in recognised.units}
        went_back = return_columns(self._names) is not None  # our own file: its 退回原因 is ours, too
        titles = {} if went_back else dict(zip(self._cells, self._names, strict=True))
        comma_separated = sheet.delimiter == ","
        source = Source(self._cells, fields, units, titles, recognised.codes, comma_separated=comma_separated)
        self.stage = Stage(engine, name, table, source)
        sheet.days = frozenset(self._places(FieldKind.DATE, FieldKind.TIMESTAMP))
        sheet.months = frozenset(self._places(FieldKind.MONTH))
        sheet.amounts = frozenset(self._places(FieldKind.MONEY))
        sheet.figures = frozenset(self._places(FieldKind.INTEGER, FieldKind.DECIMAL))
        sheet.codes = frozenset(place for field, place in self._header.columns.items() if field in recognised.codes)
        sheet.taken = frozenset(self._header.columns.values())
        self.stages = [self.stage]
        fill(self.stage, _watched(sheet.batches(), watch))
        check_second_headers(sheet, table, self._header, recognised.units, self._like_headers(sheet))
        check_rows_above(sheet, table, self._header)
        check_long_numbers(engine, self.stage, sheet)
        check_decimal_commas(engine, self.stage, sheet)
        self._check_unit_columns(sheet)
        below = list(self._words_of_no_row(sheet))
        check_below(sheet, recognised.units, below)
        check_weights(sheet, table, self._header, below)
        check_void_list(sheet, table.paid_out, self._says_so, self._lines(sheet))
        keep_broken(engine, sheet, f"{name}_broken")
        if len(sheet.footers) > MOST_TOLD:
            self.notes.append(_more_footers(len(sheet.footers)))
        keep_footers(engine, sheet, f"{name}_left_out")
        self._footers = sheet.footers
        self._above = stated_above(engine, self.stage, sheet)
        month = month_note(engine, recognised.contract, self.stage, sheet)
        if month:
            self.notes.append(month)
        stage, broken, left_out = self.stage, f"{name}_broken", f"{name}_left_out"
        self.judgements = Judgements(
            stage.total, stage.marks, broken, stage.show, left_out=left_out, spellings=self._unknown_codes
        )
        if self._header.passed_over:
            self.notes.append(self._passed_over())
        if not self.stage.total and not len(sheet.broken):
            self.notes.append(NO_ROWS)
        self._loading: Loading | None = None

    def _unknown_codes(self, name: str) -> list[Spelling]:
        """What is written for codes that the list does not know. What may be somebody's number is hidden."""
        column = self.stage.source.fields[name]
        rows = self.stage.select({"raw": self.stage.raw(column)}, f"{self.stage.part(column, 'j')} = 'code_unknown'", sound=False)
        found = self.engine.rows(f"SELECT raw, count(*) AS n FROM ({rows}) GROUP BY raw ORDER BY n DESC, raw LIMIT {MOST_TOLD}")
        return [Spelling(written=as_shown(one["raw"].strip()), count=one["n"]) for one in found]

    def _passed_over(self) -> Words:
        """Columns that say the same thing as one that was read: the contract's word decides, and the sender hears of it."""
        table = self.stage.table
        pairs = [
            (self._names[place], self._names[self._header.columns[name]], table.field(name).title)
            for place, name in self._header.passed_over
            if name in self._header.columns
        ]
        return Words(
            zh="同一项有几列:" + ";".join(f"“{title.zh}”读的是“{read}”,“{left}”没有读取" for left, read, title in pairs),
            en="several columns are one: "
            + "; ".join(f"{title.en} was read from {read}, not from {left}" for left, read, title in pairs),
        )

    def _places(self, *kinds: FieldKind) -> list[int]:
        table = self.recognised.contract.table()
        return [place for name, place in self._header.columns.items() if table.field(name).kind in kinds]

    def decide(self, held: Mapping[str, TableRef]) -> None:
        self._loading = Loading(self.recognised.contract, self.stage, held[self.stage.table.name])
        decide(self.engine, self._loading)
        if repeated := repeated_inside(self.engine, self._loading):
            self.notes.append(repeated)
        for again in (renumbered(self.engine, self._loading), numbered_twice(self.engine, self._loading)):
            if again:
                self.notes.append(again)
        self.notes += overwritten(self.engine, self._loading)

    def load(self, change: Change, delivery: int) -> bool:
        assert self._loading is not None, "decide first"
        loaded = load(self.engine, change, self._loading, delivery)
        self.brought = self._sent_back()
        return keep_set_aside(self.engine, change, self._loading, self.judgements.broken, delivery, self.brought) or loaded

    def _sent_back(self) -> Brought:
        """The rows that a file which went back names; what else came again is found by its key."""
        extra = return_columns(self._names)
        origin = origin_of(self.origin.member or self.origin.file)
        if extra is None or (extra.delivery is None and origin is None):
            return Brought()
        delivery = str(origin) if extra.delivery is None else self._number_in(extra.delivery)
        said = {"delivery": delivery, "said": self._number_in(extra.row)}
        accepted = self.stage.select({}, "s._row NOT IN (SELECT _row FROM outcome WHERE fate = 'conflict')")
        every = self.stage.select(said, sound=False)
        rows = self.engine.rows(
            f"SELECT delivery, said, bool_or(_row IN (SELECT _row FROM ({accepted}))) AS sound FROM ({every})"
            " WHERE delivery IS NOT NULL AND said IS NOT NULL GROUP BY ALL ORDER BY ALL"
        )
        return Brought(numbers=[Back(row["delivery"], row["said"], row["sound"], keyed=False) for row in rows])

    def _number_in(self, place: int) -> str:
        return f"TRY_CAST(trim({self.stage.raw(self._cells[place])}) AS BIGINT)"

    def columns(self) -> list[ColumnMap]:
        names = {place: field for field, place in self._header.columns.items()}
        delivered = ((place, header) for place, header in enumerate(self._names) if place in names or header not in EXTRA)
        return [ColumnMap(header=header, field=names.get(place)) for place, header in delivered]

    @property
    def missing(self) -> list[str]:
        return [field.name for field in self.stage.table.fields if field.name not in self._header.columns]

    def profile(self) -> list[Profile]:
        return profile(self.engine, self.stage)

    def expectations(self, delivered: int) -> list[ExpectationResult]:
        repeated = self.engine.value("SELECT count(*) - count(DISTINCT winner) FROM rivals")
        measured = expectations(self.engine, self.stage, delivered, repeated)
        return measured + stated_totals(self.engine, self.stage, self._footers) + self._above

    def remarks(self) -> list[Remark]:
        looked_at = (all_zero, fractions_of_one, unsound_identities, two_names)
        return [remark for look in looked_at for remark in look(self.engine, self.stage)]

    @property
    def units(self) -> list[UnitUsed]:
        return list(self.recognised.units)

    @property
    def left_out(self) -> list[LeftOut]:
        return [LeftOut(row=one.row, kind=one.kind, said=as_masked(one)) for one in self._footers[:MOST_TOLD]]

    def shape(self) -> Shape:
        encoding = self.origin.encoding or "utf-8"
        names, titles = self._names_with_units(), {name: self._names[at] for name, at in self._header.columns.items()}
        return Shape(FORMATS[self._format], names, encoding, self._delimiter, self.origin.sheet or "", titles)

    def _names_with_units(self) -> list[str]:
        """The header of what goes back. Titles stay behind, so a unit that they stated is written into it."""
        names = list(self._names)
        for used in self.recognised.units:
            if used.source not in ("header", "contract"):
                names[self._header.columns[used.field]] += f"({used.unit})"
        return names

    def _check_unit_columns(self, sheet: Sheet) -> None:
        """Columns of units that the contract does not know may say nothing else than what the sheet is read by."""
        for place, header in self._header.unknown:
            if is_unit_column(header):
                texts = self.stage.select({"said": self.stage.raw(self._cells[place])}, sound=False)
                found = self.engine.rows(f"SELECT DISTINCT said FROM ({texts}) ORDER BY said LIMIT {_DIFFERENT}")
                said = [row["said"] or "" for row in found]
                check_unit_column(sheet, self.stage.table, self.recognised.units, header, said)

    def _like_headers(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """Rows that no value could be read from and that name columns of the table, and rows of another width."""
        known = ", ".join(map(literal, quick_names(self.stage.table, self._names)))
        # One expression for all cells: one for each took gigabytes to plan where a file has a hundred columns.
        is_name = f"lower(regexp_replace(cell, {literal(NAME)}, '', 'g')) IN ({known})"
        named = f"len(list_filter(cells, lambda cell: {is_name})) >= {LEAST}"
        if self.stage.faulty:
            for row in self.engine.rows(f"SELECT * FROM ({self._faulty()}) WHERE {named} ORDER BY _row LIMIT {_DIFFERENT}"):
                yield row["_row"], row["cells"]
        yield from ((broken.row, list(broken.cells)) for broken in sheet.broken if broken.reason == "column_count")

    def _words_of_no_row(self, sheet: Sheet) -> Iterator[str]:
        """Cells that speak of units, of rows that are no data: 100美元 in a row that is full is a fault of that row alone."""
        few = f"len(list_filter(cells, lambda cell: trim(cell) <> '')) * 2 <= {len(self._cells)}"
        said = f"SELECT DISTINCT unnest(cells) AS said FROM ({self._faulty()}) WHERE {few}"
        speaks = f"regexp_matches(said, '{_SPEAKS_OF_UNITS}') AND NOT regexp_matches(said, '{_AMOUNT}')"
        spoken = f"SELECT said FROM ({said}) WHERE {speaks} ORDER BY said LIMIT {_DIFFERENT}"
        if self.stage.faulty:
            yield from (row["said"] for row in self.engine.rows(spoken))
        sparse = (broken for broken in sheet.broken if sum(map(bool, map(str.strip, broken.cells))) * 2 <= len(self._cells))
        for broken in islice(sparse, _DIFFERENT):
            yield from (cell for cell in broken.cells if re.search(_SPEAKS_OF_UNITS, cell) and not re.search(_AMOUNT, cell))
        for footer in islice(sheet.footers, _DIFFERENT):
            yield from (cell for cell in footer.cells if re.search(_SPEAKS_OF_UNITS, cell))

    def _says_so(self) -> bool:
        """Whether every sound row says, by a code of its own or a negative amount, that it came back or is void."""
        says = ["false"]
        for column, field in self.stage.fields.items():
            value = self.stage.part(column, "v")
            if field.codelist and SAYS_SO & field.codelist.spellings.keys():
                says.append(among(f"coalesce({value}, '')", tuple(sorted(SAYS_SO))))
            elif field.kind is FieldKind.MONEY:
                says.append(f"coalesce({value}, 0) < 0")
        counting = self.stage.joined("SELECT 1", f"NOT ({' OR '.join(says)}) AND {self.stage.sound()}")
        return not self.engine.value(f"SELECT count(*) FROM ({counting} LIMIT 1)")

    def _lines(self, sheet: Sheet) -> Iterator[tuple[int, str]]:
        """Rows of one text (in one cell, or merged over several) that may say that what stands below them does not count."""
        if not (self.stage.faulty or sheet.footers or len(sheet.broken)):
            return
        last = self.engine.value(f"SELECT max(s._row) FROM {self.stage.rows_table} AS s WHERE {self.stage.sound()}") or 0
        filled = "list_distinct(list_filter(list_transform(cells, lambda cell: trim(cell)), lambda cell: cell <> ''))"
        lines = f"SELECT _row, {filled} AS filled FROM ({self._faulty()})"
        form = literal(void_words(paid=self.stage.table.paid_out))
        spoken = f"len(filled) = 1 AND _row < {last} AND regexp_matches(filled[1], {form})"
        found = self.engine.rows(f"SELECT _row, filled[1] AS said FROM ({lines}) WHERE {spoken} ORDER BY _row LIMIT {_DIFFERENT}")
        yield from ((row["_row"], row["said"]) for row in found)
        footers, broken = ((one.row, one.cells) for one in sheet.footers), ((one.row, one.cells) for one in sheet.broken)
        for row, row_cells in chain(footers, broken):
            texts = {cell.strip() for cell in row_cells if cell.strip()}
            if len(texts) == 1 and row < last:
                yield row, texts.pop()

    def _faulty(self) -> str:
        """The rows with a fault, as they were delivered."""
        return self.stage.rows_as_delivered(f"s._row IN (SELECT _row FROM {self.stage.marks} WHERE _faults IS NOT NULL)")

    def set_aside(self) -> Iterator[ReturnedRow]:
        self.engine.run(f"CREATE OR REPLACE TEMP TABLE back AS {set_aside_rows(self.judgements)}")
        cells = self.stage.rows_as_delivered("s._row IN (SELECT _row FROM back)")
        rows = self.engine.stream(
            f"SELECT b._row AS row, b.reasons, coalesce(k.cells, r.cells) AS cells FROM back AS b"
            f" LEFT JOIN ({cells}) AS r USING (_row) LEFT JOIN {self.judgements.broken} AS k USING (_row) ORDER BY b._row"
        )
        for batch in rows:
            for row in batch.to_pylist():
                yield ReturnedRow(row["row"], row["cells"], row["reasons"])


def _more_footers(number: int) -> Words:
    return Words(
        zh=f"不是数据的行共 {number} 行,这里列出前 {MOST_TOLD} 行,其余见逐行清单",
        en=f"{number} rows are no data; the first {MOST_TOLD} are listed, the account of rows has all",
    )


def _watched(batches: Iterator[pa.RecordBatch], watch: Watch) -> Iterator[pa.RecordBatch]:
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        watch(rows)
        yield batch
