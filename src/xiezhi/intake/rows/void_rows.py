"""Rows that a column says are void, and payments that came back or were never made, where the contract reads no such column.

备注 says 已退回, 是否作废 says 是, 退回金额 says 120. Read without it they count as paid. A row whose own code says it (of
发放性质, 退回), and a negative amount, which is the reversal itself, stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from xiezhi.contracts.cell import BLANKS, EMPTY_SPELLINGS, among, literal
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.intake.rows.stage import Stage

_WHOSE = "(?:此行|本行|本条|该条|该行|本笔|该笔|银行|系)*(?:已被?|全部|全额|均|(?:卡号|账号|账户|户名)错误[,，]?)?"
_VOID = "作废|废除|删除|误登|登记错误|录入错误"
_BACK = "退回|退款|退费|退票|退汇|退库|退货|冲销|红冲|冲正|撤销|拒付|拒发|剔除|追回|追缴|收回|停薪"
_END = "(?:了|的|处理|未发|未重发)?[)）]?[。!！]?"
_PAYING = "(?:发放|打卡|支付|汇款|到账|结算|代发|交易|审核|审批|处理|银行)"

VOID = f"[(（]?{_WHOSE}(?:{_VOID}){_END}"
"""All of a cell that takes its row out of any table, whatever its column is called."""

NOT_PAID = (
    f"{VOID}|[(（]?{_WHOSE}(?:{_BACK}|退){_END}|款?未发(?:放|成功)?|待发放?|未到账|未领取?|(?:暂|暂时)?(?:不|停)发放?|不予发放"
    f"|(?:发放|打卡|支付|汇款|代发)(?:失败|不成功|未成功)|取消(?:结算|发放|支付)"
)
"""The same of a table of payments."""

_YES = "是|有|对|1|Y|y|YES|yes|TRUE|true|√|✓|已.{1,4}"
_NO = "否|不是|0|N|n|NO|no|FALSE|false|×|✗|未.{1,4}|失败"
_ZERO = "0+(?:[.]0+)?"
_AMOUNT = "[￥¥]?[0-9,]*[1-9][0-9,]*(?:[.][0-9]+)?元?|[￥¥]?0?[.]0*[1-9][0-9]*元?"
_FLAG = "(?:标志|标识|标记|状态)?"

_COLUMNS = ((f"(?:是否)?已?(?:{_VOID}){_FLAG}", _YES),)
"""Columns by what they are called, and what a cell of theirs says of a row that is void."""

_COLUMNS_OF_PAYMENTS = (
    *_COLUMNS,
    (f"(?:是否)?已?(?:{_BACK}|无效){_FLAG}", _YES),
    (f"(?:是否)?(?:有效|发放|打卡|{_PAYING}?成功|已?到账){_FLAG}", _NO),
    (
        f"{_PAYING}?(?:状态|结果|情况|反馈|意见)",
        ".*(?:失败|不成功|无效|失效|冻结|取消|不通过|不予|驳回|停发|暂停|异常|退回|退票|户名不符).*|未.{1,3}|待.{1,3}",
    ),
    ("收支(?:类型|方向)?", "收回|收|退"),
    ("(?:退回|退款|退费|冲销)(?:金额|额)", _AMOUNT),
    ("实际?(?:到账|发放?|付|支付)(?:金额|额)?", _ZERO),
)

_FILLED = "(?:退回|退款|退费|退汇|失败|作废|撤销|冲销)(?:日期|时间|原因)"
"""Columns of payments that a row has nothing in unless it is void."""

SAYS_SO = frozenset({"退回", "作废", "冲销", "撤销", "注销"})
"""Codes of lists that say it of a row."""


def void_rows(stage: Stage) -> Iterator[str]:
    """SELECT of such rows, as marks (`_row, fault, repair, place`), a column at a time.

    Contracts, places and deposits come back, are revoked and stay unpaid in the ordinary course: of any table but payments only
    what is void is taken out, and not even that where the table has a status of its own.
    """
    columns, fields = stage.source.columns, stage.fields
    if not stage.table.paid_out and any(field.name == "status" for field in fields.values()):
        return
    said = {column: _says(stage, column) for column in columns if column not in fields}
    asked = [f"(SELECT '{column}' AS name {stage.judged_from(column)} WHERE {void} LIMIT 1)" for column, void in said.items()]
    found = [row["name"] for row in stage.engine.rows(" UNION ALL ".join(asked))] if asked else []
    for column in found:
        marks = f"SELECT s._row, 'void_row' AS fault, NULL AS repair, {columns.index(column)} AS place"
        yield stage.joined(marks, f"{said[column]} AND {_counts(stage)}")


def _says(stage: Stage, column: str) -> str:
    """Whether a cell of an unread column says that its row does not count."""
    cell, paid = f"trim({stage.raw(column)}, {literal(BLANKS)})", stage.table.paid_out
    title = re.sub(r"\s+", "", unicodedata.normalize("NFKC", stage.source.titles.get(column, "")))
    named = [form for name, form in (_COLUMNS_OF_PAYMENTS if paid else _COLUMNS) if re.fullmatch(name, title)]
    void = f"regexp_full_match({cell}, {literal('|'.join([NOT_PAID if paid else VOID, *named]))})"
    if paid and re.fullmatch(_FILLED, title):
        void += f" OR NOT {among(f'upper({cell})', (*EMPTY_SPELLINGS, '正常', '成功', '0'))}"
    return f"({void})"


def _counts(stage: Stage) -> str:
    """Whether a row claims to count: none of its codes says that it does not, and none of its amounts takes back."""
    claims = ["true"]
    for column, field in stage.fields.items():
        value = stage.part(column, "v")
        if field.codelist and SAYS_SO & field.codelist.spellings.keys():
            claims.append("NOT " + among(f"coalesce({value}, '')", tuple(sorted(SAYS_SO))))
        elif field.kind is FieldKind.MONEY or field.unit is Unit.KILOGRAM:
            claims.append(f"coalesce({value}, 0) >= 0")
    return " AND ".join(claims)
