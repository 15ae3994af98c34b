"""Rows that a column says are void or came back (备注: 已退回), where the contract reads no such column.

Read without it, they count as paid. Where the table has a column of the contract's for it, that one is believed; and a negative
amount is the reversal itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xiezhi.contracts.cell import BLANKS, literal
from xiezhi.contracts.kinds import Kind

if TYPE_CHECKING:
    from xiezhi.intake.stage import Stage

_WHAT = "退回|退款|退票|退汇|冲销|撤销|作废|废除|拒付|拒发|剔除|删除"
VOID = (
    rf"[(（]?(?:此行|本行|本条|该条|该行|本笔|该笔|银行)?(?:已被?|全部|全额|均)?(?:{_WHAT}|退)(?:了|的|处理|未发)?[)）]?[。!！]?"
    "|未发(?:放|成功)?|未到账|未领取?|(?:发放|打卡|支付|汇款)(?:失败|不成功)|不发放?"
)
_SAYS_SO = frozenset({"退回", "作废", "冲销", "撤销", "注销"})
"""Codes of lists that say it of a row."""


def voided_rows(stage: Stage) -> Iterator[str]:
    """SELECT of such rows, as marks (`_row, fault, repair, place`), a column at a time."""
    columns = stage.source.columns
    if any(field.codelist and _SAYS_SO & field.codelist.spellings.keys() for field in stage.fields.values()):
        return
    said = {
        column: f"regexp_full_match(trim({stage.raw(column)}, {literal(BLANKS)}), {literal(VOID)})"
        for column in columns
        if column not in stage.fields
    }
    asked = [f"(SELECT '{column}' AS name {stage.judged_from(column)} WHERE {void} LIMIT 1)" for column, void in said.items()]
    found = [row["name"] for row in stage.engine.rows(" UNION ALL ".join(asked))] if asked else []
    amounts = [stage.part(column, "v") for column, field in stage.fields.items() if field.kind is Kind.MONEY]
    paid = " AND ".join(("true", *(f"coalesce({amount}, 0) >= 0" for amount in amounts)))
    for column in found:
        marks = f"SELECT s._row, 'void_row' AS fault, NULL AS repair, {columns.index(column)} AS place"
        yield stage.joined(marks, f"{said[column]} AND {paid}")
