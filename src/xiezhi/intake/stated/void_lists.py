"""What is said of all rows, or of those below a line: that they are void, sent back or an example.

It stands in the name of a sheet or file, in a title, or on a line of its own (以下为退回名单). Read like others, the rows would
count as paid, registered or bid. Whoever sends them says so row by row, where the contract has a column for it, or leaves them
out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath

from xiezhi.intake.receipts.delivered_again import return_columns
from xiezhi.intake.receipts.words import as_shown
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.words import Words

_EXAMPLES = "样表|样例|示例|范例|草稿|草表|试填"
_VOID = (
    "作 ?废|废弃|废止|勿用|不用|删除|剔除|取消资格|误[报登]|拟[享纳建任发补支].{0,10}|不予(?:发放|补贴|补助|通过)|不符合(?:条件)?"
    f"|{_EXAMPLES}"
)
_NOT_PAID = (
    "[未待](?:发放?|支付|结算)|不发放?|暂缓发放?|拒[发付]|(?:暂?停)发放?|预发|撤销结算|追[回缴]|退 ?回|退件|退款|退费|退票|退库"
    "|未到账|应发未发|(?:打卡|发放|支付|汇款|代发|结算)(?:失败|不成功)"
)
_LISTS = "名单|清单|明细表?|表|人员|数据|记录|部分|情况|对象|户|工资|的|行|人|款"


def void_words(*, paid: bool) -> str:
    """Texts that may say so; `paid`: those of payments. RE2 reads it, too.

    Contracts and deposits come back in the ordinary course, and a list of benefits that ended says when.
    """
    states = f"{_VOID}|{_NOT_PAID}" if paid else _VOID
    return rf"^\s*.{{0,20}}(?:{states})(?:{_LISTS}){{0,3}}\s*(?:[(（][^()（）]{{0,10}}[)）])?\s*[)）\]】]?\s*[:：。]?\s*$"


_WITHOUT = re.compile(
    rf"(?:剔除|扣除|不含|不包括|除去|去除|去掉|排除|无|没有|非)[^{{}}]{{0,6}}(?:{_VOID}|{_NOT_PAID})|[。;；,，]"
)
"""剔除退回 says that none are among them, and 退回 may follow a comma in a note: sentences are not understood here."""


def check_void_list(sheet: Sheet, paid: bool, says_so: Callable[[], bool], lines: Iterable[tuple[int, str]]) -> None:
    """Whether names, titles or `lines` (row and text of rows of one cell, with data below them) say that rows do not count.

    Raises RefusedDelivery `list_void`; not where the rows themselves say it (`says_so`), by a code of the contract's.
    """
    if return_columns(sheet.header) is not None:  # our own, of rows that went back
        return
    below = ((Words(zh=f"第 {row} 行", en=f"row {row}"), row, text) for row, text in lines)
    form = re.compile(void_words(paid=paid))
    for where, row, text in (*_names(sheet), *below):
        if form.match(text) and not _WITHOUT.search(text) and not says_so():
            member, words = sheet.sheet or sheet.member, as_shown(text.strip())
            raise refuse("list_void", sheet.file, member=member, row=row, where=where.zh, where_en=where.en, said=words)


def _names(sheet: Sheet) -> Iterator[tuple[Words, int | None, str]]:
    """The names of sheet, file and member, and the titles. A form that is filled in is often still called 样表 in its title."""
    yield Words(zh="工作表名", en="the sheet's name"), None, sheet.sheet or ""
    for name in (sheet.file, sheet.member):
        yield Words(zh="文件名", en="the file's name"), None, PurePath(str(name or "")).stem
    filled = [{cell.strip() for cell in cells if cell and cell.strip()} for cells in sheet.title_rows]
    titles = [(row, cells.pop()) for row, cells in enumerate(filled, start=1) if len(cells) == 1]
    yield from ((Words(zh=f"第 {row} 行", en=f"row {row}"), row, text) for row, text in titles if not re.search(_EXAMPLES, text))
