"""Names of people and organisations: one spelling for what clerks write in many, and how well two spellings agree."""

from __future__ import annotations

import re

from xiezhi.identity.characters import COMMON, IN_OTHER_FORM, SIMPLIFIED
from xiezhi.identity.cleaning import half_width, half_width_sql, spaced_out, spaced_out_sql, text_sql, trimmed, trimmed_sql
from xiezhi.identity.expressions import (
    EMPTY,
    GradingSql,
    accept,
    cases,
    contains_match,
    graded,
    let,
    let_all,
    matches,
    refuse,
    repair_words,
    untouched,
)
from xiezhi.identity.kinds import Graded, IdentityKind
from xiezhi.identity.no_name import DOUBTFUL, MALFORMED, SEVERAL, hidden, listed, malformed_sql, no_name, several_sql
from xiezhi.identity.nothing import PLACEHOLDER, nothing_sql, says_nothing

HAN = "㐀-䶿一-鿿豈-龎𠀀-𲎯〇々"
"""Chinese characters, the rare ones outside the first plane included, as a character class."""

_HIDING = "?？�□*＊×✕✖○◯△▲■█◇"
_LATIN_MISREAD = "[À-ÿ][\u0080-\u009f\u00a1-\u00b6\u00b8-\u00bf‚-›€™Œœ…†‡ˆ‰Š‹ŽžŸ]"
UNREADABLE = f"[{_HIDING}\ue000-\uf8ff\U000f0000-\U0010fffd]|锟斤拷|{_LATIN_MISREAD}"
"""What remains of a rare character in a narrower encoding, private-use code points, marks over a hidden character, and text that
was read in another encoding than it was written in."""

DOTS = "•・∙⋅‧･●▪"
"""What is typed for the middle dot between the parts of a name; a full stop counts only between Chinese characters."""

TITLE = r"[(\[【〔〈{][^()\[\]【】〔〕〈〉{}]*[)\]】〕〉}]"
"""A remark in brackets at the end, after half-width forms: 张三(户主)."""

PART_OF_NAME = "合伙|公司|有限|股份|集团|独资|个体|分店|分部|分公司"
"""Words in brackets that belong to an organisation's registered name."""

DOT_SPACED = rf" *([·{DOTS}]) *"
FULL_STOP = rf"([{HAN}]) ?[.。] ?([{HAN}])"
BETWEEN_HAN = rf"([{HAN}]) ([{HAN}])"

LINE_END = "[\n\r][ \t\n\r]*"
"""Blanks inside a name pad it; a line of its own has the next person, unless these are the lines of an organisation's name."""

_FORM = r"(?:\([^()]+\)|集团|控股|股份|有限|责任|公司)+"
"""The corporate form after what a firm does: (集团)股份有限公司."""

_COMPANY = rf"{_FORM}(?:[^司]{{0,20}}(?:[分支]公司|办事处|代表处|营业部|业务部))*"
_COUNTERS = "(?:[^公路街巷里弄][^公]{0,20})?(?:支行|分行|分社|分理处|储蓄所|营业所)"
_PURSE = "(?:投标|履约|招标|交易|代收|代缴|结算|专用|监管|托管)*(?:保证金)?(?:代收|结算|监管|专用)*(?:专户|账户|帐户|户|保证金)?"
"""What an account is for, after whose it is: 投标保证金专户."""

_UNIT = (
    "公司|集团|厂|中心|合作社|商行|工程队|建筑队|事务所|研究院|设计院|医院|学校|大学|仓库|"
    "经营部|经销部|门市|商店|工作室|协会|委员会|政府|[局厅处部站社场店]$"
)

HOLDERS = {
    "担保": rf"(?:担保|增信|保函)(?:服务|投资|管理|互助|基金|平台|中心|机构|协会)*(?:{_COMPANY})?{_PURSE}$",
    "保险": rf"(?:保险|财险|产险|寿险)(?:{_COMPANY}|(?:[^司柜箱丝杠带粉绳套][^司]{{0,12}})?[分支]公司)?{_PURSE}$",
    "银行": rf"(?:银行|农商行|农信社|信用社|信用合作社|信用(?:合作)?联社|信用(?:合作)?联合社)(?:{_COMPANY})?(?:{_COUNTERS})*"
    rf"(?:营业[部室厅])?{_PURSE}$|(?:支行|分行)(?:营业[部室厅])?{_PURSE}$",
    "交易平台": "(?:公共资源交易"
    r"|(?:资源|工程|产权|股权|要素|土地|采购|招标|[投招]标)[^司]{0,4}交易(?:服务|管理)?(?:中心|所)|[省市州盟区县旗镇乡]交易中心"
    r"|招标?投标(?:服务|交易)?中心|采购中心|结算中心|财政[局厅部所]?|财政[^司]{0,12}(?:支付|收付|结算|核算)[^司]{0,4}中心)"
    rf"(?:服务|管理)?(?:平台|中心|[局所委])?(?:{_COMPANY})?(?:[^司]{{0,12}}(?:分中心|分局|办事处))?{_PURSE}$",
    "单位": rf"{_UNIT}|.{{3}}行$",
}
"""What a name on an account says of whose it is, in this order; a shorter one without any of these words is a person's.

Whose trade it is to pay deposits tells the end of the name, with branch and kind of account: a firm in 银行路, a maker of
保险柜 and one that furnishes a 交易中心 only have the word in theirs. 行 ends given names too (王知行).
"""

_NO_LISTS = "担保|保函|增信|保险|银行|信用社|信用联社|农商行|公共资源交易|交易中心|交易所|采购中心|结算中心|财政"
"""Words anywhere in a name that make it an organisation's, whatever its trade: it is no list of persons."""

_TRADE = "|".join((_NO_LISTS, _UNIT, "行$", PART_OF_NAME, "联合体"))
_LISTED = listed(HAN, TITLE)
_HIDDEN = hidden(HAN)

_SIMPLIFY = str.maketrans("".join(SIMPLIFIED), "".join(SIMPLIFIED.values()))
_COMMON = str.maketrans("".join(COMMON), "".join(COMMON.values()))


def normal_name(text: str | None) -> Graded:
    """Grade and normalise one delivered name."""
    ends = trimmed(text or "")
    if not ends:
        return Graded(None, None, None)
    if re.search(UNREADABLE, ends) or re.fullmatch(_HIDDEN, half_width(ends)):
        return Graded(None, "name_unreadable", None)
    if _in_lines(ends):
        return Graded(None, SEVERAL, None)
    single = spaced_out(ends)
    halved = half_width(single)
    common = halved.translate(_COMMON)
    plain = _without_title(common)
    dotted = _with_dots(plain)
    closed = _closed(dotted)
    value = closed.translate(_SIMPLIFY)
    fault = _no_name(common, value)
    if fault:
        return Graded(None, fault, None)
    steps = {
        "trimmed": ends != text,
        "half_width": halved != single,
        "common_form": common != halved,
        "name_title": plain != common,
        "name_dot": dotted != plain,
        "name_spacing": single != ends or closed != dotted,
        "traditional": value != closed,
    }
    repairs = ";".join(word for word, done in steps.items() if done) or None
    return Graded(value, "repaired" if repairs else "sound", repairs)


def grading(raw: str) -> GradingSql:
    """Value, grade and repairs of a column of delivered names. A few Chinese characters, all simplified, are sound at once."""
    spoilt = f"[{''.join(SIMPLIFIED)}]|{DOUBTFUL}"
    sound = f"{matches(raw, '[一-鿿]{2,24}')} AND NOT {contains_match(raw, spoilt)}"
    return graded(cases((sound, untouched(raw)), (f"{raw} IS NULL OR {raw} = ''", EMPTY), otherwise=_spoilt(raw)), sound)


def agreement(one: str, other: str) -> str:
    """`same`, `close` or `different` for two normalised names; NULL where either is.

    Close: one character more, less or other in names of three and more (in a name of two it would be the half of it), or one
    is a part of the other before or after a middle dot (阿依古丽 and 阿依古丽·买买提).
    """
    part = " OR ".join(
        f"starts_with({long}, {short} || '·') OR ends_with({long}, '·' || {short})"
        for long, short in ((one, other), (other, one))
    )
    return cases(
        (f"{one} = {other}", "'same'"),
        (f"{one} IS NULL OR {other} IS NULL", "CAST(NULL AS VARCHAR)"),
        (f"{part} OR {_one_edit(one, other)}", "'close'"),
        otherwise="'different'",
    )


def holder(name: str) -> str:
    """Whose a normalised name is: one of HOLDERS, `个人` for two to four characters or a name with a dot, else `不明`."""
    trades = [(contains_match(name, words), text_sql(kind)) for kind, words in HOLDERS.items()]
    person = matches(name, f"[{HAN}]{{2,4}}|[{HAN}]+·[{HAN}·]+")
    return cases((f"{name} IS NULL", "NULL"), *trades, (person, "'个人'"), otherwise="'不明'")


def _one_edit(one: str, other: str) -> str:
    """Levenshtein distance 1 in characters (DuckDB's own counts bytes): cut at the first place where it may be, tails agree."""
    here = f"left({one}, i) = left({other}, i)"
    tails = " OR ".join(f"substring({one}, i + {a}) = substring({other}, i + {b})" for a, b in ((2, 2), (2, 1), (1, 2)))
    places = f"range(0, greatest(length({one}), length({other})))"
    near = f"list_bool_or(list_transform({places}, lambda i: {here} AND ({tails})))"
    return f"(abs(length({one}) - length({other})) <= 1 AND greatest(length({one}), length({other})) >= 3 AND {near})"


def _no_name(common: str, value: str) -> str | None:
    """The grade of what is nobody's name, with its remark in brackets (张三(等3人)) or without: 户主(本人)."""
    if says_nothing(IdentityKind.NAME, value.upper()):
        return PLACEHOLDER
    found = {no_name(name, HAN, _LISTED, _TRADE) for name in (common, value)}
    return SEVERAL if SEVERAL in found else MALFORMED if found - {None} else None


def _in_lines(ends: str) -> bool:
    parted = half_width(spaced_out(re.sub(LINE_END, "/", ends)))
    return bool(re.search(LINE_END, ends)) and no_name(parted, HAN, _LISTED, _TRADE) == SEVERAL


def _without_title(name: str) -> str:
    found = re.fullmatch(rf"([{HAN}·{DOTS} .]{{2,}}?) ?({TITLE})", name)
    return found[1] if found and not re.search(PART_OF_NAME, found[2]) else name


def _with_dots(name: str) -> str:
    """Full stops twice, since matches may not overlap: 阿.买.提."""
    dotted = re.sub(FULL_STOP, r"\1·\2", re.sub(f"[{DOTS}]", "·", name))
    return re.sub(FULL_STOP, r"\1·\2", dotted)


def _closed(name: str) -> str:
    """Without spaces around dots and between Chinese characters; twice, since matches may not overlap."""
    close = re.sub(DOT_SPACED, r"\1", name)
    return re.sub(BETWEEN_HAN, r"\1\2", re.sub(BETWEEN_HAN, r"\1\2", close))


def _spoilt(raw: str) -> str:
    """The slow way. Here regular expressions inside one another cost less than naming each step."""
    ends = trimmed_sql(raw)
    single = spaced_out_sql(ends)
    halved = half_width_sql(single)
    seen = f"{{'ends': {ends}, 'single': {single}, 'halved': {halved}}}"
    dotted = f"regexp_replace(plain, '[{DOTS}]', '·', 'g')"
    for _ in range(2):
        dotted = rf"regexp_replace({dotted}, '{FULL_STOP}', '\1·\2', 'g')"
    simple = f"translate(closed, {text_sql(''.join(SIMPLIFIED))}, {text_sql(''.join(SIMPLIFIED.values()))})"
    repairs = repair_words(
        (f"seen.ends <> {raw}", "trimmed"),
        ("seen.halved <> seen.single", "half_width"),
        ("common <> seen.halved", "common_form"),
        ("plain <> common", "name_title"),
        ("dotted <> plain", "name_dot"),
        ("seen.single <> seen.ends OR closed <> dotted", "name_spacing"),
        ("simple <> closed", "traditional"),
    )
    several = " OR ".join(several_sql(name, _LISTED, _TRADE) for name in ("common", "simple"))
    outcome = cases(
        (nothing_sql(IdentityKind.NAME, "upper(simple)"), refuse(PLACEHOLDER)),
        (several, refuse(SEVERAL)),
        (" OR ".join(malformed_sql(name, HAN, _TRADE) for name in ("common", "simple")), refuse(MALFORMED)),
        otherwise=accept("simple", repairs),
    )
    verdict = let("simple", simple, outcome)
    names = {"seen": seen, "common": _common_sql("seen.halved"), "plain": _title_sql("common"), "dotted": dotted}
    steps = let_all(names | {"closed": _closed_sql("dotted")}, verdict)
    unreadable = f"{contains_match(ends, UNREADABLE)} OR {matches(half_width_sql(ends), _HIDDEN)}"
    return cases(
        (f"{ends} = ''", EMPTY),
        (unreadable, refuse("name_unreadable")),
        (_in_lines_sql(ends), refuse(SEVERAL)),
        otherwise=steps,
    )


def _in_lines_sql(ends: str) -> str:
    parted = half_width_sql(spaced_out_sql(f"regexp_replace({ends}, '{LINE_END}', '/', 'g')"))
    return f"{contains_match(ends, LINE_END)} AND {several_sql(parted, _LISTED, _TRADE)}"


def _common_sql(name: str) -> str:
    common = f"translate({name}, {text_sql(''.join(COMMON))}, {text_sql(''.join(COMMON.values()))})"
    return cases((contains_match(name, IN_OTHER_FORM), common), otherwise=name)


def _title_sql(halved: str) -> str:
    titled = matches(halved, rf"[{HAN}·{DOTS} .]{{2,}} ?{TITLE}")
    kept = contains_match(f"regexp_extract({halved}, '{TITLE}$')", PART_OF_NAME)
    return cases((f"{titled} AND NOT {kept}", f"regexp_replace({halved}, ' ?{TITLE}$', '')"), otherwise=halved)


def _closed_sql(name: str) -> str:
    close = rf"regexp_replace({name}, '{DOT_SPACED}', '\1', 'g')"
    for _ in range(2):
        close = rf"regexp_replace({close}, '{BETWEEN_HAN}', '\1\2', 'g')"
    return close
