"""JSON lines (or one array) of flat objects. A key is a column; what is nested stays as JSON text without spaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from xiezhi.contracts.cell import literal
from xiezhi.contracts.moments import AS_NUMBER
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.day_numbers import TWO_MONTHS
from xiezhi.intake.encoding import Utf8File, as_utf8
from xiezhi.intake.json_stream import Damaged, decoded, read_blocks
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheet import BrokenRow, HeaderScore, Heading, Limits, Part, Sheet

READS = frozenset({"json"})

_LOOK_AT = 1000

_PARSE = """
CREATE OR REPLACE TEMP TABLE parsed AS
SELECT _row, text, CASE WHEN starts_with(text, '{') AND json_valid(text) THEN json_extract_string(text, $paths) END AS cells,
       CASE WHEN cells IS NULL OR NOT list_has_all($known, json_keys(text)) THEN text END AS odd
FROM block
"""
_NEW = "SELECT DISTINCT unnest(json_keys(odd)) AS key FROM parsed WHERE odd IS NOT NULL AND cells IS NOT NULL ORDER BY key"


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, _score: HeaderScore | None) -> Iterator[Sheet]:
    """The one table. Its header is every key of the first thousand objects, in the order met."""
    with as_utf8(part, scratch) as text:
        keys: dict[str, None] = {}
        first = next(_blocks(text, part, limits, _LOOK_AT), None)
        for said in first.column("text").to_pylist() if first else []:
            value = decoded(said)
            keys.update(dict.fromkeys(value) if isinstance(value, dict) else {})
        if not keys:
            raise refuse("no_header", part.file, member=part.member, rows=_LOOK_AT)
        if len(keys) > limits.max_columns:
            raise refuse("too_many_columns", part.file, member=part.member, columns=len(keys), most=limits.max_columns)
        yield JsonSheet(part, list(keys), text, limits, scratch)


class JsonSheet(Sheet):
    """One object a row; `_row` is its line, or its place in the array. Keys first met later are listed in `new_keys`."""

    format = "jsonl"

    def __init__(self, part: Part, keys: list[str], text: Utf8File, limits: Limits, scratch: Path) -> None:
        super().__init__(part, Heading(keys, 0), limits, scratch)
        self.encoding, self._text = text.encoding, text

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        paths = ["/" + key.replace("~", "~0").replace("/", "~1") for key in self.header]
        cells = ", ".join(f"coalesce({self._cell(place, path)}, '') AS c{place}" for place, path in enumerate(paths))
        with closing(DuckDB(memory="1GB")) as engine:
            for block in _blocks(self._text, self._part, self._limits, batch_rows):
                engine.register("block", block)
                engine.run(_PARSE, {"paths": paths, "known": self.header})
                engine.unregister("block")
                self._report(engine)
                yield from engine.query(f"SELECT {cells}, _row FROM parsed WHERE cells IS NOT NULL").combine_chunks().to_batches()

    def _cell(self, place: int, path: str) -> str:
        """A value as text. A number in a column of months may be two: see `day_numbers`."""
        cell = f"cells[{place + 1}]"
        if place not in self.months:
            return cell
        number = f"json_type(text, {literal(path)}) = 'DOUBLE' AND regexp_full_match({cell}, '{TWO_MONTHS}')"
        return f"CASE WHEN {number} THEN regexp_replace({cell}, '0*$', '') || '{AS_NUMBER}' ELSE {cell} END"

    def _report(self, engine: DuckDB) -> None:
        for broken in engine.rows("SELECT _row, odd FROM parsed WHERE cells IS NULL ORDER BY _row"):
            self.broken.append(BrokenRow(broken["_row"], broken["odd"], "column_count"))
        new = [row["key"] for row in engine.rows(_NEW)]
        self.new_keys.extend(key for key in new if key not in self.header and key not in self.new_keys)


def _blocks(text: Utf8File, part: Part, limits: Limits, most_rows: int) -> Iterator[pa.Table]:
    try:
        yield from read_blocks(text, limits.max_record_bytes, most_rows)
    except (Damaged, UnicodeDecodeError) as error:
        raise refuse("json_damaged", part.file, member=part.member, what=error) from error
