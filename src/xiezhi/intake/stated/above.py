"""What titles and notes say of the whole table: 共4人,合计金额1200.00元. Held against the rows, as the totals below them are.

Only what is plainly of this table counts: a budget, a plan or what was paid since January is of another. It sets nothing aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xiezhi.contracts.kinds import FEN_PLACES, FieldKind, Unit
from xiezhi.contracts.units import read_unit
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import ExpectationResult
from xiezhi.intake.receipts.words import as_shown
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.footers import FooterKind
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.intake.stated.totals import METRIC
from xiezhi.kernel.identity_kind import IdentityKind

COUNT_METRIC = "statedCount = rows"
"""What the result of a stated number of rows or persons is called on the receipt."""

_SUMS = re.compile(
    r"(?P<label>[一-鿿]{0,8}(?:合计|总计|共计|总额|总数|金额|共发放?|共支付|资金)[一-鿿]{0,4})\s*[:为是]?\s*[¥(]?\s*"
    r"(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[十百千万亿]{0,2}[元圆])(?!\s*[/每以起])"
)
_COUNT = re.compile(
    r"(?:共计?|合计|总计)\s*(?P<some>\d{1,9})\s*(?:人次?|[名条笔行])(?![\d.元万%户])"
    r"|(?:人数|笔数|条数|行数)\s*[:为]?\s*(?P<number>\d{1,9})(?![\d.元万%户])"
)
_OF_ANOTHER = re.compile(r"预算|计划|指标|累计|全年|年度|结余|余额|下达|标准|人均|月均|单价|上[年月期]|批复|到位|注册")
_BEFORE = 6
"""Characters in front of a number that say of what it is."""


@dataclass(frozen=True)
class _Said:
    """An amount in fen, what it may be off by where it was rounded, and the words that say it."""

    fen: Decimal
    slack: Decimal
    text: str


def stated_above(engine: DuckDB, stage: Stage, sheet: Sheet) -> list[ExpectationResult]:
    """Up to two results: of the amounts and of the numbers of rows that titles and notes state; not `kept` where one differs."""
    texts = list(_texts(sheet))
    amounts = [said for text in texts for said in _amounts(text)]
    counts = [said for text in (*texts, *_total(sheet)) for said in _counts(text)]
    found = []
    if amounts and any(field.kind is FieldKind.MONEY for field in stage.fields.values()):
        found.append(_held_against_sums(engine, stage, amounts))
    if counts:
        found.append(_held_against_rows(engine, stage, len(sheet.broken), counts))
    return found


def _texts(sheet: Sheet) -> Iterator[str]:
    """Title rows and notes below the table, each in one line."""
    notes = (footer.cells for footer in sheet.footers if footer.kind is FooterKind.NOTE)
    yield from map(_in_one_line, (*sheet.title_rows, *notes))


def _total(sheet: Sheet) -> Iterator[str]:
    """The one total (合计 12人), whose amounts `totals` reads. Of several, each is of a part."""
    totals = [footer.cells for footer in sheet.footers if footer.kind is FooterKind.TOTAL]
    yield from map(_in_one_line, totals if len(totals) == 1 else ())


def _in_one_line(cells: Sequence[str]) -> str:
    return unicodedata.normalize("NFKC", " ".join(dict.fromkeys(cell.strip() for cell in cells if cell.strip())))


def _amounts(text: str) -> Iterator[_Said]:
    for match in _SUMS.finditer(text):
        unit = read_unit(match["unit"])
        if unit and unit.unit in FEN_PLACES and not _OF_ANOTHER.search(match["label"]):
            number, worth = Decimal(match["digits"].replace(",", "")), Decimal(10) ** FEN_PLACES[unit.unit]
            rounded = (
                Decimal(10) ** -len(match["digits"].partition(".")[2]) * worth / 2 if unit.unit is not Unit.YUAN else Decimal(0)
            )
            yield _Said(number * worth, rounded, as_shown(match[0]))


def _counts(text: str) -> Iterator[int]:
    for match in _COUNT.finditer(text):
        if not _OF_ANOTHER.search(text[max(0, match.start() - _BEFORE) : match.start()]):
            yield int(match["some"] or match["number"])


def _held_against_sums(engine: DuckDB, stage: Stage, amounts: Sequence[_Said]) -> ExpectationResult:
    """Which column a title means it does not say: an amount agrees where any column sums to it."""
    names = [field.name for field in stage.fields.values() if field.kind is FieldKind.MONEY]
    rows = stage.select({name: stage.text(name) for name in names}, sound=False)
    [sums] = engine.rows(f"SELECT {', '.join(f'coalesce(sum({name}), 0) AS {name}' for name in names)} FROM ({rows})")
    nearest = [(one, min(names, key=lambda name: abs(one.fen - sums[name]))) for one in amounts]
    wrong = [(one, name) for one, name in nearest if abs(one.fen - sums[name]) > one.slack]
    said, name = wrong[0] if wrong else nearest[0]
    mine, apart = _yuan(Decimal(sums[name])), said.fen - sums[name]
    agree_zh, agree_en = ("不符", "does not agree") if wrong else ("一致", "agrees")
    return ExpectationResult(
        field=name,
        expectation=METRIC,
        severity="warning",
        found=float(apart if wrong else 0),
        kept=not wrong,
        zh=f"表上写的“{said.text}”与所读各行之和 {mine} 元{agree_zh}{f',相差 {_yuan(abs(apart))} 元' if wrong else ''}",
        en=f"“{said.text}” above or below the table {agree_en} with the sum of the rows, {mine} yuan",
    )


def _held_against_rows(engine: DuckDB, stage: Stage, broken: int, counts: Sequence[int]) -> ExpectationResult:
    """Persons may have several rows each: their number counts as well."""
    persons = [field.name for field in stage.fields.values() if field.identity is IdentityKind.CITIZEN_ID]
    rows = stage.select({name: stage.text(name) for name in persons}, sound=False)
    different = [engine.value(f"SELECT count(DISTINCT {name}) FROM ({rows})") for name in persons]
    total = stage.total + broken
    wrong = [count for count in counts if count not in (stage.total, total, *different)]
    said = wrong[0] if wrong else counts[0]
    return ExpectationResult(
        field=None,
        expectation=COUNT_METRIC,
        severity="warning",
        found=float(said - total if wrong else 0),
        kept=not wrong,
        zh=f"表上写的是 {said} 人(条),所读的是 {total} 行" + (",可能缺行或多行" if wrong else ""),
        en=f"the table is said to have {said} persons or rows, {total} rows were read"
        + (": some lack or are more" if wrong else ""),
    )


def _yuan(fen: Decimal) -> str:
    return f"{fen / 100:,.2f}"
