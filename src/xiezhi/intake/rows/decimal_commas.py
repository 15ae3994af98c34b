"""Columns that write 1.250,50 for one thousand two hundred and fifty and a half, as much of Europe and Latin America does.

Cell by cell most of them can be read the other way round: 1.250 would be one and a quarter, 12,500 twelve thousand. What a column
means is told by the cells that have one reading only.
"""

from __future__ import annotations

from xiezhi.contracts.cell import matches
from xiezhi.contracts.kinds import FieldKind
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.refusals import refuse
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.sheet import Sheet

_SIGN = "[￥¥+-]? *"
_UNIT = "[^0-9.,]*"
_COMMA_DECIMAL = f"{_SIGN}(?:[0-9]{{1,3}}(?:[.][0-9]{{3}})+,[0-9]+|[0-9]+,(?:[0-9]{{1,2}}|[0-9]{{4,}})){_UNIT}"
"""1.250,50 and 300,5: the comma can only be the decimal one."""

_POINT_DECIMAL = (
    f"{_SIGN}(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+[.][0-9]+|[0-9]+[.](?:[0-9]{{1,2}}|[0-9]{{4,}})|[0-9]{{4,}}[.][0-9]+){_UNIT}"
)
"""1,250.50 and 300.5: the point can only be the decimal one."""

_GROUPS_BY_POINT = f"{_SIGN}[0-9]{{1,3}}(?:[.][0-9]{{3}})+{_UNIT}"
"""1.250: either."""


def check_decimal_commas(engine: DuckDB, stage: Stage, sheet: Sheet) -> None:
    """Raises RefusedDelivery for a column of amounts or numbers whose comma is the decimal sign.

    Where commas part the cells of the file, and some amount is plainly written by the point, single odd cells are set aside as
    they are. A file parted by semicolons is what programs of such countries write: there 1.250 alone is not believed.
    """
    for column, field in stage.fields.items():
        if field.kind not in (FieldKind.MONEY, FieldKind.DECIMAL):
            continue
        raw = stage.raw(column)
        counted = ", ".join(
            f"count(*) FILTER (WHERE {matches(f'trim({raw})', pattern)}) AS {name}"
            for name, pattern in (("commas", _COMMA_DECIMAL), ("points", _POINT_DECIMAL), ("either", _GROUPS_BY_POINT))
        )
        shown = f"min({raw}) FILTER (WHERE {matches(f'trim({raw})', f'{_COMMA_DECIMAL}|{_GROUPS_BY_POINT}')}) AS shown"
        [found] = engine.rows(f"SELECT {counted}, {shown} {stage.judged_from(column)} WHERE regexp_matches({raw}, '[.,]')")
        if not found["points"] and (found["commas"] or (found["either"] and sheet.delimiter == ";")):
            header = sheet.header[list(stage.source.columns).index(column)]
            raise refuse("decimal_comma", sheet.file, member=sheet.sheet or sheet.member, what=header, shown=found["shown"])
