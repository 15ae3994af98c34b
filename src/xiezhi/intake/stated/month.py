"""A month that a title or a file's name states, over rows that are all of others: the wrong file, or the wrong title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from xiezhi.contracts.kinds import FieldKind, LoadMode
from xiezhi.contracts.model import Contract, Field
from xiezhi.contracts.moments import site_day
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.words import Words

_IN_WORDS = re.compile(r"(?<!\d)(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月(?!\s*\d{1,2}\s*[日号])")
_IN_DIGITS = re.compile(r"(?<!\d)(?<!\d[.\-_])(20\d\d)[-_.]?(1[0-2]|0[1-9])(?![-_.]?\d)")
_RANGE = re.compile(
    r"月?\s*(?:[-—–~至到、和及,]|以来|以前)\s*(?:20\d\d\s*年)?\s*\d{0,2}\s*月|\d\s*[-—–~]\s*\d{1,2}\s*月|季度|半年|截[至止]"
)
_WHEN_MADE = re.compile(r"(?:日期|时间|报送|填报|制表)\s*:?\s*20\d\d\s*年\s*\d{1,2}\s*月")
_DAYS = (FieldKind.MONTH, FieldKind.DATE, FieldKind.TIMESTAMP)


def month_note(engine: DuckDB, contract: Contract, stage: Stage, sheet: Sheet) -> Words | None:
    """What is said where no row has a day in the stated month. Not of registers: they hold what began long ago."""
    days = [field for field in stage.fields.values() if field.kind in _DAYS]
    told = _of_its_month(contract, days)
    if not told or not stage.total:
        return None
    for (where, where_en), month in _stated(sheet):
        rows = stage.select({field.name: _day(stage, field) for field in days}, sound=False)
        here = " OR ".join(f"date_trunc('month', {field.name}) = DATE '{month.isoformat()}'" for field in days)
        [found] = engine.rows(
            f"SELECT bool_or({here}) AS hit, strftime(min({told.name}), '%Y-%m') AS first,"
            f" strftime(max({told.name}), '%Y-%m') AS last FROM ({rows})"
        )
        if found["first"] and not found["hit"]:
            others = found["first"] if found["first"] == found["last"] else f"{found['first']} … {found['last']}"
            return Words(
                zh=f"{where}写的是 {month:%Y-%m},各行的“{told.business_name}”却都是别的月份({others}),请核对是否报错了文件",
                en=f"{where_en} says {month:%Y-%m}, “{told.title_en}” of every row another month ({others}): the right file?",
            )
    return None


def _of_its_month(contract: Contract, days: list[Field]) -> Field | None:
    """The field that says of which month a row is: the contract's period, or the first day of what is only ever added."""
    period = next((field for field in days if field.name == contract.period), None)
    return period or (days[0] if days and contract.load_mode is LoadMode.APPEND else None)


def _day(stage: Stage, field: Field) -> str:
    value = stage.text(field.name)
    return site_day(value) if field.kind is FieldKind.TIMESTAMP else value


def _stated(sheet: Sheet) -> Iterator[tuple[tuple[str, str], date]]:
    """Each place that states one month and no more."""
    title = " ".join(cell for row in sheet.title_rows for cell in row)
    name = PurePosixPath((sheet.member or sheet.file.name).removesuffix(".gz")).stem
    places = (
        (("标题", "the title"), title),
        (("工作表名", "the sheet's name"), sheet.sheet or ""),
        (("文件名", "the file's name"), name),
    )
    for where, text in places:
        plain = _WHEN_MADE.sub("", unicodedata.normalize("NFKC", text))
        patterns = (_IN_WORDS,) if where[0] == "标题" else (_IN_WORDS, _IN_DIGITS)
        months = {(int(year), int(month)) for pattern in patterns for year, month in pattern.findall(plain)}
        if len(months) == 1 and not _RANGE.search(plain):
            [(year, month)] = months
            yield where, date(year, month, 1)
