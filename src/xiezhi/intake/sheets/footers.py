"""Footers: what people write around a table that is no data: totals, who signed it, notes, page numbers.

They stand in the deliveries of every month. Nobody should mend them, so they are not set aside: they are left out, and named on
the receipt. A row is a footer only where every filled cell of it is explained as one; a row of which anything else is left over
is judged like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from xiezhi.intake.receipts.words import as_shown
from xiezhi.kernel.masking import by_shape


class FooterKind(StrEnum):
    """What a footer is, as words.LEFT_OUT spells it."""

    TOTAL = "footer_total"
    SIGNATURE = "footer_signature"
    NOTE = "footer_note"
    PAGE = "footer_page"
    HEADER = "footer_header"


@dataclass(frozen=True)
class Footer:
    """A footer and where it stands; `cells` as delivered."""

    row: int
    kind: FooterKind
    cells: tuple[str, ...]


_SUM = r"(?:合\s*计|总\s*计|小\s*计|累\s*计|共\s*计|总\s*合\s*计|总\s*[数额]|本\s*页\s*[合小]\s*计|本\s*[页月季年]\s*累?\s*计)"
_OF_WHAT = r"(?:数|金额|人数|户数|笔数)?\s*(?:[(（]?大写[)）]?)?"
_FIGURE = r"[:：]?\s*[(（]?[\d.,，元圆整￥¥人户条笔万 ]*[)）]?"
TOTAL = rf"^\s*(?:{_SUM}|(?i:grand total|sub-?total|total))\s*{_OF_WHAT}\s*{_FIGURE}\s*$"
"""What stands in the first filled cell of a total, alone or with a figure. A company 合计科技 is none. RE2 reads it, too."""

TOTAL_OF_A_PART = r"^\s*[一-鿿]{1,12}(?:合计|小计|总计)\s*[:：]?\s*$"
"""A total of one part: 栖萤村小计. A person may be called so; then other cells are no figures."""

_WHO = (
    r"(?:审核|审批|审签|审定|复核|核对|校对|制表|制单|填表|填报|填列|填写|编制|编报|经办|经手|负责|主管|分管|单位|部门|财务|领导|出纳|会计"
    r"|签字|签章|签名|盖章|公章|联系|报送|上报|报表|报出|打印|导出|制作|统计|生成|查询)"
)
_WHOSE = r"(?:单位|部门|机构|科室|负责|主管|领导|人|人员|员|日期|时间|电话|方式|签字|签章|签名|盖章|公章|意见)"
_BRACKET = r"(?:[(（][^()（）]{0,12}[)）])?"
_PAPERWORK = r"(?:审核|审批|复核|制表|制单|填表|填报|编制|经办)人|[一-鿿]{2,6}(?:签字|签章|签名|盖章|公章)"
"""Labels that need no colon: 会计 or 负责人 without one may be somebody's post."""
_OFFICE = r"[一-鿿]{0,8}(?:长|主任|书记|批|人|员)(?:签字|签名|签批|意见)?"
"""校长, 镇长, 村党支部书记签字, 验收人: whoever signs."""
SIGNATURE = rf"^\s*(?:(?:{_WHO}{_WHOSE}{{0,4}}|{_OFFICE})\s*{_BRACKET}\s*[:：]|(?:{_PAPERWORK})\s*$)"
_BARE_LABEL = rf"^\s*(?:(?:{_WHO}{_WHOSE}{{0,4}}|{_OFFICE})\s*{_BRACKET}\s*[:：]\s*|(?:{_PAPERWORK})\s*)$"
NOTE = r"^\s*(?:备\s*注|注|附\s*注|说\s*明|填[表报]说明|注意事项|声明)\s*\d{0,2}\s*[:：.、]"
NUMBERED_NOTE = r"^\s*[(（]?\d{1,2}\s*[)）.、．]\s*[^\d\s].*[一-鿿].{5,}$"
ASSURANCE = (
    r"^\s*[(（]?\s*(?:单位|部门|机构)?\s*(?:盖\s*章|公\s*章|签\s*章|签\s*字)\s*(?:处|栏)?\s*[)）]?\s*$"
    r"|^\s*(?:以上|上述|本表).{0,20}(?:真实|属实|无误|有效|准确).{0,10}$"
    r"|^\s*[(（]?\s*(?:金额)?\s*大\s*写\s*[)）]?\s*[:：].*$"
    r"|^\s*(?:公示期|公示时间|监督电话|举报电话|咨询电话|联系电话|总人数|总户数|总金额)\s*[:：].*$"
    r"|^\s*共\s*\d+\s*(?:人|户|条|笔|行|名|人次).{0,12}$"
)
"""Single cells below a table: （盖章）, 以上数据真实有效, 大写：叁佰陆拾元整, 共3人."""
SECTION = r"^\s*[(（]?[一二三四五六七八九十]{1,3}[)）]?\s*[、.．]\s*\S.{0,20}$"
"""A line that begins a part of the table: 一、东村."""
PAGE = (
    r"^\s*[-—–]*\s*(?:第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|共\s*\d+\s*页|\d+\s*/\s*\d+\s*页)\s*[-—–]*\s*$"
    r"|^\s*[(（]?\s*(?:以下空白|以下无正文|本页完|本表完|(?i:the end|end of (?:file|report)))\s*[)）]?\s*$"
)
EXAMPLE = r"^\s*[(（【\[]?\s*(?:填[写报表]?)?(?:示例|样例|范例|举例|例)\s*\d{0,2}\s*[)）】\]]?\s*(?:[:：].*)?$"
"""A row that a template came with, to show how it is filled in: nobody was paid by it."""

_DAY = r"^\s*(?:\d{2,4}|[〇零一二三四五六七八九十]{2,4})\s*年\s*.{1,3}\s*月(?:\s*.{1,3}\s*日)?\s*$"
FIRST_CELL = f"{TOTAL}|{TOTAL_OF_A_PART}|{SIGNATURE}|{NOTE}|{NUMBERED_NOTE}|{PAGE}|{EXAMPLE}|{ASSURANCE}|{SECTION}|{_DAY}"
"""What the first filled cell of a footer looks like: rows without it need no second look."""

BEGINNINGS = frozenset(
    "示样范举例(（【[村镇乡园院校局站所科户验采批党民农监咨大金一二三四五六七八九十合总小累共本审复核校制填编经负主分单部财领出会签盖公联报上打导生统查备注附说声第以tTgGsSeE-—"
)
"""First characters of footers (but of those that begin with a figure), for a reader in a hurry."""

NARROW = 2

_AMOUNT = re.compile(r"^[￥¥]?\s*[-+]?[\d,，]{1,15}(?:\.\d+)?\s*(?:元|圆|万元|人|户|条|笔|人次|户次|%|％)?$")
_IN_WORDS = re.compile(r"^[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿一二三四五六七八九十百千元圆角分整正\s]+$")
_NOTHING = re.compile(r"^[-—–/\\.*…]+$")
_TOTAL, _PART, _EXAMPLE = re.compile(TOTAL), re.compile(TOTAL_OF_A_PART), re.compile(EXAMPLE)
_SIGNATURE, _LABEL = re.compile(SIGNATURE), re.compile(_BARE_LABEL)
_NOTE, _PAGE, _DATE = re.compile(f"{NOTE}|{NUMBERED_NOTE}|{ASSURANCE}|{SECTION}"), re.compile(PAGE), re.compile(_DAY)


def footer_kind(cells: Sequence[str], width: int) -> FooterKind | None:
    """What a row is a footer of, by its cells in order; None: it is none, or not certainly one.

    `width`: columns of the table. Where there are one or two, a row of a single cell is a row like others, and only totals and
    signatures are told from it.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return None
    if _is_total(filled):
        return FooterKind.TOTAL
    if width > NARROW and all(map(_PAGE.match, filled)):
        return FooterKind.PAGE
    if width > NARROW and len(filled) == 1 and _NOTE.match(filled[0]):
        return FooterKind.NOTE
    return FooterKind.SIGNATURE if _is_signed(filled) else None


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row's first filled cell says 合计, 总计, 小计, 本页合计 or Total, whatever else stands in it."""
    return bool(_TOTAL.match(next((cell for cell in cells if cell.strip()), "")))


def is_example(cells: Sequence[str]) -> bool:
    """Whether a row's first filled cell says 示例, 样例 or 例:A001: the row of a template, whatever else stands in it."""
    return bool(_EXAMPLE.match(next((cell for cell in cells if cell.strip()), "")))


_LABELLED = re.compile(r"(?<=[:：])(\s*)([^\s:：]+)")


def as_masked(footer: Footer) -> str:
    """A footer's words as a receipt may repeat them: what a label names (审核人:李四) is masked as a cell would be."""
    cells = (as_shown(cell.strip()) for cell in footer.cells if cell.strip())
    return as_shown(_LABELLED.sub(lambda found: found[1] + by_shape(found[2]), " ".join(cells)))


def _is_total(filled: list[str]) -> bool:
    if _TOTAL.match(filled[0]):
        return _is_signed([cell for cell in filled if not (_TOTAL.match(cell) or _fits_a_total(cell))])
    figures = [cell for cell in filled[1:] if _AMOUNT.match(cell)]
    return bool(_PART.match(filled[0])) and bool(figures) and all(map(_fits_a_total, filled[1:]))


def _fits_a_total(cell: str) -> bool:
    return bool(_AMOUNT.match(cell) or _IN_WORDS.match(cell) or _NOTHING.match(cell))


def _is_signed(filled: list[str]) -> bool:
    """Every cell is a label (审核人:李四), or the name or day that follows a label without one."""
    waiting = False
    for cell in filled:
        if _LABEL.match(cell):
            waiting = True
        elif waiting or _SIGNATURE.match(cell) or _DATE.match(cell):
            waiting = False
        else:
            return False
    return True
