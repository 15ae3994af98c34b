"""The totals that a sheet states of itself, against the sums of the rows that were read.

A total that does not agree says that rows are missing, doubled, or read in another unit than the sender thought. It sets nothing
aside: which of the two is wrong, only the sender knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from xiezhi.contracts.judge import judge_texts
from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import ExpectationResult
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.footers import Footer, FooterKind

METRIC = "statedTotal = sum"
"""What such a result is called on the receipt."""


MOST_OTHERS = 9
"""Totals that do not agree which are named beside the first."""


@dataclass(frozen=True)
class _Stated:
    """What a total says of one field, what the rows above it sum to, and those since the total before it. Money in fen."""

    row: int
    said: Decimal
    above: Decimal
    since: Decimal
    unread: int

    @property
    def agrees(self) -> bool:
        """A 合计 at the end sums all, one of a page or a village those since the last."""
        return self.said in (self.above, self.since)

    @property
    def nearest(self) -> Decimal:
        """Of the two sums that a total may mean the one that it is nearer to."""
        return min(self.above, self.since, key=lambda sum_: abs(self.said - sum_))

    @property
    def apart(self) -> Decimal:
        return self.said - self.nearest


def stated_totals(engine: DuckDB, stage: Stage, footers: Sequence[Footer]) -> list[ExpectationResult]:
    """One result per money field of which any total states an amount; `kept` is False where one does not agree."""
    totals = [footer for footer in footers if footer.kind is FooterKind.TOTAL]
    found = []
    for column, field in stage.fields.items():
        if totals and field.kind is FieldKind.MONEY:
            stated = _stated(engine, stage, column, field, totals)
            if stated:
                found.append(_result(field, stated))
    return found


def _stated(engine: DuckDB, stage: Stage, column: str, field: Field, totals: Sequence[Footer]) -> list[_Stated]:
    said = _read(engine, stage, column, field, totals)
    if not said:
        return []
    rows = stage.select({"v": stage.text(field.name)}, sound=False)
    engine.register("totals", pa.table({"row": pa.array([footer.row for footer in totals], pa.int64())}))
    sums = engine.rows(
        "SELECT t.row AS until, coalesce(sum(r.v), 0) AS sum, count(*) FILTER (r.v IS NULL) AS unread"
        f" FROM ({rows}) AS r ASOF JOIN totals AS t ON r._row < t.row GROUP BY t.row"
    )
    engine.unregister("totals")
    by_total = {row["until"]: row for row in sums}
    above, unread, found = Decimal(0), 0, []
    for footer in totals:
        here = by_total.get(footer.row, {"sum": 0, "unread": 0})
        above, unread = above + here["sum"], unread + here["unread"]
        if footer.row in said:
            found.append(_Stated(footer.row, said[footer.row], above, Decimal(here["sum"]), unread))
    return found


def _read(engine: DuckDB, stage: Stage, column: str, field: Field, totals: Sequence[Footer]) -> dict[int, Decimal]:
    """What the totals say in a column, read as its cells are read; but the bounds of one row are none of a sum."""
    place = stage.source.columns.index(column)
    cells = {footer.row: footer.cells[place] for footer in totals if place < len(footer.cells) and footer.cells[place].strip()}
    unbounded = field.model_copy(
        update={"logical_type_options": field.logical_type_options.model_copy(update={"minimum": None, "maximum": None})}
    )
    texts = pa.table({"row": pa.array(cells.keys(), pa.int64()), "raw": pa.array(cells.values(), pa.string())})
    engine.register("total_cells", texts)
    read = engine.rows(f"SELECT row, v FROM ({judge_texts(unbounded, 'total_cells', stage.unit(column))})")
    engine.unregister("total_cells")
    return {row["row"]: Decimal(row["v"]) for row in read if row["v"] is not None}


def _result(field: Field, stated: Sequence[_Stated]) -> ExpectationResult:
    wrong = [one for one in stated if not one.agrees]
    one = wrong[0] if wrong else stated[-1]
    if wrong:
        unread_zh = f"(另有 {one.unread} 行的金额读不出)" if one.unread else ""
        unread_en = f" ({one.unread} rows have no amount that can be read)" if one.unread else ""
        others_zh, others_en = _others(wrong)
        of_zh, of_en = ("以上", "above") if one.nearest == one.above else ("上一合计以下", "since the last total")
        zh = (
            f"第 {one.row} 行的合计是 {_yuan(one.said)} 元,{of_zh}各行之和是 {_yuan(one.nearest)} 元,"
            f"相差 {_yuan(abs(one.apart))} 元{unread_zh}{others_zh}"
        )
        en = (
            f"the total in row {one.row} is {_yuan(one.said)} yuan, the rows {of_en} sum to {_yuan(one.nearest)} yuan,"
            f" {_yuan(abs(one.apart))} yuan apart{unread_en}"
            f"{others_en}"
        )
    else:
        zh = f"{len(stated)} 处合计都与所读各行之和一致(第 {one.row} 行 {_yuan(one.said)} 元)"
        en = f"{len(stated)} total(s) agree with the rows that were read (row {one.row}: {_yuan(one.said)} yuan)"
    return ExpectationResult(
        field=field.name,
        expectation=METRIC,
        severity="warning",
        found=float(one.apart if wrong else 0),
        kept=not wrong,
        zh=zh,
        en=en,
    )


def _others(wrong: Sequence[_Stated]) -> tuple[str, str]:
    """Which totals do not agree either, the first few, in Chinese and English."""
    rows = [str(one.row) for one in wrong[1 : MOST_OTHERS + 1]]
    if not rows:
        return "", ""
    more = " …" if len(wrong) > MOST_OTHERS + 1 else ""
    return f";第 {'、'.join(rows)}{more} 行的合计也不符", f"; nor do the totals in row {', '.join(rows)}{more}"


def _yuan(fen: Decimal) -> str:
    return f"{fen / 100:,.2f}"
