"""JSON lines (or one array) of flat objects. A key is a column.

What is nested stays as JSON text without spaces where no field takes it. Where one does, the row goes to `broken`: as a text it
would pass by whatever looks for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiezhi.contracts.cell import literal
from xiezhi.contracts.moments import AS_NUMBER
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.files.encoding import Utf8File, as_utf8
from xiezhi.intake.files.json_decode import Decoder
from xiezhi.intake.files.json_stream import Damaged, decoded, read_blocks
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import PATHS_TOLD, BrokenRow, HeaderScore, Heading, Limits, Part, Sheet
from xiezhi.intake.workbooks.day_numbers import TWO_MONTHS
from xiezhi.kernel.words import Words

READS = frozenset({"json"})

_LOOK_AT = 1000
_WHOLE_BLOCK = 1 << 30
_DEPTH = 4
"""Objects within objects in which the list of an answer is looked for."""

_PARSE = """
CREATE OR REPLACE TEMP TABLE parsed AS
SELECT _row, text, CASE WHEN starts_with(text, '{') AND json_valid(text) THEN json_extract_string(text, $paths) END AS cells,
       CASE WHEN cells IS NULL THEN text WHEN len(json_keys(text)) <> len(list_distinct(json_keys(text))) THEN text END AS odd
FROM block
"""
_LATER = """
SELECT key FROM (
  SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS place, _row FROM (
    SELECT _row, CASE WHEN starts_with(text, '{') AND json_valid(text) THEN json_keys(text) END AS keys FROM block
  ) WHERE NOT list_has_all($known, keys)
) GROUP BY key ORDER BY min(_row), arg_min(place, _row)
"""
_NESTED = """
CREATE OR REPLACE TEMP TABLE nested AS
SELECT _row, text FROM parsed WHERE CASE
  WHEN len(list_filter(list_select(cells, $places), lambda cell: starts_with(cell, '{') OR starts_with(cell, '['))) > 0
  THEN list_has_any(json_type(text, $paths), ['OBJECT', 'ARRAY']) ELSE FALSE END
"""


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, _score: HeaderScore | None) -> Iterator[Sheet]:
    """The one table. Its header is every key of every object, in the order met."""
    with as_utf8(part, scratch) as text:
        keys = _keys(text, part, limits)
        if where := _wrapped(text, part, limits):
            raise refuse("json_wrapped", part.file, member=part.member, where=where)
        if not keys:
            raise refuse("no_header", part.file, member=part.member, rows=_LOOK_AT)
        yield JsonSheet(part, keys, text, limits, scratch)


def _wrapped(text: Utf8File, part: Part, limits: Limits) -> str | None:
    """Where the rows lie in a file of one object that holds a list of objects, as the answer of an interface does: `data.list`.

    It is not read: such an answer is often one page of several, and would pass for the whole. An object that says more of itself
    than the listed ones do is a row with something attached.
    """
    blocks = list(islice(_blocks(text, part, limits, 2), 2))
    if [block.num_rows for block in blocks] != [1]:  # the last line stands in a block of its own where nothing ends it
        return None
    whole = decoded(blocks[0].column("text")[0].as_py())
    own = sum(not isinstance(one, dict | list) for one in whole.values()) if isinstance(whole, dict) else 0
    waiting = [("", whole, 0)]
    while waiting:
        path, value, depth = waiting.pop(0)
        if isinstance(value, list) and value and all(isinstance(one, dict) and len(one) > own for one in value):
            return path
        if isinstance(value, dict) and depth < _DEPTH:
            waiting += [(f"{path}.{key}".lstrip("."), inner, depth + 1) for key, inner in value.items()]
    return None


def _keys(text: Utf8File, part: Part, limits: Limits) -> list[str]:
    """Every key of the file. A field that systems leave out where it is empty may first occur anywhere.

    Raises RefusedDelivery `too_many_columns` or `json_damaged`.
    """
    keys: dict[str, None] = {}
    blocks = _blocks(text, part, limits, _WHOLE_BLOCK)
    for block in blocks:
        for said in block.column("text").slice(0, _LOOK_AT).to_pylist():
            value = decoded(said)
            keys.update(dict.fromkeys(value) if isinstance(value, dict) else {})
        _count(keys, part, limits)
        if keys:
            _add_later(keys, chain([block.slice(_LOOK_AT)], blocks), part, limits)
    return list(keys)


def _add_later(keys: dict[str, None], blocks: Iterable[pa.Table], part: Part, limits: Limits) -> None:
    """The keys behind the first objects. The engine looks for those that are not known yet: it is ten times as fast."""
    with closing(DuckDB(memory="1GB")) as engine:
        for block in blocks:
            if block.num_rows:
                engine.register("block", block)
                found = engine.rows(_LATER, {"known": list(keys)})
                engine.unregister("block")
                keys.update(dict.fromkeys(row["key"] for row in found))
                _count(keys, part, limits)


def _count(keys: dict[str, None], part: Part, limits: Limits) -> None:
    if len(keys) > limits.max_columns:
        raise refuse("too_many_columns", part.file, member=part.member, columns=len(keys), most=limits.max_columns)


class JsonSheet(Sheet):
    """One object a row; `_row` is its line, or its place in the array."""

    format = "jsonl"

    def __init__(self, part: Part, keys: list[str], text: Utf8File, limits: Limits, scratch: Path) -> None:
        super().__init__(part, Heading(keys, 0), limits, scratch)
        self.encoding, self._text = text.encoding, text
        self.octets = text.size - text.start

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        paths = ["/" + key.replace("~", "~0").replace("/", "~1") for key in self.header]
        cells = ", ".join(f"coalesce({self._cell(place, path)}, '') AS c{place}" for place, path in enumerate(paths))
        with closing(DuckDB(memory="1GB")) as engine:
            for block in _blocks(self._text, self._part, self._limits, batch_rows):
                engine.register("block", block)
                engine.run(_PARSE, {"paths": paths})
                engine.unregister("block")
                self._report(engine)
                self._leave_nested(engine, paths)
                yield from engine.query(f"SELECT {cells}, _row FROM parsed WHERE cells IS NOT NULL").combine_chunks().to_batches()
        if self.nested:
            zh, en = f"嵌套的对象或列表在 {self.nested_told}", f"objects or lists within rows stand in {self.nested_told}"
            self.notes.append(Words(zh=zh, en=en))

    def _leave_nested(self, engine: DuckDB, paths: list[str]) -> None:
        """Rows with an object or a list in a column that is taken go to `broken`; `nested` keeps where in them it stands."""
        places = sorted(self.taken)
        if not places:
            return
        engine.run(_NESTED, {"places": [one + 1 for one in places], "paths": [paths[one] for one in places]})
        keys = [self.header[place] for place in places]
        for row in engine.rows("SELECT * FROM nested ORDER BY _row"):
            self.broken.append(BrokenRow(row["_row"], row["text"], "value_nested"))
            if len(self.nested) <= PATHS_TOLD:
                self.nested |= dict.fromkeys(_nested_paths(decoded(row["text"]), keys))
        engine.run("UPDATE parsed SET cells = NULL WHERE _row IN (SELECT _row FROM nested)")

    def _cell(self, place: int, path: str) -> str:
        """A value as text. A number in a column of months may be two: see `day_numbers`."""
        cell = f"cells[{place + 1}]"
        if place not in self.months:
            return cell
        number = f"json_type(text, {literal(path)}) = 'DOUBLE' AND regexp_full_match({cell}, '{TWO_MONTHS}')"
        return f"CASE WHEN {number} THEN regexp_replace({cell}, '0*$', '') || '{AS_NUMBER}' ELSE {cell} END"

    def _report(self, engine: DuckDB) -> None:
        """Objects that contradict themselves go to `broken` with texts that are none: which value was meant nobody can say."""
        decoder = Decoder()
        contradicted = []
        for odd in engine.rows("SELECT _row, odd, cells IS NULL AS broken FROM parsed WHERE odd IS NOT NULL ORDER BY _row"):
            if odd["broken"]:
                self.broken.append(BrokenRow(odd["_row"], odd["odd"], "json_broken"))
            elif decoder.repeats(decoder.value(odd["odd"])):
                self.broken.append(BrokenRow(odd["_row"], odd["odd"], "member_repeated"))
                contradicted.append(odd["_row"])
        if contradicted:
            engine.run("UPDATE parsed SET cells = NULL WHERE list_contains($rows, _row)", {"rows": contradicted})


def _nested_paths(value: dict[str, Any], keys: Iterable[str]) -> Iterator[str]:
    """Where a row's members end that lie within those of `keys`: `a.b` in an object, `a[]` in a list."""
    for key in keys:
        if isinstance(value.get(key), dict | list):
            yield from _ends(key, value[key])


def _ends(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _ends(f"{path}.{key}", inner)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _ends(f"{path}[]", inner)
    else:
        yield path


def _blocks(text: Utf8File, part: Part, limits: Limits, most_rows: int) -> Iterator[pa.Table]:
    try:
        yield from read_blocks(text, limits.max_record_bytes, most_rows)
    except (Damaged, UnicodeDecodeError) as error:
        raise refuse("json_damaged", part.file, member=part.member, what=error) from error
