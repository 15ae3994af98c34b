"""Amounts that the comma of their thousands cut in two: 1,200.00 without quotes, in a row whose last cell was not written.

Such a row has as many cells as the header, so nothing but its content tells: an amount of one to three digits, and behind it,
where words belong or a column that nobody reads, what thousands end in.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.cell import BLANKS, literal
from xiezhi.contracts.kinds import FieldKind
from xiezhi.intake.rows.stage import Stage
from xiezhi.kernel.identity_kind import IdentityKind

_BEGINNING, _END = "[-+]?[￥¥$]? ?[0-9]{1,3}", "[0-9]{3}([.][0-9]{1,2})?"
WRITTEN_OUT = frozenset({IdentityKind.NAME, IdentityKind.ADDRESS})
_SURE_END = "[0-9]{3}[.][0-9]{2}"
"""In a column that nobody reads three digits may be some code."""


def split_amounts(stage: Stage, column: str) -> Iterator[str]:
    """SELECT of the rows of such amounts, as marks (`_row, fault, repair, place`), where there are any."""
    field, columns = stage.fields[column], stage.source.columns
    place = columns.index(column)
    if field.kind is not FieldKind.MONEY or not stage.source.comma_separated or place + 1 == len(columns):
        return
    beside = stage.fields.get(columns[place + 1])
    if beside is not None and beside.kind is not FieldKind.TEXT and beside.identity not in WRITTEN_OUT:
        return
    end = _SURE_END if beside is None else _END
    cut = f"{_reads(stage, column, _BEGINNING)} AND {_reads(stage, columns[place + 1], end)}"
    if stage.engine.value(f"SELECT count(*) FROM ({stage.joined('SELECT 1', cut)} LIMIT 1)"):
        yield stage.joined(f"SELECT s._row, '{field.name}=split_amount' AS fault, NULL AS repair, {place} AS place", cut)


def _reads(stage: Stage, column: str, form: str) -> str:
    return f"regexp_full_match(trim({stage.raw(column)}, {literal(BLANKS)}), {literal(form)})"
