"""Rows that a column says are void, or came back, or were never paid, where the contract reads no such column.

备注 says 已退回, 是否作废 says 是, 退回金额 says 120. Read without it they count as paid. A row whose own code says it (of
发放性质, 退回), and a negative amount, which is the reversal itself, stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xiezhi.contracts.cell import BLANKS, EMPTY_SPELLINGS, among, literal
from xiezhi.contracts.kinds import Kind

if TYPE_CHECKING:
    from xiezhi.intake.stage import Stage

_WHAT = "退回|退款|退费|退票|退汇|退库|退货|冲销|红冲|冲正|撤销|作废|废除|拒付|拒发|剔除|删除|误登|停薪"
VOID = (
    "[(（]?(?:此行|本行|本条|该条|该行|本笔|该笔|银行|系)*(?:已被?|全部|全额|均|卡号错误[,，]?)?"
    rf"(?:{_WHAT}|退)(?:了|的|处理|未发)?[)）]?[。!！]?"
    "|款?未发(?:放|成功)?|待发放?|未到账|未领取?|(?:发放|打卡|支付|汇款)(?:失败|不成功)|不发放?|取消(?:结算|发放|支付)"
)
"""All of a cell, whatever its column is called."""

_YES = "是|有|对|1|Y|y|YES|yes|TRUE|true|√|✓|已.{1,4}"
_NO = "否|不是|0|N|n|NO|no|FALSE|false|×|✗|未.{1,4}|失败"
_PAYING = "(?:发放|打卡|支付|汇款|到账|结算|代发|交易)"
_ZERO = "0+(?:[.]0+)?"
_AMOUNT = "[￥¥]?[0-9,]*[1-9][0-9,]*(?:[.][0-9]+)?元?|[￥¥]?0?[.]0*[1-9][0-9]*元?"

_COLUMNS = (
    (rf"(?:是否)?已?(?:{_WHAT}|无效)(?:标志|标识|标记|状态)?", _YES),
    (f"(?:是否)?(?:有效|{_PAYING}?成功|已?到账)(?:标志|标识|标记|状态)?", _NO),
    (f"{_PAYING}(?:状态|结果|情况)", "失败|不成功|无效|失效|冻结|取消|未.{1,3}|待.{1,3}"),
    ("(?:退回|退款|退费|冲销)(?:金额|额)", _AMOUNT),
    ("实际?(?:到账|发放?|付|支付)(?:金额|额)?", _ZERO),
)
"""Columns by what they are called, and what a cell of theirs says of a void row."""

_FILLED = "(?:退回|退款|退费|退汇|失败|作废|撤销|冲销)(?:日期|时间|原因)"
"""Columns that a row has nothing in unless it is void."""

SAYS_SO = frozenset({"退回", "作废", "冲销", "撤销", "注销"})
"""Codes of lists that say it of a row."""


def voided_rows(stage: Stage) -> Iterator[str]:
    """SELECT of such rows, as marks (`_row, fault, repair, place`), a column at a time."""
    columns, fields = stage.source.columns, stage.fields
    said = {column: _says(stage, column) for column in columns if column not in fields}
    asked = [f"(SELECT '{column}' AS name {stage.judged_from(column)} WHERE {void} LIMIT 1)" for column, void in said.items()]
    found = [row["name"] for row in stage.engine.rows(" UNION ALL ".join(asked))] if asked else []
    for column in found:
        marks = f"SELECT s._row, 'void_row' AS fault, NULL AS repair, {columns.index(column)} AS place"
        yield stage.joined(marks, f"{said[column]} AND {_counts(stage)}")


def _says(stage: Stage, column: str) -> str:
    """Whether a cell of an unread column says that its row does not count."""
    cell = f"trim({stage.raw(column)}, {literal(BLANKS)})"
    title = re.sub(r"\s+", "", unicodedata.normalize("NFKC", stage.source.titles.get(column, "")))
    forms = [VOID, *(form for name, form in _COLUMNS if re.fullmatch(name, title))]
    void = f"regexp_full_match({cell}, {literal('|'.join(forms))})"
    if re.fullmatch(_FILLED, title):
        void += f" OR NOT {among(f'upper({cell})', (*EMPTY_SPELLINGS, '正常', '成功', '0'))}"
    return f"({void})"


def _counts(stage: Stage) -> str:
    """Whether a row claims to count: none of its codes says that it does not, and none of its amounts takes back."""
    claims = ["true"]
    for column, field in stage.fields.items():
        value = stage.part(column, "v")
        if field.codelist and SAYS_SO & field.codelist.spellings.keys():
            claims.append("NOT " + among(f"coalesce({value}, '')", tuple(sorted(SAYS_SO))))
        elif field.kind is Kind.MONEY:
            claims.append(f"coalesce({value}, 0) >= 0")
    return " AND ".join(claims)
