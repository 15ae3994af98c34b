"""Units as people write them: 万元, (单位:千元), 人民币百万元, RMB'000, 元/公斤; and what looks like one but cannot be used.

A text is read whole or not at all: 美元 ends in 元 and 千元 does too, so a search for 元 takes both for yuan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xiezhi.contracts.kinds import FEN_PLACES, MONEY_UNITS, Unit


class UnitFault(StrEnum):
    """Why what is said of a unit cannot be used."""

    FOREIGN = "foreign"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StatedUnit:
    """What a text says of its unit: one that we know, the name of another (斤, 亩), or why it cannot be used.

    `per` is what one such unit is for (元/公斤 → 公斤, 元/月 → 月); `text` is what was read, as it was written.
    """

    text: str
    unit: Unit | None = None
    other: str | None = None
    per: str | None = None
    fault: UnitFault | None = None

    @property
    def money(self) -> bool:
        """Whether money is meant, in a unit that is known or in one that is not."""
        return self.unit in MONEY_UNITS or self.fault is not None


_CHINESE = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "亿": 8}
_ENGLISH = {
    "tenthousand": 4, "tenthousands": 4, "10thousand": 4, "10k": 4, "wan": 4, "10000": 4,
    "hundredmillion": 8, "100million": 8, "yi": 8,
    "hundredthousand": 5, "100thousand": 5, "tenmillion": 7, "10million": 7, "million": 6, "millions": 6, "mn": 6, "1000000": 6,
    "hundred": 2, "hundreds": 2, "100": 2, "thousand": 3, "thousands": 3, "'000": 3, "000": 3, "000's": 3, "000s": 3, "1000": 3,
    "billion": 9, "billions": 9, "1": 0,
}  # fmt: skip
_BY_PLACES = {places: unit for unit, places in FEN_PLACES.items() if unit is not Unit.MAJOR}
_SMALL = {"分": Unit.FEN, "角": Unit.JIAO, "毛": Unit.JIAO, "fen": Unit.FEN, "jiao": Unit.JIAO}

_OTHER = {
    "%": Unit.PERCENT, "百分比": Unit.PERCENT, "百分数": Unit.PERCENT, "percent": Unit.PERCENT, "pct": Unit.PERCENT,
    "公斤": Unit.KILOGRAM, "千克": Unit.KILOGRAM, "kg": Unit.KILOGRAM, "kgs": Unit.KILOGRAM, "kilogram": Unit.KILOGRAM,
    "kilograms": Unit.KILOGRAM,
}  # fmt: skip
_NAMED = frozenset({
    "‰", "千分比", "斤", "市斤", "两", "克", "吨", "g", "t", "毫克", "担", "升", "毫升", "l", "ml", "立方米", "方", "m3",
    "平方米", "平米", "m2", "平方", "亩", "公顷", "米", "m", "公里", "千米", "km", "人", "户", "人次", "人数", "户数", "次",
    "个", "件", "张", "份", "项", "笔", "名", "家", "套", "台", "台套", "辆", "头", "只", "箱", "袋", "瓶", "桶", "包", "盒",
    "处", "座", "条", "本", "岁", "周岁", "年", "月", "日", "天", "小时", "学时", "工日", "度", "元月", "万人", "万户", "万亩",
    "户次", "人月", "季", "季度", "半年", "学期", "学年",
})  # fmt: skip

CURRENCY = "人民币"
"""What is said of a currency without a unit (RMB, 人民币) comes to: `other` of a StatedUnit."""

_YUAN = "元|圆|块|块钱|yuan|rmb|cny|人民币|人民币元|¥|yuanrmb|rmbyuan|cnyyuan|yuancny"
_CHINA = "(?:人民币|rmb|cny|¥)"
_TIMES_ZH = "[十拾百佰千仟]?[万亿]{1,2}|[十拾百佰千仟]"
_TIMES_EN = "|".join(map(re.escape, _ENGLISH))
_MONEY = (
    re.compile(rf"{_CHINA}?[:]?(?P<times>{_TIMES_ZH}|{_TIMES_EN})?(?:of)?[:]?(?:{_YUAN})(?:整)?(?:人民币)?"),
    re.compile(rf"{_CHINA}[:]?(?P<times>{_TIMES_ZH}|{_TIMES_EN})"),
    re.compile(rf"(?:yuan|rmb|cny)(?:in)?(?P<times>{_TIMES_EN})"),
    re.compile(rf"{_CHINA}?[:]?(?P<small>分|角|毛|fen|jiao)(?:人民币)?"),
)
_THOUSANDS_ALONE = re.compile("[百千万亿]{1,2}")
_BARE = re.compile(rf"(?P<times>{_TIMES_ZH}|{_TIMES_EN})")

_FOREIGN_ZH = (
    "(?:美|欧|港|日|英|韩|澳|澳门|澳大利亚|加|加拿大|新|新加坡|新西兰|纽|台|新台|瑞士)(?:元|币|圆|镑|法郎)"
    "|美金|英镑|卢布|卢比|泰铢|法郎|马克|比索|克朗|韩圜|外币|原币|本外币"
)
_CODES = "usd|eur|hkd|jpy|gbp|aud|cad|sgd|twd|ntd|krw|rub|inr|thb|chf|mop|nzd|vnd|myr|idr|php|brl|mxn|uah|zar|sek|nok|dkk|kzt|mnt"
_FOREIGN_EN = rf"{_CODES}|(?:us|hk|nt|au|ca|sg)?\$|€|£|(?:us|hongkong)?dollars?|euros?|pounds?|yen|won|roubles?|rubles?"
_FOREIGN = re.compile(rf"(?:{_TIMES_ZH}|{_TIMES_EN})?(?:{_FOREIGN_ZH}|{_FOREIGN_EN})(?:{_TIMES_ZH}|{_TIMES_EN})?")

_SUSPECT = re.compile(
    rf"(?<![单公多状])[元圆](?![旦宵月件素])|人民币|rmb|yuan|{_FOREIGN_ZH}|[\$€£¥]"
    rf"|cny|(?<![a-z])[km]?(?:{_CODES})[km]?(?![a-z])|^(?:{_TIMES_ZH}|[kw]|仟|mio)$|thousand|million|billion|'000"
)
"""What only a unit of money looks like. Where it cannot be read, money is not read."""

_LABEL = re.compile(
    r"^(?:本表|表内)?(?:计量|金额|货币|计价|计算|数据)?单位(?:均)?\s*[:为是]?"
    r"|^(?:币种|币别|货币|金额|数额|units?|currency|(?:all )?(?:amounts?|figures)(?: are)?|expressed)\s*(?:[:为是]|$|(?=[^\w]))"
    r"|^(?:均以|均按|以|按|in(?![a-z])|units? of)"
)
_AROUND = re.compile(r"(?:为计量单位|为单位|计价|计算|单位|计)$")
_WORDS_FOR = {"100": "百", "1000": "千", "10000": "万", "1000000": "百万"}
_IN_FIGURES = re.compile(r"(?<!\d)(?:100|1000|10000|1000000)(?=[元圆])")
"""What a unit's number is in words."""

_AMOUNT = re.compile(r"\d+[元圆]")
"""What a title in brackets has for an amount: 高龄津贴(100元/月)."""

_SEPARATE = re.compile("元?角[、,]?分|元[、,]?角")
"""Columns of a form in which each digit has its place."""

_APART = " _-/:,(["
_BEHIND = re.compile(r"^(?:单位|unit)\s*:?\s*|^in\s+")
_SIMPLIFIED = str.maketrans("圓円萬億幣塊鎊單", "圆圆万亿币块镑单")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_PARTS = re.compile(r"[、,;|()\[\]【】]|和|及|或|&|\band\b|\bor\b")
_PER_EN = re.compile(r" per (?!cent\b)")
"""Read before blanks are left out: no word ends without them."""

_PER = re.compile(r"/|每(?=[\u4e00-\u9fff])")


def read_unit(text: str, *, bare: bool = True, whole: bool = False, labelled: bool = False) -> StatedUnit | None:
    """The unit that a text names; None where it names none.

    Several units of money in one text (元、角、分) are MIXED, what looks like money and cannot be read is UNKNOWN. With
    `bare`, a number word alone (万, thousands) is one of yuan. With `whole`, every part must be a unit. 100元 is a unit where a
    label says so (单位:100元), in the text or, with `labelled`, before it; else it is an amount or a rate, and UNKNOWN.
    """
    plain = _plain(text)
    said = _spaced(_unlabelled(plain))
    if labelled or said != _spaced(plain):
        said = _IN_FIGURES.sub(lambda found: _WORDS_FOR[found[0]], said)
    if not said:
        return None
    one = _one(said.replace(" ", ""), bare)
    if one:
        return _as_written(one, text)
    parts = [part.strip() for part in _PARTS.split(said) if part.strip()]
    if whole and not all(_one(part.replace(" ", ""), bare) for part in parts):
        return None
    found = [one for part in parts for one in _part(part, bare)]
    if not found and _SUSPECT.search(said):
        return StatedUnit(text.strip(), fault=UnitFault.UNKNOWN)
    together = agreed(found)
    return _as_written(together, text) if together else None


def money_among(text: str) -> StatedUnit | None:
    """The unit of money that one of the words in a text is (含税,万元), or that the text is; None where none is.

    万 and 千 alone are of yuan; 十 is rather the number of an annex.
    """
    said = _spaced(_unlabelled(_plain(text)))
    if _THOUSANDS_ALONE.fullmatch(said):
        return read_unit(text)
    parts = [part.strip() for part in re.split(f"{_PARTS.pattern}|:", said) if not _AMOUNT.match(part.strip())]
    words = {word for part in parts for word in (part.replace(" ", ""), *part.split())}
    together = agreed(one for word in sorted(words) if (one := _one(word, bare=False)) and one.money)
    return _as_written(together, text) if together else None


def agreed(found: Iterable[StatedUnit]) -> StatedUnit | None:
    """What several statements in one place come to: money goes before weights and counts; two units of money are MIXED."""
    said = list(found)
    money = [one for one in said if one.money]
    faulty = next((one for one in money if one.fault), None)
    if faulty or not money:
        return faulty or next(iter(said), None)
    if len({(one.unit, one.per) for one in money}) > 1:
        return StatedUnit("、".join(one.text for one in money), fault=UnitFault.MIXED)
    return money[0]


def trailing_unit(name: str) -> tuple[str, StatedUnit] | None:
    """A column's name without the unit written behind it (补贴金额万元, 金额/千元, amount_usd), and that unit; else None."""
    text = _plain(name)
    for at in range(1, len(text)):
        rest = text[at:].lstrip(_APART)
        if not rest or (rest == text[at:] and not _may_begin(text, at)):
            continue
        apart = rest != text[at:]
        found = _one(_spaced(_BEHIND.sub("", rest)).replace(" ", ""), bare=apart or rest in ("万", "亿"))
        if found and (apart or found.money or found.unit):
            return text[:at].rstrip(_APART), _as_written(found, rest)
    return None


def _may_begin(text: str, at: int) -> bool:
    """Chinese runs on without blanks; a Latin word begins behind something else."""
    return not (text[at].isascii() and text[at - 1].isascii() and text[at - 1].isalnum())


def _part(part: str, bare: bool) -> list[StatedUnit]:
    """The units of one part: read whole, or word by word (含税 万元)."""
    whole = _one(part.replace(" ", ""), bare)
    if whole:
        return [whole]
    words = [one for word in part.split() if (one := _one(_unlabelled(word), bare))]
    if not words and _SUSPECT.search(part):
        return [StatedUnit(part, fault=UnitFault.UNKNOWN)]
    return words


def _one(text: str, bare: bool) -> StatedUnit | None:
    """One unit with what it is for; a text without blanks."""
    unit, *per = _PER.split(text)
    for_each = "/".join(_canonical(one) for one in per) or None
    if not unit or (per and not all(per)):
        return None
    if _SEPARATE.fullmatch(unit):
        return StatedUnit(text, fault=UnitFault.MIXED)
    if unit in _OTHER:
        return StatedUnit(text, unit=_OTHER[unit], per=for_each)
    if unit in _NAMED:
        return StatedUnit(text, other=unit, per=for_each)
    if re.fullmatch(_CHINA, unit):
        return StatedUnit(text, other=CURRENCY, per=for_each)
    if _FOREIGN.fullmatch(unit):
        return StatedUnit(text, fault=UnitFault.FOREIGN)
    matched = next((found for form in _MONEY if (found := form.fullmatch(unit))), None)
    if not matched and not (bare and (matched := _BARE.fullmatch(unit))):
        return None
    return _money(text, matched, for_each)


def _money(text: str, matched: re.Match[str], per: str | None) -> StatedUnit:
    groups = matched.groupdict()
    if groups.get("small"):
        return StatedUnit(text, unit=_SMALL[groups["small"]], per=per)
    times = groups.get("times") or ""
    if times in _WORDS_FOR:
        return StatedUnit(text, fault=UnitFault.UNKNOWN)
    unit = _BY_PLACES.get(2 + _places(times))
    return StatedUnit(text, unit=unit, per=per) if unit else StatedUnit(text, fault=UnitFault.UNKNOWN)


def _places(times: str) -> int:
    return _ENGLISH[times] if times in _ENGLISH else sum(_CHINESE[one] for one in times)


def _canonical(per: str) -> str:
    """公斤 for 千克 and kg, 月 for month; anything else as it is."""
    known = _OTHER.get(per)
    return known.value if known else {"month": "月", "person": "人", "year": "年", "mu": "亩", "household": "户"}.get(per, per)


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED).casefold()
    return re.sub(r"\s+", " ", narrow).strip(" :。.()[]【】〔〕{}<>《》")


def _spaced(text: str) -> str:
    return _PER_EN.sub("/", re.sub(r"\s+", " ", _THOUSANDS.sub("", text))).strip(" :。.()[]【】〔〕{}<>《》")


def _unlabelled(text: str) -> str:
    """Without 单位:, in, 以…计 and their like."""
    while True:
        shorter = _AROUND.sub("", _LABEL.sub("", text, count=1).strip(" :([【")).strip() if text else ""
        if shorter == text or not shorter:
            return shorter
        text = shorter


def _as_written(one: StatedUnit, text: str) -> StatedUnit:
    return StatedUnit(text.strip(), one.unit, one.other, one.per, one.fault)
