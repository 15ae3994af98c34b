"""What of a stage is new, what is held already, what contradicts: by the contract's load mode, within the file and the lake.

Leaves a table `outcome(_row, fate, l_delivery, l_row)` with the rows that are not simply new: `duplicate` (held already, or a
repetition inside the file), `conflict` (same key, other content), `replaces` (upsert: the held row l_delivery/l_row gives way),
`outdated` (what stands for its key is of a later day). In replace_period, `dropped(_delivery, _row)` are the held rows of the
delivered periods that were not delivered again.

Where rows are only ever appended, one with a negative amount is no other content of its key but takes back what bears it: 冲销
under the number of the payment. It stands beside that row, once.

A file that contradicts itself keeps the row of the newest state, where rows say of which day they are; else the row that the
lake holds, else the first. So a shuffled redelivery changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiezhi.contracts.kinds import FieldKind, LoadMode, Unsound
from xiezhi.contracts.model import Contract, Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted, scan_sql
from xiezhi.intake.rows.stage import Stage
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words

_REVERSAL = "_reversal"


@dataclass(frozen=True)
class Loading:
    """One numbered stage on its way into the lake. `held`: what the lake has of its table."""

    contract: Contract
    stage: Stage
    held: TableRef

    @property
    def table(self) -> Table:
        return self.stage.table

    @property
    def content(self) -> tuple[str, ...]:
        """Lake columns that make up a row, its provenance left out."""
        return tuple(name for name in self.table.lake_columns() if name not in ("_delivery", "_row"))

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns in which equal rows agree. Not the grades: the same number delivered untidily is the same number."""
        grades = {field.grade_column for field in self.table.fields}
        return tuple(name for name in self.content if name not in grades)

    @property
    def key(self) -> tuple[str, ...]:
        """Lake columns by which two rows are the same; all of them where the contract names no key."""
        return self.contract.key_of(self.table) or self.compared

    @property
    def amounts(self) -> tuple[str, ...]:
        """Money columns of which a negative one makes the row a reversal; none where rows replace each other."""
        appended = self.contract.load_mode is LoadMode.APPEND
        return tuple(field.name for field in self.table.fields if appended and field.kind is FieldKind.MONEY)

    def reversal(self, columns: Iterable[str]) -> str:
        """Whether a row takes back another; `columns`: expressions of its `amounts`."""
        return " OR ".join(f"coalesce({column} < 0, false)" for column in columns) or "false"

    @property
    def held_key(self) -> tuple[str, ...]:
        """Columns by which a row is found in the lake. A period is replaced as a whole, so there only equal rows match."""
        return self.compared if self.contract.load_mode is LoadMode.REPLACE_PERIOD else self.key


def decide(engine: DuckDB, loading: Loading) -> None:
    """Fill `outcome` (and `dropped`) for a numbered stage."""
    _find_held(engine, loading)
    _find_rivals(engine, loading)
    upserts = loading.contract.load_mode is LoadMode.UPSERT
    other_content = "CASE WHEN winner <> _row THEN 'duplicate' ELSE 'replaces' END" if upserts else "'conflict'"
    engine.run(
        "CREATE OR REPLACE TEMP TABLE outcome AS SELECT * FROM (SELECT _row, l_delivery, l_row, CASE"
        " WHEN older_than_winner OR older_than_held THEN 'outdated'"
        " WHEN NOT like_winner THEN 'conflict'"
        f" WHEN NOT same THEN {other_content}"
        " WHEN same OR winner <> _row THEN 'duplicate' END AS fate"
        " FROM held FULL JOIN rivals USING (_row)) WHERE fate IS NOT NULL"
    )
    if loading.contract.load_mode is LoadMode.REPLACE_PERIOD:
        _find_dropped(engine, loading)


def repeated_inside(engine: DuckDB, loading: Loading) -> Words | None:
    """What the sender is told of rows that are repeated inside the file and kept once. Call it after `decide`."""
    repeated = "fate = 'duplicate' AND l_delivery IS NULL"
    [found] = engine.rows(f"SELECT count(*) AS rows, min(_row) AS first FROM outcome WHERE {repeated}")
    rows, first = found["rows"], found["first"]
    if not rows:
        return None
    if loading.contract.key_of(loading.table):
        return Words(
            zh=f"文件内有 {rows} 行重复(编号和内容都相同,如第 {first} 行),只入库一次",
            en=f"{rows} row(s) are repeated inside the file, number and content (row {first}): they are kept once",
        )
    return Words(
        zh=f"文件内有 {rows} 行与前面的行各列完全相同(如第 {first} 行),只入库一次;若确是两笔,请补上能区分的列(如凭证号)后重报",
        en=f"{rows} row(s) equal an earlier one in every column (row {first}) and are kept once; if they are two, deliver them"
        " again with a column that tells them apart, such as a voucher's number",
    )


def _find_held(engine: DuckDB, loading: Loading) -> None:
    """Table `held`: staged rows whose key the lake holds, whether they say the same or are older, where the held row is from."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE held (_row BIGINT, same BOOLEAN, older_than_held BOOLEAN, l_delivery INTEGER, l_row BIGINT)"
    )
    if not loading.held.rows:
        return
    stage = loading.stage
    engine.run(f"CREATE OR REPLACE TEMP VIEW lake_rows AS {scan_sql(loading.held)}")
    sign = {_REVERSAL: loading.reversal(stage.lake(name) for name in loading.amounts)}
    keys = stage.select({name: stage.lake(name) for name in loading.held_key} | sign)
    held_amounts = (f"l.{quoted(name)}" for name in loading.amounts if name in loading.held.columns)
    on = f"{equal(loading.table, loading.held_key)} AND s.{_REVERSAL} = ({loading.reversal(held_amounts)})"
    engine.run(f"CREATE OR REPLACE TEMP TABLE known AS SELECT s._row FROM ({keys}) AS s SEMI JOIN lake_rows AS l ON {on}")
    if not engine.value("SELECT count(*) FROM known"):
        return
    compared = {name: stage.lake(name) for name in loading.compared} | sign
    content = stage.select(compared, where="s._row IN (SELECT _row FROM known)")
    columns = tuple(name for name in loading.compared if name in loading.held.columns)
    added = [name for name in loading.compared if name not in loading.held.columns]
    same = " AND ".join([equal(loading.table, columns), *(f"s.{quoted(name)} IS NULL" for name in added)])
    dated = loading.contract.state_date
    older = f"coalesce(s.{quoted(dated)} < l.{quoted(dated)}, false)" if dated in columns else "false"
    engine.run(
        f"INSERT INTO held SELECT s._row, bool_or({same}), bool_and({older}), max(l._delivery), max(l._row)"
        f" FROM ({content}) AS s JOIN lake_rows AS l ON {on} GROUP BY s._row"
    )


def _find_rivals(engine: DuckDB, loading: Loading) -> None:
    """Table `rivals`: rows of the file that share their key, which one wins, and who says the same as it, or is older.

    Candidates are found by a hash of the key (fast, and nearly always none); only those are compared in full.
    """
    stage, dated = loading.stage, loading.contract.state_date
    engine.run("CREATE OR REPLACE TEMP TABLE rivals (_row BIGINT, winner BIGINT, like_winner BOOLEAN, older_than_winner BOOLEAN)")
    reversal = loading.reversal(stage.text(name) for name in loading.amounts)
    key = ", ".join([*(stage.text(name) for name in loading.key), f"({reversal})"])
    hashes = stage.select({"h": f"hash({key})"})
    engine.run(f"CREATE OR REPLACE TEMP TABLE twice AS SELECT h FROM ({hashes}) GROUP BY h HAVING count(*) > 1")
    if not engine.value("SELECT count(*) FROM twice"):
        return
    content = ", ".join(stage.text(name) for name in loading.compared)
    state = stage.text(dated) if dated else "CAST(NULL AS DATE)"
    rows = stage.select(
        {"k": f"row({key})", "content": f"row({content})", "state": state}, where=f"hash({key}) IN (SELECT h FROM twice)"
    )
    engine.run(
        "INSERT INTO rivals SELECT _row, first_value(_row) OVER w, content IS NOT DISTINCT FROM first_value(content) OVER w,"
        " coalesce(state < first_value(state) OVER w, false)"
        f" FROM (SELECT r.*, coalesce(h.same, false) AS kept FROM ({rows}) AS r LEFT JOIN held AS h USING (_row))"
        " WINDOW w AS (PARTITION BY k ORDER BY state DESC NULLS LAST, kept DESC, _row) QUALIFY count(*) OVER (PARTITION BY k) > 1"
    )


def _find_dropped(engine: DuckDB, loading: Loading) -> None:
    stage, period = loading.stage, loading.contract.period or ""
    engine.run("CREATE OR REPLACE TEMP TABLE dropped (_delivery INTEGER, _row BIGINT)")
    if not loading.held.rows:
        return
    engine.run(
        f"INSERT INTO dropped SELECT l._delivery, l._row FROM lake_rows AS l WHERE l.{quoted(period)} IN"
        f" (SELECT p FROM ({stage.select({'p': stage.lake(period)})}))"
        " AND NOT EXISTS (SELECT 1 FROM held WHERE held.same AND held.l_delivery = l._delivery AND held.l_row = l._row)"
    )


def equal(table: Table, names: tuple[str, ...]) -> str:
    """Staged row `s` and held row `l` agree. Plain equality where a column is never NULL: only that prunes files."""
    never_null = {
        field.name for field in table.fields if field.required and not (field.identity and field.unsound is Unsound.NULL)
    }
    signs = {name: "=" if name in never_null else "IS NOT DISTINCT FROM" for name in names}
    return " AND ".join(f"s.{quoted(name)} {sign} l.{quoted(name)}" for name, sign in signs.items())
