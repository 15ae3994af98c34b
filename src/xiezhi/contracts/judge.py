"""One delivered cell → its typed value, the reason it is set aside, what was repaired: three SQL expressions.

Identities are judged in `xiezhi.identity`; here is everything else. The oracle in the tests says the same in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiezhi.contracts.cell import Cell, is_empty, is_error, literal
from xiezhi.contracts.checks import booleans, codes, dates, money, months, numbers, regions, texts, timestamps
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Kind, Unit
from xiezhi.contracts.model import Field
from xiezhi.kernel.no_values import NOT_FOUND

Family = Callable[[Field, str, Unit | None], Judgement]

FAMILIES: dict[Kind, Family] = {
    Kind.TEXT: texts.judge,
    Kind.CODE: codes.judge,
    Kind.INTEGER: numbers.judge_integer,
    Kind.DECIMAL: numbers.judge_decimal,
    Kind.MONEY: money.judge,
    Kind.DATE: dates.judge,
    Kind.MONTH: months.judge,
    Kind.TIMESTAMP: timestamps.judge,
    Kind.BOOLEAN: booleans.judge,
    Kind.REGION: regions.judge,
}


@dataclass(frozen=True)
class CheckedSql:
    """Three DuckDB expressions over one row.

    `value` has the field's lake type; `fault` is a set-aside reason or NULL; `repairs` are repair words joined by `;`
    or NULL. Where `fault` is set, `value` and `repairs` are NULL. `plain` is the short cut: where it is TRUE the cell is
    sound as it stands, `plain_value` is its value, and the three long expressions need not be asked.
    """

    value: str
    fault: str
    repairs: str
    plain: str
    plain_value: str


def judge_sql(field: Field, raw: str, unit: Unit | None = None) -> CheckedSql:
    """How `field` judges the VARCHAR expression `raw`; `unit` from the delivered header overrides the contract's.

    Raises KeyError for identity fields, which `xiezhi.identity` grades.
    """
    cell = Cell(raw, prose=field.kind is Kind.TEXT, solid=field.kind is Kind.REGION)
    found = FAMILIES[field.kind](field, raw, unit or field.unit)
    bounds = _Bounds(field)
    as_is, mended = found.read(raw), found.read(cell.clean)

    plain = bounds.within(found.plain, found.plain_value)

    def choose(sound: str, empty: Callable[[str], str], nul: str, reading: Callable[[Reading, tuple[str, ...]], str]) -> str:
        return (
            f"CASE WHEN {plain} THEN {sound} WHEN {raw} IS NULL OR {is_empty(raw)} THEN {empty(raw)} "
            f"WHEN NOT {cell.needs_cleaning} THEN {reading(as_is, ())} WHEN {cell.has_nul} THEN {nul} "
            f"WHEN {is_empty(cell.clean)} THEN {empty(cell.clean)} ELSE {reading(mended, cell.repairs)} END"
        )

    return CheckedSql(
        value=choose(found.plain_value, lambda _: "NULL", "NULL", lambda reading, _: bounds.keep(reading.value)),
        fault=choose("NULL", lambda text: _fault_of_nothing(field, text), "'nul_byte'", lambda reading, _: bounds.fault(reading)),
        repairs=choose(
            "NULL",
            lambda text: _told_of_nothing(field, text),
            "NULL",
            lambda reading, words: _repairs(bounds.keep(reading.value), words + reading.repairs),
        ),
        plain=plain,
        plain_value=found.plain_value,
    )


def _fault_of_nothing(field: Field, text: str) -> str:
    """An end date that a formula failed to give is not the same as none: only what carries no meaning when empty may be empty."""
    nothing = "'required_empty'" if field.required else "NULL"
    if field.kind is Kind.TEXT and not field.required:
        return nothing
    return f"CASE WHEN {is_error(text)} AND upper({text}) <> {literal(NOT_FOUND)} THEN 'error_cell' ELSE {nothing} END"


def _told_of_nothing(field: Field, text: str) -> str:
    return f"CASE WHEN {is_error(text)} AND {_fault_of_nothing(field, text)} IS NULL THEN 'error_as_empty' END"


def _repairs(value: str, words: tuple[str, ...]) -> str:
    if not words:
        return "NULL"
    return f"CASE WHEN {value} IS NOT NULL THEN nullif(concat_ws(';', {', '.join(words)}), '') END"


class _Bounds:
    """A field's minimum and maximum as SQL over a value. Money is bounded in 元, whatever unit it is delivered in."""

    def __init__(self, field: Field) -> None:
        options = field.logical_type_options
        pairs = ((">=", options.minimum), ("<=", options.maximum))
        self._tests = [(operator, _bound(field, bound)) for operator, bound in pairs if bound is not None]

    def within(self, plain: str, value: str) -> str:
        """`plain`, and the value within the bounds; by CASE, because DuckDB evaluates both sides of an AND as it likes."""
        return f"(CASE WHEN {plain} THEN {self._inside(value)} ELSE false END)" if self._tests else f"({plain})"

    def keep(self, value: str) -> str:
        """The value, NULL outside the bounds."""
        return f"CASE WHEN {self._inside(value)} THEN {value} END" if self._tests else value

    def fault(self, reading: Reading) -> str:
        """The reading's own fault where it has no value, `out_of_range` outside the bounds, else NULL."""
        outside = f" WHEN NOT ({self._inside(reading.value)}) THEN 'out_of_range'" if self._tests else ""
        return f"CASE WHEN {reading.value} IS NULL THEN {reading.fault}{outside} END"

    def _inside(self, value: str) -> str:
        return " AND ".join(f"({value}) {operator} {bound}" for operator, bound in self._tests)


def _bound(field: Field, bound: Decimal | date) -> str:
    if isinstance(bound, date):
        return f"DATE '{bound.isoformat()}'"
    return str(int(bound * 100)) if field.kind is Kind.MONEY else str(bound)
