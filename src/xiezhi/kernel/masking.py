"""What may be shown of a personal value to one who has not revealed it. Pure functions; the length of a value is no secret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from xiezhi.kernel.surnames import DOUBLE, SINGLE

STAR = "*"


class MaskedKind(StrEnum):
    """The kinds of value that are masked, the vault's among them. Anything unknown is masked whole."""

    CITIZEN_ID = "citizen_id"
    PHONE = "phone"
    ACCOUNT = "account"
    NAME = "name"
    PLATE = "plate"
    ADDRESS = "address"
    EMAIL = "email"
    CREDIT_CODE = "credit_code"
    PARTY_ID = "party_id"
    BANK_ACCOUNT = "bank_account"
    VEHICLE_PLATE = "vehicle_plate"
    BIRTH_DATE = "birth_date"
    SECRET = "secret"


def masked(value: object, kind: str) -> str:
    """`value` as it may be shown. Empty stays empty: that something is missing is not a secret."""
    text = "" if value is None else str(value).strip()
    if not text:
        return ""
    return _BY_KIND.get(kind, _whole)(text)


BORN = re.compile(r"(?:^|_)birth_(?:date|day)$")


def discreet(column: str, value: object) -> object:
    """A value of the lake as it may stand beside a masked identity: days of birth lose month and day, all else stays."""
    return masked(value, MaskedKind.BIRTH_DATE) if value is not None and BORN.search(column) else value


_DIGITS = re.compile(r"(?<![0-9])(?<![0-9]\.)[0-9](?:[\W_]{0,3}[0-9]){9,}[Xx]?(?![0-9])(?!\.[0-9])")
"""Ten digits and more, whatever that is no letter stands between them."""
_FLOAT = re.compile(r"(?<![0-9.])1[3-9][0-9]{9}\.[0-9]+(?![0-9])")
"""A telephone number that a program took for a number."""
_DAY = r"(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}"
_MOMENT = re.compile(_DAY + r"(?: +[0-9]{1,2}(?::[0-9]{2}){0,2}(?:\.[0-9]{1,6})?(?: ?[+-][0-9]{2}(?::?[0-9]{2})?)?)?")
_DECIMAL = re.compile(r"[0-9]+[.][0-9]{1,6}")
"""An amount or a share; with more behind the point it is a number in a list (1.13911112222) or one that was taken apart."""
_GROUPED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9](?:,[0-9]{3}){3})(?:\.[0-9]{1,4})?")
"""An amount with its thousands, up to ten digits: eleven are a telephone number that a spreadsheet took for one."""
_SPELT = re.compile("[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{10,}")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""
_MIXED = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])[0-9A-Za-z]{15,20}(?![0-9A-Za-z])")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Za-z][·.\- ]?[0-9A-Za-z]{4,6}(?![0-9A-Za-z])")
_EMAIL = re.compile(r"(?<![0-9A-Za-z._%+\-])[0-9A-Za-z._%+\-]{1,64}@[0-9A-Za-z.\-]+")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}[0-9]{7,9}(?![0-9A-Za-z])")
_DWELLING = re.compile(r"^.*(?:村|路|街|巷|弄|组|小区|号|栋|幢|单元|室|苑|园).*$")
_HAN = "[\u4e00-\u9fff〇]"
_SURNAME = f"(?:[{''.join(sorted(SINGLE))}]|{'|'.join(DOUBLE)})"
_NAME = re.compile(f"{_SURNAME}{_HAN}{{1,3}}|{_HAN}+(?:[·•.]{_HAN}+)+")
_PARTS = re.compile(r"[^\u4e00-\u9fff〇·•.]+")
_NO_NAME = re.compile(
    "(?:局|委|办|处|科|室|站|所|院|校|厂|店|司|村|镇|乡|县|市|区|补贴|津贴|补助|资金|金额|单位|时间|日期|编号|名称|合计|总计)$"
    "|^[十百千万亿]+元$|^万元"
)
"""What ends so is an office, a place or a word of forms, though it begins like a name."""
_LABEL = "姓名|户主|户名|经办人|联系人|收款人|领取人|申请人|负责人|法人|代表人|本人|监护人"
_LABELLED = re.compile(f"((?:{_LABEL})[:：]?)({_SURNAME}{_HAN}{{1,3}})")
_SYLLABLES = re.compile(r"(?:(?:[bpmfdtnlgkhjqxzcsryw]|[zcs]h)?(?:[aeiou]{1,3})(?:ng|n|r)?){1,3}", re.IGNORECASE)
"""Pinyin, roughly, as banks write names: ZHUGE LIANGMING."""
_SURNAMES = frozenset("""
    WANG LI ZHANG LIU CHEN YANG ZHAO HUANG ZHOU WU XU SUN HU ZHU GAO LIN HE GUO MA LUO LIANG SONG ZHENG XIE HAN TANG
    FENG YU DONG XIAO CHENG CAO YUAN DENG FU SHEN ZENG PENG LV SU LU JIANG CAI JIA DING WEI XUE YE YAN PAN DU DAI XIA
    ZHONG TIAN REN FAN FANG SHI YAO TAN LIAO ZOU XIONG JIN HAO KONG BAI CUI KANG MAO QIU QIN GU HOU SHAO MENG LONG WAN
    DUAN QIAN YIN YI QIAO LAI WEN ZHUGE OUYANG SIMA SHANGGUAN
""".split())  # fmt: skip  # noqa: SIM905
"""Of the names that banks write in capitals."""
_ADDRESS_FROM = 9
"""Characters from which a text that names a house or a hamlet is taken for an address: shorter ones are names of places."""


def by_shape(text: str) -> str:
    """A text of which nobody knows the kind, as it may be shown: whatever has the shape of a personal value is masked.

    What stands in a column is what somebody put there: with columns shifted, an id stands under the village and a name under the
    item. A word that could be a name keeps its first character, though some codes are such words: a name shown is worse.
    """
    seen = _as_seen(text)
    shown = _masked_by_shape(seen)
    return text if shown == seen else shown


def may_name_somebody(text: str) -> bool:
    """Whether a whole text has the shape of a person's name or of an address. So have some places and offices: 安平镇, 高新区."""
    plain = _as_seen(text).strip()
    if len(plain) >= _ADDRESS_FROM and _DWELLING.match(plain):
        return True
    return bool(_names_in(plain))


def _plain_number(text: str) -> bool:
    """Digits that are an amount, or a day with its hour."""
    plain = _DECIMAL.fullmatch(text) or _GROUPED.fullmatch(text) or _MOMENT.fullmatch(text)
    return bool(plain) and not _FLOAT.fullmatch(text)


def _names_in(text: str) -> list[str]:
    """Names that stand apart from what is beside them, with blanks inside or without: 诸葛 亮明, 张三 李四, 户主 张三."""
    parts = {*_PARTS.split(text), *_PARTS.split(re.sub(f"(?<={_HAN}) +(?={_HAN})", "", text))}
    return [part for part in parts if _NAME.fullmatch(part) and not _NO_NAME.search(part)]


def _as_seen(text: str) -> str:
    """The text as it looks: in one width, without what nobody sees, without accents; digits of any script as 0 to 9."""
    folded = unicodedata.normalize("NFKC", text)
    seen = (char for char in folded if char not in _BLANK and unicodedata.category(char) not in ("Cf", "Mn"))
    return "".join(str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char for char in seen)


def _masked_by_shape(text: str) -> str:
    plain = text.strip()
    if _NAME.fullmatch(plain):
        return _name(plain)
    if len(plain) >= _ADDRESS_FROM and _DWELLING.match(plain):
        return _address(plain)
    words = plain.split()
    if len(words) > 1 and words[0].upper() in _SURNAMES and all(_in_pinyin(word) for word in words):
        return " ".join(map(_name, words))
    shown = _EMAIL.sub(lambda found: _email(found[0]), text)
    for shape in (_FLOAT, _DIGITS, _MIXED, _PASSPORT, _SPELT):
        shown = shape.sub(lambda found: found[0] if _plain_number(found[0]) else f"{found[0][:2]}…{found[0][-1:]}", shown)
    shown = _LABELLED.sub(lambda found: found[1] + _name(found[2]), shown)
    return _names_among(_PLATE.sub(lambda found: _plate(found[0]), shown))


def _in_pinyin(word: str) -> bool:
    return (word.isupper() or word.istitle()) and bool(_SYLLABLES.fullmatch(word))


def _names_among(text: str) -> str:
    """With the names masked that stand apart from what is beside them: 诸葛亮明(户主), 张三、李四, 诸葛 亮明."""
    found = sorted(_names_in(text), key=len, reverse=True)
    for name in found:
        spaced = " *".join(map(re.escape, name))
        text = re.sub(f"(?<!{_HAN}){spaced}(?!{_HAN})", _name(name), text)
    return text


def _keep(text: str, head: int, tail: int, least_hidden: int) -> str:
    """The first `head` and last `tail` characters; all is hidden where fewer than `least_hidden` would be."""
    hidden = len(text) - head - tail
    if hidden < least_hidden:
        return STAR * len(text)
    return text[:head] + STAR * hidden + text[len(text) - tail :]


def _citizen_id(text: str) -> str:
    """Region and the last four: 410105********1234. The day of birth is what must not show."""
    return _keep(text, 6, 4, least_hidden=5)


def _phone(text: str) -> str:
    """138****1234; of a landline with area code the last four."""
    return _keep(text, 3, 4, least_hidden=4) if len(text) >= 11 else _keep(text, 0, 4, least_hidden=3)


def _account(text: str) -> str:
    """The last four, as banks print it. Stars do not tell the real length of an account number."""
    return STAR * 8 + text[-4:] if len(text) >= 12 else STAR * 8


def _name(text: str) -> str:
    """The first character: 王**. A compound surname shows half of itself, which is less, not more."""
    return text[0] + STAR * (len(text) - 1) if len(text) > 1 else STAR


def _plate(text: str) -> str:
    """豫A***12: place and the last two."""
    return _keep(text, 2, 2, least_hidden=3)


ADMINISTRATIVE = re.compile(r"^.{2,8}?(?:省|自治区|市)(?:.{1,8}?(?:市|州|盟))?(?:.{1,8}?(?:区|县|旗|市))?")


def _address(text: str) -> str:
    """Down to the county; nothing finer, and nothing of an address that does not begin like one."""
    found = ADMINISTRATIVE.match(text)
    return (found.group() if found and found.end() < len(text) else "") + STAR * 6


def _email(text: str) -> str:
    local, at, host = text.partition("@")
    return f"{local[:1] if len(local) > 2 else ''}{STAR * 4}@{host}" if at else _whole(text)


def _credit_code(text: str) -> str:
    """Kind of body and region, and the last four: 9141**********7549."""
    return _keep(text, 4, 4, least_hidden=6)


def _party_id(text: str) -> str:
    """The scheme that gave it and the last five; a sole trader's may be made from a personal number."""
    return _keep(text, 6, 5, least_hidden=3)


def _birth_date(text: str) -> str:
    """1949-**-**. With the day, a masked citizen id would be whole again: place and last four are left standing there."""
    return f"{text[:4]}-**-**" if text[:4].isdigit() else _whole(text)


def _whole(text: str) -> str:
    return STAR * 6


_BY_KIND: dict[str, Callable[[str], str]] = {
    MaskedKind.CITIZEN_ID: _citizen_id,
    MaskedKind.PHONE: _phone,
    MaskedKind.ACCOUNT: _account,
    MaskedKind.NAME: _name,
    MaskedKind.PLATE: _plate,
    MaskedKind.ADDRESS: _address,
    MaskedKind.EMAIL: _email,
    MaskedKind.CREDIT_CODE: _credit_code,
    MaskedKind.PARTY_ID: _party_id,
    MaskedKind.BANK_ACCOUNT: _account,
    MaskedKind.VEHICLE_PLATE: _plate,
    MaskedKind.BIRTH_DATE: _birth_date,
    MaskedKind.SECRET: _whole,
}
