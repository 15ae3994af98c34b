"""One delivered cell → its typed value, the reason it is set aside, what was repaired, in SQL.

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
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.contracts.model import Field
from xiezhi.kernel.no_values import NOT_FOUND

Family = Callable[[Field, str, Unit | None], Judgement]

FAMILIES: dict[FieldKind, Family] = {
    FieldKind.TEXT: texts.judge,
    FieldKind.CODE: codes.judge,
    FieldKind.INTEGER: numbers.judge_integer,
    FieldKind.DECIMAL: numbers.judge_decimal,
    FieldKind.MONEY: money.judge,
    FieldKind.DATE: dates.judge,
    FieldKind.MONTH: months.judge,
    FieldKind.TIMESTAMP: timestamps.judge,
    FieldKind.BOOLEAN: booleans.judge,
    FieldKind.REGION: regions.judge,
}


@dataclass(frozen=True)
class PlainSql:
    """The short cut, over one row: where `test` is TRUE the cell is sound as it stands, and `value` is its value."""

    test: str
    value: str


def plain_sql(field: Field, raw: str, unit: Unit | None = None) -> PlainSql:
    """How `field` sees at a glance that the VARCHAR expression `raw` is sound; `unit` as in `judge_texts`.

    Raises KeyError for identity fields, which `xiezhi.identity` grades.
    """
    found = FAMILIES[field.kind](field, raw, unit or field.unit)
    return PlainSql(_Bounds(field).within(found.plain, found.plain_value), found.plain_value)


def judge_texts(field: Field, texts: str, unit: Unit | None = None) -> str:
    """SELECT of all columns of `texts`, and `v`, `j` and `r`: how `field` judges each `raw` (VARCHAR).

    `v` has the field's lake type; `j` is a set-aside reason or NULL; `r` are repair words joined by `;` or NULL. Where `j` is
    set, `v` and `r` are NULL. `unit` from the delivered header overrides the contract's. Raises KeyError as `plain_sql` does.

    Layer upon layer, so that nothing is written twice: as one expression, what is asked of a month was a hundred thousand
    characters, and took half a second to plan.
    """
    cell = Cell("raw", prose=field.kind is FieldKind.TEXT, solid=field.kind is FieldKind.REGION)
    plain, bounds = plain_sql(field, "raw", unit), _Bounds(field)
    reading = FAMILIES[field.kind](field, "raw", unit or field.unit).read("_cleaned")
    read = Reading("_read", reading.fault, reading.repairs)
    layers = (
        f"{plain.test} AS _plain, {cell.needs_cleaning} AS _odd",
        f"CASE WHEN _odd THEN {cell.trimmed} ELSE raw END AS _trimmed",
        f"CASE WHEN _odd THEN {cell.cleaned('_trimmed')} ELSE raw END AS _cleaned",
        f"CASE WHEN _plain THEN 'plain' WHEN raw IS NULL OR {is_empty('raw')} THEN 'nothing'"
        f" WHEN _odd AND {cell.has_nul} THEN 'nul' WHEN {is_empty('_cleaned')} THEN 'nothing' ELSE 'read' END AS _case",
        f"CASE WHEN _case = 'read' THEN {reading.value} END AS _read",
    )
    rows = texts
    for layer in layers:
        rows = f"(SELECT *, {layer} FROM {rows})"
    value = f"CASE _case WHEN 'plain' THEN {plain.value} WHEN 'read' THEN {bounds.keep('_read')} END"
    fault = _by_case(_fault_of_nothing(field, "_cleaned"), bounds.fault(read), nul="'nul_byte'")
    repairs = _by_case(_told_of_nothing(field, "_cleaned"), _repairs(bounds.keep("_read"), (*CLEANED, *reading.repairs)))
    return (
        f"SELECT * EXCLUDE (_plain, _odd, _trimmed, _cleaned, _case, _read), {value} AS v, CAST({fault} AS VARCHAR) AS j,"
        f" CAST({repairs} AS VARCHAR) AS r FROM {rows}"
    )


CLEANED = (
    "CASE WHEN _trimmed <> raw THEN 'trimmed' END",
    "CASE WHEN _cleaned <> _trimmed THEN 'half_width' END",
)
"""The words of what cleaning repaired, each or NULL."""


def _by_case(nothing: str, read: str, *, nul: str = "NULL") -> str:
    return f"CASE _case WHEN 'nothing' THEN {nothing} WHEN 'nul' THEN {nul} WHEN 'read' THEN {read} END"


def _fault_of_nothing(field: Field, text: str) -> str:
    """An end date that a formula failed to give is not the same as none: only what carries no meaning when empty may be empty."""
    nothing = "'required_empty'" if field.required else "NULL"
    if field.kind is FieldKind.TEXT and not field.required:
        return nothing
    return f"CASE WHEN {is_error(text)} AND upper({text}) <> {literal(NOT_FOUND)} THEN 'error_cell' ELSE {nothing} END"


def _told_of_nothing(field: Field, text: str) -> str:
    return f"CASE WHEN {is_error(text)} AND {_fault_of_nothing(field, text)} IS NULL THEN 'error_as_empty' END"


def _repairs(value: str, words: tuple[str, ...]) -> str:
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
    return str(int(bound * 100)) if field.kind is FieldKind.MONEY else str(bound)
