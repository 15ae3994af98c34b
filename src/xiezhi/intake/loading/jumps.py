"""A money column against its own history: a median that jumps by a factor that only a wrong unit makes is told, not refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.contracts.model import Field, Table
from xiezhi.intake.receipts.receipt import ExpectationResult, Profile, Receipt

HISTORY = 12
"""Earlier deliveries of the contract that are looked at: a year of months."""

JUMP = 30.0
"""Factor from which a median is far off, unless the field's own `jump` says otherwise. Units lie 10² and more apart, and months
of one honest column seldom 10: between them lies 10^1.5."""

JUMP_OF_FEW = 300.0
"""The same while there are fewer than FEW amounts on either side: the median of three contracts may be anything."""

FEW = 20

METRIC = "medianAgainstHistory"
"""What such a result is called on the receipt."""


def jumps(tables: Sequence[Table], profiles: Iterable[Profile], earlier: Sequence[Receipt]) -> list[ExpectationResult]:
    """One result per money column that has amounts now and before; `kept` is False where its median jumped. Of currencies in a
    column of their own nothing is said."""
    found = []
    for one in profiles:
        field = _money(tables, one.field)
        before = _usual(one.field, earlier)
        if field and one.median and before:
            found.append(_compared(field, one, before))
    return found


def _usual(name: str, earlier: Sequence[Receipt]) -> list[Profile]:
    """A column as it was. Deliveries that jumped themselves count only once they outnumber the others two to one: a wrong unit
    delivered twice is not the usual yet, a new size of things is after a while."""
    every, calm = [], []
    for receipt in earlier:
        held = [one for one in receipt.profile if one.field == name and one.median]
        every += held
        told = (one for one in receipt.expectations if one.field == name and one.expectation.startswith(METRIC))
        calm += held if all(one.kept for one in told) else []
    return calm if len(calm) * 3 >= len(every) else every


def _money(tables: Sequence[Table], name: str) -> Field | None:
    fields = {field.name: field for table in tables for field in table.fields}
    field = fields.get(name)
    return field if field and field.kind is FieldKind.MONEY and field.unit is not Unit.MAJOR else None


def _compared(field: Field, now: Profile, before: list[Profile]) -> ExpectationResult:
    assert now.median is not None
    usual = median(one.median for one in before if one.median)
    ratio = now.median / usual
    few = min(now.positive or 0, sum(one.positive or 0 for one in before)) < FEW
    bound = float(field.jump) if field.jump else JUMP_OF_FEW if few else JUMP
    kept = 1 / bound < ratio < bound
    times = f"{ratio if ratio >= 1 else 1 / ratio:,.0f}"
    mine, usually = f"{now.median / 100:,.2f}", f"{usual / 100:,.2f}"
    far_zh = f"{'大' if ratio > 1 else '小'}约 {times} 倍,请核对单位" if not kept else "相近"
    far_en = f"about {times} times {'larger' if ratio > 1 else 'smaller'}: check the unit" if not kept else "much the same"
    earlier = "delivery" if len(before) == 1 else f"{len(before)} deliveries"
    return ExpectationResult(
        field=field.name,
        expectation=f"{METRIC} < {bound:g}",
        severity="warning",
        found=round(ratio, 6),
        kept=kept,
        zh=f"本次金额中位数 {mine} 元,此前 {len(before)} 次交付 {usually} 元,{far_zh}",
        en=f"median {mine} yuan, of the {earlier} before {usually} yuan: {far_en}",
    )
