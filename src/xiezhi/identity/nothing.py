"""What is written where there is nothing to write. It is no value: two firms that left nothing have nothing in common."""

from __future__ import annotations

import re

from xiezhi.identity.cleaning import bare, bare_sql, half_width, half_width_sql, text_sql
from xiezhi.identity.expressions import GradingSql, matches, one_of
from xiezhi.identity.graded import Graded
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.no_values import DATABASE_NULLS, DITTO, ERRORS

PLACEHOLDER = "placeholder"
"""The grade of such a value."""

WORDS = (
    "无", "(无)", "暂无", "没有", "未有", "不详", "未知", "未填", "未提供", "不适用", "待补", "待补充", "待核实", "待定", "空",
    "(空)", "空白", "保密", "略", "无账号", "无帐号", "无账户", "无银行账号", "无卡号", "无卡", "无电话", "无手机", "无地址",
    "无车牌", "无证", "无身份证", "无代码", "无名氏", "N/A", "NA", "UNKNOWN", "TBD", "TEST", "测试",
    *DATABASE_NULLS, *ERRORS, *DITTO,
)  # fmt: skip
"""In half width and upper case. 同上 means the row above, which nobody can be joined by."""

NAMELESS = (
    "户主", "户主本人", "同户主", "本人", "匿名", "佚名", "姓名",
    "合计", "小计", "总计", "共计", "累计", "等", "等人",
    "配偶", "家属", "父亲", "母亲", "丈夫", "妻子", "儿子", "女儿", "长子", "次子", "长女", "次女",
    "五保户", "低保户", "贫困户", "脱贫户", "困难户", "村民", "农户", "群众", "某人", "无名", "新生儿", "待查", "查无此人",
    "作废", "见附件", "详见附件", "不清楚", "已领", "现金", "其他", "制表人", "收款人", "序号", "备注", "签字", "审核", "会计",
    "出纳", "公司", "单位", "个人",
    "本页小计", "本页合计", "死者", "死亡", "已故", "去世", "注销", "退回", "婴儿", "儿媳", "岳父", "岳母",
    "企业名称", "有限公司", "投标人", "中标人", "废标", "流标", "联合体", "同法人", "委托代理人", "业务员", "项目经理",
    "无授权", "未委托", "见授权书", "授权委托人", "委托人", "代理公司", "法定代表", "同法定代表人", "同上法人",
    "临时工", "保安", "保洁", "保洁员", "厨师", "工人", "员工", "职工", "教师", "干部", "党员", "护工", "村干部", "居民", "社员",
    "用户", "客户", "退回名单", "作废名单",
    "TRUE", "FALSE", "ADMIN", "XXX", "AAA",
    "负责人", "法人", "法定代表人", "经办人", "领款人", "代领", "代领人", "监护人",
)  # fmt: skip
"""What is written in a column of names for somebody who is not named: whose 户主 is that? And what is typed to fill it (XXX)."""

MARKS = r"-/\\.?*_~=+"
"""A text of nothing but these says nothing, however long it is; dashes of other kinds are added below."""

NUMBERED = (IdentityKind.PHONE, IdentityKind.BANK_ACCOUNT, IdentityKind.CREDIT_CODE)
"""Kinds whose numbers are long: one digit repeated, or digits counted up or down, were typed to fill the cell.

Not party ids: a publisher may well number its suppliers 1, 2, 3.
"""

_UP, _DOWN = "1234567890" * 4, "9876543210" * 4
_LEAST = 6

_ONLY_MARKS = f"[{MARKS}—－–…·、。，．]+"
_REPEATED = "|".join(f"{digit}+" for digit in range(10))


def is_nothing(kind: IdentityKind, text: str) -> bool:
    """Whether a delivered text of the kind says that there is nothing."""
    return says_nothing(kind, half_width(bare(text)).upper())


def says_nothing(kind: IdentityKind, said: str) -> bool:
    """The same of a text that is bare, in half width and upper case."""
    if not said:
        return False
    if said in _words(kind) or re.fullmatch(_ONLY_MARKS, said):
        return True
    return kind in NUMBERED and (bool(re.fullmatch(_REPEATED, said)) or (len(said) >= _LEAST and (said in _UP or said in _DOWN)))


def nothing_sql(kind: IdentityKind, said: str) -> str:
    """The same as a condition over a bare text in half width and upper case."""
    tests = [one_of(said, _words(kind)), matches(said, _ONLY_MARKS)]
    if kind in NUMBERED:
        runs = " OR ".join(f"contains({text_sql(run)}, {said})" for run in (_UP, _DOWN))
        tests += [matches(said, _REPEATED), f"(length({said}) >= {_LEAST} AND ({runs}))"]
    return f"({' OR '.join(tests)})"


def _words(kind: IdentityKind) -> tuple[str, ...]:
    return (*WORDS, *NAMELESS) if kind is IdentityKind.NAME else WORDS


def graded_nothing(kind: IdentityKind, text: str | None) -> Graded | None:
    """The verdict on a text that says nothing; None on any other."""
    return Graded(None, PLACEHOLDER, None) if text and is_nothing(kind, text) else None


def unless_nothing(kind: IdentityKind, raw: str, found: GradingSql) -> GradingSql:
    """A kind's grading, asked only of texts that say something. What is plain is bare and in half width already."""
    said = f"upper({half_width_sql(bare_sql(raw))})"
    nothing = f"({raw} IS NOT NULL AND {nothing_sql(kind, said)})"
    return GradingSql(
        value=f"CASE WHEN {nothing} THEN NULL ELSE {found.value} END",
        grade=f"CASE WHEN {nothing} THEN '{PLACEHOLDER}' ELSE {found.grade} END",
        repairs=f"CASE WHEN {nothing} THEN NULL ELSE {found.repairs} END",
        plain=f"(CASE WHEN {found.plain} THEN NOT {nothing_sql(kind, f'upper({raw})')} ELSE false END)",
    )
