"""The judge's judge: what one cell is worth, said slowly in Python, for comparison with the SQL."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from xiezhi.contracts.cell import BLANKS, EMPTY_SPELLINGS, FULL_WIDTH, HALF_WIDTH, ZERO_WIDTH
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.contracts.model import Field
from xiezhi.kernel.no_values import DITTO, ERRORS

Verdict = tuple[Any, str | None, str | None]
"""Value, fault, repairs."""

SCALE = {
    Unit.FEN: (0, 15),
    Unit.JIAO: (1, 14),
    Unit.YUAN: (2, 13),
    Unit.MAJOR: (2, 13),
    Unit.HUNDRED: (4, 11),
    Unit.THOUSAND: (5, 10),
    Unit.TEN_THOUSAND: (6, 9),
    Unit.MILLION: (8, 7),
    Unit.TEN_MILLION: (9, 6),
    Unit.HUNDRED_MILLION: (10, 5),
}
CODE_LIKE = re.compile(r"[!-~！-～]*[！-～][!-~！-～]*")
EARLY, LATE, DARK = ("上午", "凌晨", "早上", "早晨", "清晨", "AM"), ("下午", "PM"), ("晚上", "傍晚", "晚间")
HALF = f"(?:{'|'.join((*EARLY[:-1], LATE[0], '中午', *DARK))})"
ZONE = r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})"
CLOCK = rf"(?:(?P<zh>{HALF}) *|(?P<en>[AaPp]\.?[Mm]\.?) +)?"
CLOCK += r"(?P<h>\d{1,2})[:时](?P<m>\d{1,2})分?(?::?(?P<s>\d{1,2})(?:\.\d+)?秒?)?"
TIME = rf"{CLOCK}(?: *(?P<after>[AaPp]\.?[Mm]\.?))?"
APART = r"(?P<y>\d{4}) *(?P<by>[-./年]) *(?P<mo>\d{1,2}) *(?:月|(?!年)(?P=by)) *(?P<d>\d{1,2})"
COMPACT = r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})"
DAYS = [
    re.compile(form, re.ASCII)
    for form in (
        rf"{APART}(?: *[日号])?",
        rf"{APART} *[日号]? *(?P<whole>{HALF})",
        rf"{APART}(?: *[日号][T ]*|[T ]+| *[日号]? *(?={HALF})){TIME} *{ZONE}?",
        rf"{APART} *{ZONE}",
        COMPACT,
        rf"{COMPACT}(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)",
        rf"{COMPACT}[T ]+{TIME} *{ZONE}?",
        rf"{COMPACT} *{ZONE}",
    )
]
MONTH = re.compile(r"(?P<y>\d{4}) *[-./年] *(?P<mo>\d{1,2}) *月?份?|(?P<year>\d{4})(?P<month>\d{2})", re.ASCII)
SERIAL = re.compile(r"[1-7]\d{4}(\.\d+)?", re.ASCII)


class Fault(Exception):
    """A set-aside reason, or None where the value is simply absent."""


def judge(field: Field, raw: str | None, unit: Unit | None = None) -> Verdict:
    """Value, fault and repairs of one cell."""
    if raw is None:
        return _nothing(field)
    text, repairs = clean(field, raw)
    if text.upper() in EMPTY_SPELLINGS:
        return (None, "nul_byte", None) if "\0" in raw else _nothing(field, text.upper())
    if "\0" in raw:
        return None, "nul_byte", None
    try:
        value, further = READERS[field.kind](field, text, unit or field.unit)
        _check_bounds(field, value)
    except Fault as fault:
        return None, fault.args[0], None
    words = [] if value is None else [*repairs, *further]
    return value, None, ";".join(words) or None


def clean(field: Field, raw: str) -> tuple[str, list[str]]:
    raw_said = re.sub(r'\A="([^"]*)"\Z', r"\1", raw)
    trimmed = "".join(char for char in raw_said if char not in ZERO_WIDTH)
    trimmed = trimmed.lstrip("'" + BLANKS).rstrip(BLANKS)
    if field.kind is FieldKind.REGION:
        trimmed = "".join(char for char in trimmed if char not in BLANKS)
    narrow = trimmed.translate(str.maketrans(FULL_WIDTH, HALF_WIDTH))
    if field.kind is FieldKind.TEXT and not CODE_LIKE.fullmatch(trimmed):
        narrow = trimmed
    return narrow, ["trimmed"] * (trimmed != raw) + ["half_width"] * (narrow != trimmed)


def _nothing(field: Field, said: str = "") -> Verdict:
    meant = field.required or field.kind is not FieldKind.TEXT
    if said in ERRORS and said != "#N/A" and meant:
        return None, "error_cell", None
    if field.required:
        return None, "required_empty", None
    return None, None, "error_as_empty" if said in ERRORS else None


def _check_bounds(field: Field, value: Any) -> None:
    scale = 100 if field.kind is FieldKind.MONEY else 1
    low, high = field.logical_type_options.minimum, field.logical_type_options.maximum
    if value is not None and low is not None and value < (low * scale if scale > 1 else low):
        raise Fault("out_of_range")
    if value is not None and high is not None and value > (high * scale if scale > 1 else high):
        raise Fault("out_of_range")


_BLANK, _DASH = "[ \u3000\u00a0]{0,2}", "[ \u3000\u00a0-]{0,2}"
_BORN = r"(?:18|19|20)\d\d GAP(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])".replace(" GAP", _BLANK)
_CARD = rf"62\d{{14,17}}|(?:955[89]|4367|4563|6013)\d{{12,15}}|62\d\d(?:{_BLANK}\d{{4}}){{3}}(?:{_BLANK}\d{{1,3}})?"
_ID = rf"[1-9]\d\d{_BLANK}\d{{3}}{_BLANK}{_BORN}{_BLANK}\d{{3}}{_BLANK}[\dXx]"
_MOBILE = rf"1[3-9]\d{{9}}|1[3-9]\d{_DASH}(?!19|20)\d{{4}}{_DASH}\d{{4}}"
_MORE = rf"{_ID}|{_CARD}|[1-9]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}|{_MOBILE}"
_KEY = r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]|62\d{14,17}"
_KEY_IDENTITY, _ANY_IDENTITY = (re.compile(rf"(?a)(?<![0-9A-Za-z])(?:{shapes})(?![0-9A-Za-z])") for shapes in (_KEY, _MORE))
_MARKS, _PART = r"\s.,/_·，、()（）\-－", r"[\s.,/_·，、]{0,3}"
_LIVED = rf"(?:19[0-9]|200)[0-9]{_PART}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_PARTED = rf"[1-9][0-9]{{5}}{_PART}{_LIVED}{_PART}[0-9]{{3}}[0-9Xx]|[1-9][0-9]{{2}}(?:[,，][0-9]{{3}}){{5}}"
_CALLED = rf"1[3-9][0-9](?:[)）\- ]?[0-9]{{8}}|[{_MARKS}]{{0,2}}(?!19|20)[0-9]{{4}}[{_MARKS}]{{0,2}}[0-9]{{4}})"
_ID_LABEL, _MOBILE_LABEL = "(?i:ID|SFZH?)[:：.]?", "(?i:TEL|PHONE|MOB|MOBILE)[:：.]?"
_LETTERED = r"[1-9][0-9]{5}19[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
_BESIDE = (
    re.compile(rf"(^|[^0-9A-Za-z]|{_ID_LABEL})(?:{_PARTED})([^0-9]|$)"),
    re.compile(rf"(^|[^0-9A-Za-z]|{_MOBILE_LABEL})(?:[+＋]?86[- ]?)?(?:{_CALLED})([^0-9]|$)"),
    re.compile(rf"([A-Za-z]){_LETTERED}([^0-9]|$)"),
)
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")


def _text(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    if _misread(text):
        raise Fault("text_misread")
    if text.upper() in DITTO:
        raise Fault("ditto_mark")
    if (field.primary_key or field.name.endswith(("_no", "_id", "_code"))) and re.fullmatch(r"[0-9]+\.0+", text):
        return _identities(field, text.partition(".")[0], ["decimal_suffix"])
    return _identities(field, text, [])


def _misread(text: str) -> bool:
    """Whether three characters are, in GBK, the UTF-8 of two Chinese ones."""
    for at in range(len(text) - 2):
        three = text[at : at + 3].encode("gb18030")
        leads = [byte for byte in three if 0xE4 <= byte <= 0xE9]
        if len(three) == 6 and leads == [three[0], three[3]] and all(0x80 <= byte <= 0xBF for byte in (*three[1:3], *three[4:])):
            return True
    return False


def _of_its_row(text: str) -> str | None:
    """Whether a text says of its row that it is a total, or void."""
    bare = text.replace(" ", "")
    if re.fullmatch("(?:本[页月季年]|总)?[合小总共累]计(?:数|金额|人数|户数)?[:：]?", bare):
        return "total_row"
    void = "作废|废弃|删除|剔除|退回|样例|示例|范例|举例|例子"
    found = re.fullmatch(rf"[(（【\[]?(?:此行|本行|本条|该条|该行|已|全部)?(?:{void})[)）】\]]?", bare)
    named = re.fullmatch(".*[(（](?:退货|退回|作废|冲销|红冲)[)）]", text, re.DOTALL)
    return "void_row" if found or named else None


def _identities(field: Field, text: str, repairs: list[str]) -> tuple[Any, list[str]]:
    if (field.primary_key or field.required) and re.fullmatch(r"[1-9](\.[0-9]+)?[Ee]\+[0-9]{1,3}", text):
        raise Fault("number_cut")
    if (field.primary_key or field.required) and (said := _of_its_row(text)):
        raise Fault(said)
    narrow = text.translate(_NARROW)
    if field.primary_key and _KEY_IDENTITY.search(narrow):
        raise Fault("identity_in_text")
    if field.required and not field.primary_key and _ANY_IDENTITY.fullmatch(narrow):
        raise Fault("identity_in_text")
    if len(text) > field.max_length:
        raise Fault("text_too_long")
    kept, end = "", 0
    for found in () if field.primary_key else _ANY_IDENTITY.finditer(narrow):
        kept, end = kept + text[end : found.start()] + "[号码已隐去]", found.end()
    kept += text[end:]
    for shape in () if field.primary_key else _BESIDE:
        narrow, parts, end = kept.translate(_NARROW), "", 0
        for found in shape.finditer(narrow):
            parts, end = parts + kept[end : found.end(1)] + "[号码已隐去]", found.start(2)
        kept = parts + kept[end:]
    return kept, [*repairs, *["identity_removed"] * (kept != text)]


def _code(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    assert field.codelist
    closed = re.sub("(?<=[一-鿿])[ \u3000\t]+(?=[一-鿿])", "", text)
    padded = ["code_spacing"] * (closed != text)
    text, repairs = _whole(closed, r"[0-9]+")
    repairs += padded
    for code in field.codelist.codes:
        for said in (code.code, code.title.zh, code.title.en, *code.aliases):
            if said.translate(str.maketrans(FULL_WIDTH, HALF_WIDTH)).upper() == text.upper():
                return code.code, repairs
    raise Fault("code_unknown")


def _integer(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    said = re.fullmatch(r"([+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+))(\.0+)? *(年|年度|岁|周岁|人|个|家|户|)", text)
    if not said:
        raise Fault("number_malformed")
    value = int(said[1].replace(",", ""))
    if not -(2**31) <= value < 2**31:
        raise Fault("out_of_range")
    further = ["decimal_suffix"] * ("." in text) + ["counter_removed"] * bool(said[3])
    return value, ["amount_format"] * bool(set(text) & set(",+")) + further


def _decimal(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    behind = {Unit.PERCENT: ("%",), Unit.KILOGRAM: ("公斤", "千克", "kg")}.get(unit, ()) if unit else ()
    said = next((one for one in behind if text.lower().endswith(one)), "")
    body = text[: -len(said)].rstrip(" ") if said else text
    number = r"[+-]?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?"
    if not re.fullmatch(number, body):
        raise Fault("number_malformed")
    return float(body.replace(",", "")), ["amount_format"] * (not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text))


WRITTEN_UNITS = "((?:亿元?|千万元?|百万元?|万元?|元|圆|角|分)(?:人民币)?整?|)"


def _money(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    assert unit
    if three := re.fullmatch(r"([0-9]{1,12})[元圆]([0-9])角(?:([0-9])分)?(?:人民币)?整?", text):
        return int(three[1]) * 100 + int(three[2]) * 10 + int(three[3] or 0), ["amount_format"]
    currency = r"(?:(?:人民币|RMB|CNY)[:：]? *)?"
    sign, number, suffixes = r"(?:([+-]?)[￥¥]? *|[￥¥] *([+-]?) *)", r"([0-9][0-9,]*|(?=\.[0-9]))(?:\.([0-9]*))?", WRITTEN_UNITS
    form = re.fullmatch(f"{currency}{sign}{number} *{suffixes}", text)
    if not form:
        raise Fault("amount_malformed")
    plus, other, whole, decimals, suffix = form.groups()
    big = {"亿": Unit.HUNDRED_MILLION, "千": Unit.TEN_MILLION, "百": Unit.MILLION, "万": Unit.TEN_THOUSAND}
    said = (big | {"角": Unit.JIAO, "分": Unit.FEN, "": unit}).get(suffix[:1], Unit.YUAN)
    places, width = SCALE[said]
    grouped = "," in whole
    digits = whole.replace(",", "")
    commas = max(1, width // 3 - 1)
    proper = not grouped or (re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", whole) and whole.count(",") <= commas)
    plain = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)
    value = Decimal(f"{digits}.{decimals or '0'}") * 10**places
    rest = value - int(value)
    meant = len(f"{digits}{decimals or ''}".lstrip("0")) < 15
    noise = bool(plain) and not meant and rest != 0 and any(_is_noise((decimals or "")[kept:]) for kept in range(places + 1))
    whole = int(value.to_integral_value(ROUND_HALF_UP))
    if not proper or len(digits) > width or whole >= 10**15 or (rest and not noise):
        fraction = re.fullmatch(rf"-?[0-9]{{1,12}}\.[0-9]{{{SCALE[unit][0] + 1},}}", text)
        raise Fault("amount_fraction" if fraction else "amount_malformed")
    return (-whole if "-" in ((plus or "") + (other or "")) else whole), ["amount_format"] * (not plain) + [
        "binary_noise"
    ] * noise


def _is_noise(decimals: str) -> bool:
    nines = decimals.lstrip("9")
    if len(decimals) - len(nines) >= 6 and len(nines) <= 2:
        return True
    zeros = decimals.lstrip("0")
    return len(decimals) - len(zeros) >= 6 and 1 <= len(zeros) <= 2


def _whole(text: str, digits: str) -> tuple[str, list[str]]:
    """Without the `.0` behind such digits."""
    if not re.fullmatch(rf"(?:{digits})\.0+", text, re.ASCII):
        return text, []
    return text.partition(".")[0], ["decimal_suffix"]


def _written(text: str, required: bool, *, month: bool = False) -> tuple[date | None, dict[str, str]]:
    """The day a text is written with, and whatever else it says."""
    found = (MONTH.fullmatch(text) if month else None) or next((m for form in DAYS if (m := form.fullmatch(text))), None)
    if not found:
        if not required and text in ("长期", "至今", "永久", "长期有效"):
            return None, {}
        raise Fault("date_malformed")
    said = {name: value for name, value in found.groupdict().items() if value}
    year, number = int(said.get("y") or said["year"]), int(said.get("mo") or said["month"])
    if not required and year == 9999:
        return None, {}
    try:
        day = date(year, number, int(said.get("d", "1")))
    except ValueError:
        raise Fault("date_impossible") from None
    if not 1800 <= day.year <= 2199:
        raise Fault("date_impossible")
    return day, said


def _clock(said: dict[str, str]) -> timedelta:
    """Since midnight."""
    hour, minute, second = (int(said.get(name, "0")) for name in "hms")
    half = (said.get("zh") or said.get("en") or said.get("after") or "").replace(".", "").upper()
    if not half and (hour, minute, second) == (24, 0, 0):
        return timedelta(days=1)
    hours: dict[int, int]
    if not half:
        hours = {at: at for at in range(24)}
    elif half in EARLY:
        hours = {at: at % 12 for at in range(13)}
    elif half in LATE:
        hours = {at: at if at > 11 else at + 12 for at in range(1, 24)}
    elif half in DARK:
        hours = {at: at + 12 for at in range(5, 12)} | {at: at for at in range(17, 24)}
    else:
        hours = {11: 11, 12: 12, 13: 13, 1: 13, 2: 14}
    if hour not in hours or minute > 59 or second > (60 if minute == 59 else 59):
        raise Fault("date_impossible")
    return timedelta(hours=hours[hour], minutes=minute, seconds=second)


def _day(text: str, required: bool, *, month: bool = False) -> date | None:
    """The day a text names: of a moment with a zone, the day in China."""
    if (re.fullmatch(r"[3-6]\d{4}(\.\d+)?", text, re.ASCII) if month else SERIAL.fullmatch(text)) is not None:
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    if month and re.fullmatch(r"(1[89]|2[01])\d\d\.1\(数值\)", text, re.ASCII):
        raise Fault("month_ambiguous")
    day, said = _written(text, required, month=month)
    if day is None or "h" not in said:
        return day
    since = _clock(said)
    if "zone" not in said:
        return day
    return (datetime(day.year, day.month, day.day) + since - timedelta(minutes=_minutes_east(said["zone"]) - 480)).date()


def _form(text: str, value: Any, iso: str) -> list[str]:
    if value is None:
        return []
    return ["date_serial"] if SERIAL.fullmatch(text) else ["date_format"] * (not re.fullmatch(iso, text, re.ASCII))


def _date(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    said, repairs = _whole(text, "[0-9]{8}")
    value = _day(said, field.required)
    return value, [*repairs * (value is not None), *_form(text, value, r"\d{4}-\d{2}-\d{2}")]


def _month(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    said, repairs = _whole(text, "[0-9]{6}|[0-9]{8}")
    value = _day(said, field.required, month=True)
    return value and value.replace(day=1), [*repairs * (value is not None), *_form(said, value, r"\d{4}-?\d{2}")]


def _timestamp(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    if SERIAL.fullmatch(text):
        moment = datetime(1899, 12, 30) + timedelta(seconds=round(float(text) * 86400))
        return moment - timedelta(minutes=480), ["date_serial"]
    whole, repairs = _whole(text, "[0-9]{8}|[0-9]{14}")
    day, said = _written(whole, field.required)
    if day is None:
        return None, []
    if "whole" in said:
        raise Fault("date_impossible")
    moment = datetime(day.year, day.month, day.day) + _clock(said) - timedelta(minutes=_minutes_east(said.get("zone")))
    iso = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|z|[+-]\d{2}:?\d{2})?"
    return moment, [*repairs, *_form(text, moment, iso)]


def _minutes_east(zone: str | None) -> int:
    if not zone:
        return 480
    if zone in "Zz":
        return 0
    if int(zone[1:3]) > 14 or int(zone[-2:]) > 59:
        raise Fault("date_impossible")
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return -minutes if zone[0] == "-" else minutes


def _boolean(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    text, repairs = _whole(text, "[01]")
    if text.upper() in ("是", "有", "对", "真", "√", "✓", "✔", "☑", "TRUE", "T", "YES", "Y", "1"):
        return True, repairs
    if text.upper() in ("否", "不是", "没有", "错", "假", "×", "✗", "✘", "☒", "FALSE", "F", "NO", "N", "0"):
        return False, repairs
    for asked in (said[2:] for said in field.spellings if said[:2] == "是否" and said[2:]):
        if text.endswith(asked) and text[: -len(asked)] in ("", "未", "没", "没有", "不", "非", "无"):
            return text == asked, repairs
    raise Fault("boolean_malformed")


def _region(field: Field, text: str, unit: Unit | None) -> tuple[Any, list[str]]:
    form = re.fullmatch(r"([1-9][0-9]*)(\.0+)?", text)
    if not form or len(form[1]) not in (6, 9, 12):
        raise Fault("region_malformed")
    return int(form[1].ljust(12, "0")), ["decimal_suffix"] * bool(form[2])


READERS = {
    FieldKind.TEXT: _text,
    FieldKind.CODE: _code,
    FieldKind.INTEGER: _integer,
    FieldKind.DECIMAL: _decimal,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.MONTH: _month,
    FieldKind.TIMESTAMP: _timestamp,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.REGION: _region,
}
